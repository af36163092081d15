import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { record, summary } from '{{visits}}';
import Frame from '{{shell}}/{{Frame}}';
import Shelf from './Shelf';

(globalThis.__order ??= []).push('{{catalog}}:render');
(globalThis.__reacts ??= new Set()).add(React);

export default async function render(language) {
  const { default: texts } =
    await import(/* webpackChunkName: "[request]" */ `./locales/${language}.js`);
  record('{{catalog}}');
  return renderToStaticMarkup(
    React.createElement(Frame, { title: texts.title, language },
      React.createElement(Shelf, { language }),
      React.createElement('footer', null, summary())));
}
