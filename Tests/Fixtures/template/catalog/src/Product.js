import React from 'react';
import { format, perKilogram, version } from '{{price}}';
import AddButton from '{{cart}}/{{AddButton}}';

(globalThis.__order ??= []).push('{{catalog}}:Product');
(globalThis.__reacts ??= new Set()).add(React);

export default function Product({ item, language }) {
  const [name] = React.useState(() => item.name);
  return React.createElement('article', { 'data-price-format': version },
    React.createElement('b', null, name),
    React.createElement('i', null, format(item.cents)),
    React.createElement('small', null, perKilogram(item.cents * 4)),
    React.createElement(AddButton, { name, language }));
}
