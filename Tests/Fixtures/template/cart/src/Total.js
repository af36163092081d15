import React from 'react';
import { format, version } from '{{price}}';

(globalThis.__order ??= []).push('{{cart}}:Total');
(globalThis.__reacts ??= new Set()).add(React);

export default function Total({ cents }) {
  const total = React.useMemo(() => format(cents), [cents]);
  return React.createElement('strong', { 'data-price-format': version }, total);
}
