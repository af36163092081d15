import React from 'react';
import { format, version } from '{{price}}';

(globalThis.__order ??= []).push('{{shell}}:Prices');
(globalThis.__reacts ??= new Set()).add(React);

export default function Prices() {
  return React.createElement('p', null, `${format({{delivery}})} by {{price}} ${version}`);
}
