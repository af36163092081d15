(globalThis.__order ??= []).push('{{shell}}:locales/fr');

export default { title: 'Bienvenue à {{town}}', farewell: 'À bientôt au comptoir' };
