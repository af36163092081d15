(globalThis.__order ??= []).push('{{catalog}}:locales/fr');

export default { title: 'En rayon, {{edition}} edition' };
