(globalThis.__order ??= []).push('{{shell}}:locales/de');

export default { title: 'Willkommen in {{town}}', farewell: 'Bis bald an der Theke' };
