import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { record, summary } from '{{visits}}';
import Shelf from '{{catalog}}/{{Shelf}}';
import Frame from './Frame';
import Prices from './Prices';

(globalThis.__order ??= []).push('{{shell}}:render');
(globalThis.__reacts ??= new Set()).add(React);

/** The part that is chosen while it runs: which application advertises. */
const promotionOf = (name) =>
  name === '{{cart}}' ? import('{{cart}}/{{Promotion}}') : import('{{catalog}}/{{Promotion}}');

export default async function render(language, promotion) {
  const [{ default: texts }, { default: Promotion }] = [
    await import(/* webpackChunkName: "[request]" */ `./locales/${language}.js`),
    await promotionOf(promotion),
  ];
  record('{{shell}}');
  return renderToStaticMarkup(
    React.createElement(Frame, { title: texts.title, language },
      React.createElement(Shelf, { language }),
      React.createElement(Promotion, { language }),
      React.createElement(Prices),
      React.createElement('footer', null, `${texts.farewell} (${summary()})`)),
  );
}
