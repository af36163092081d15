// Elements without a template language: text stays text, whatever is in it.

const space = 'http://www.w3.org/2000/svg';

/**
 * An element. Properties that begin with `on` are listeners, `class` and what has a hyphen are
 * attributes, null and false are left out; children are nodes or text.
 */
export function el(name, properties = {}, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same for drawings, whose properties are all attributes. */
export function svg(name, properties = {}, ...children) {
  return fill(document.createElementNS(space, name), properties, children);
}

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name in element && !name.includes('-') && element.namespaceURI !== space) {
      element[name] = value;
    } else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null
    && child !== undefined && child !== false));
  return element;
}

/** What keyboards and screen readers stand on stays where it is when the content is made anew. */
export function replaceKeepingFocus(root, ...children) {
  const key = root.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  root.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (key) root.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

/** A heading of a view, which takes the focus when the view opens. */
export function heading(text, ...beside) {
  return el('div', { class: 'heading' }, el('h1', { tabIndex: -1 }, text), ...beside);
}

/** A table of columns `{title, class}` and rows of cells; the first cell heads its row. */
export function table(label, columns, rows, { empty } = {}) {
  return el('div', { class: 'scroll', tabIndex: 0, role: 'region', 'aria-label': label },
    el('table', {},
      el('thead', {}, el('tr', {}, columns.map(({ title, class: kind }) => (
        el('th', { scope: 'col', class: kind }, title))))),
      el('tbody', {}, rows.length || !empty ? rows.map((cells) => el('tr', {},
        cells.map((cell, place) => el(place ? 'td' : 'th',
          { class: columns[place].class, scope: place ? null : 'row' }, cell))))
        : el('tr', {}, el('td', { colSpan: columns.length, class: 'empty' }, empty)))));
}
