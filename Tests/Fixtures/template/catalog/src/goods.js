(globalThis.__order ??= []).push('{{catalog}}:goods');

export const goods = {{goods}};
