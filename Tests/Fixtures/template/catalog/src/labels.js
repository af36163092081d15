(globalThis.__order ??= []).push('{{catalog}}:labels');

export const labels = { en: 'Add {{edition}}', de: 'Dazu {{edition}}', fr: 'Ajouter {{edition}}' };
export const labelOf = (language, name) => `${labels[language] ?? labels.en}: ${name}`;
