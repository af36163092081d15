import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { perKilogram } from '{{price}}';
import { goods } from '../goods';
import style from './details.css';
import picture from './details.png';

(globalThis.__order ??= []).push('{{catalog}}:route/Details');
(globalThis.__reacts ??= new Set()).add(React);

export default async function page(language) {
  return renderToStaticMarkup(
    React.createElement('section', { lang: language, className: 'details' },
      React.createElement('link', { rel: 'stylesheet', href: style }),
      React.createElement('img', { src: picture, alt: '' }),
      '{{details}} ({{edition}} edition)',
      goods.map((item) => React.createElement('q', { key: item.name }, perKilogram(item.cents)))));
}
