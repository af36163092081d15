import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { record, summary } from '{{visits}}';
import Frame from '{{shell}}/{{Frame}}';
import Product from '{{catalog}}/{{Product}}';
import Total from './Total';

(globalThis.__order ??= []).push('{{cart}}:render');
(globalThis.__reacts ??= new Set()).add(React);

export default async function render(language) {
  record('{{cart}}');
  return renderToStaticMarkup(
    React.createElement(Frame, { title: '{{basket}}', language },
      React.createElement(Product, { item: { name: '{{gift}}', cents: {{delivery}} }, language }),
      React.createElement(Total, { cents: {{delivery}} }),
      React.createElement('footer', null, summary())));
}
