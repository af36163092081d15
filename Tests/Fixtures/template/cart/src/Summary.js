import React from 'react';
import { caption } from '{{catalog}}/{{Shelf}}';
import Total from './Total';

(globalThis.__order ??= []).push('{{cart}}:Summary');
(globalThis.__reacts ??= new Set()).add(React);

export default function Summary({ goods }) {
  const cents = goods.reduce((sum, item) => sum + item.cents, 0);
  return React.createElement('p', null, `${caption}: `, React.createElement(Total, { cents }));
}
