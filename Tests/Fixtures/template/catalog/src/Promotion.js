import React from 'react';
import { goods } from './goods';

(globalThis.__order ??= []).push('{{catalog}}:Promotion');
(globalThis.__reacts ??= new Set()).add(React);

export default function Promotion({ language }) {
  return React.createElement('aside', { lang: language }, `{{catalog}}: ${goods[0].name}`);
}
