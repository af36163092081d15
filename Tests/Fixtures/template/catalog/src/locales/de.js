(globalThis.__order ??= []).push('{{catalog}}:locales/de');

export default { title: 'Im Regal, {{edition}} edition' };
