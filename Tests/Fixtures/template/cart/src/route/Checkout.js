import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Total from '../Total';
import style from './checkout.css';
import picture from './purse.svg';

(globalThis.__order ??= []).push('{{cart}}:route/Checkout');
(globalThis.__reacts ??= new Set()).add(React);

export default function page(language) {
  return renderToStaticMarkup(
    React.createElement('section', { lang: language, className: 'checkout' },
      React.createElement('link', { rel: 'stylesheet', href: style }),
      React.createElement('img', { src: picture, alt: '' }),
      React.createElement(Total, { cents: {{delivery}} }),
      '{{checkout}}'));
}
