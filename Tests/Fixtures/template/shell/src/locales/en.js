(globalThis.__order ??= []).push('{{shell}}:locales/en');

export default { title: 'Welcome to {{town}}', farewell: 'See you at the counter' };
