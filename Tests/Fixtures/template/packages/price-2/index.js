'use strict';

(globalThis.__order ??= []).push('{{owner}}:{{price}}@{{version}}');

exports.version = '{{version}}';
exports.format = (cents) => `${(cents / 100).toFixed(2).replace('.', ',')} €`;
exports.perKilogram = (cents) => `${exports.format(cents)}/kg`;
