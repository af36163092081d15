import React from 'react';

(globalThis.__order ??= []).push('{{shell}}:Frame');
(globalThis.__reacts ??= new Set()).add(React);

const Language = React.createContext('none');

function Title({ title }) {
  return React.createElement('h1', { lang: React.useContext(Language) }, title);
}

export default function Frame({ title, language, children }) {
  const id = React.useId();
  return React.createElement(Language.Provider, { value: language },
    React.createElement('main', { 'data-frame': '{{shell}} {{shellVersion}}', id },
      React.createElement(Title, { title }), children));
}
