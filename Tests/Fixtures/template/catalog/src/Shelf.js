import React from 'react';
import Summary from '{{cart}}/{{Summary}}';
import Product from './Product';
import { goods } from './goods';

(globalThis.__order ??= []).push('{{catalog}}:Shelf');
(globalThis.__reacts ??= new Set()).add(React);

// The summary, of another application, imports this module in turn and reads this when it renders.
export const caption = '{{caption}} ({{edition}} edition)';

export default function Shelf({ language }) {
  return React.createElement('section', { className: 'shelf' },
    goods.map((item) => React.createElement(Product, { key: item.name, item, language })),
    React.createElement(Summary, { goods }));
}
