import React from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import style from './hours.css';
import picture from './clock.svg';

(globalThis.__order ??= []).push('{{shell}}:route/Hours');
(globalThis.__reacts ??= new Set()).add(React);

export default function page(language) {
  return renderToStaticMarkup(
    React.createElement('section', { lang: language, className: 'hours' },
      React.createElement('link', { rel: 'stylesheet', href: style }),
      React.createElement('img', { src: picture, alt: '' }),
      '{{hours}}'));
}
