import React from 'react';
import { labelOf } from '{{catalog}}/{{Labels}}';

(globalThis.__order ??= []).push('{{cart}}:AddButton');
(globalThis.__reacts ??= new Set()).add(React);

export default function AddButton({ name, language }) {
  const id = React.useId();
  return React.createElement('button', { id }, labelOf(language, name));
}
