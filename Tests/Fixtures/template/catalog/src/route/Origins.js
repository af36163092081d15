import React from 'react';

(globalThis.__order ??= []).push('{{catalog}}:route/Origins');
(globalThis.__reacts ??= new Set()).add(React);

export default function Origins() {
  return React.createElement('em', null, '{{origin}}');
}
