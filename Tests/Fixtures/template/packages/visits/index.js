'use strict';

// A singleton with something to see: how often it was executed, and who came by.
(globalThis.__order ??= []).push('{{owner}}:{{visits}}@{{version}}');
globalThis.__visitLogs = (globalThis.__visitLogs ?? 0) + 1;

const places = [];

exports.version = '{{version}}';
exports.record = (place) => places.push(place);
exports.summary = () => `${places.join('+')} in ${globalThis.__visitLogs} log`;
