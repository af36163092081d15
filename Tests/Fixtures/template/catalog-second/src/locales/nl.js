(globalThis.__order ??= []).push('{{catalog}}:locales/nl');

export default { title: 'Op de plank, {{edition}} edition' };
