import React from 'react';

(globalThis.__order ??= []).push('{{cart}}:Promotion');
(globalThis.__reacts ??= new Set()).add(React);

export default function Promotion({ language }) {
  return React.createElement('aside', { lang: language }, '{{cart}}: {{gift}}');
}
