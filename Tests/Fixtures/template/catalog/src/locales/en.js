(globalThis.__order ??= []).push('{{catalog}}:locales/en');

export default { title: 'On the shelf, {{edition}} edition' };
