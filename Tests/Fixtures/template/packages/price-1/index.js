'use strict';

(globalThis.__order ??= []).push('{{owner}}:{{price}}@{{version}}');

exports.version = '{{version}}';
exports.format = (cents) => `EUR ${(cents / 100).toFixed(2)}`;
