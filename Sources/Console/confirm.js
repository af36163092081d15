// A question before something changes, and what came of it.
import { el } from './elements.js';
import { refusal } from './labels.js';

/**
 * Asks whether `act` is to be done, does it, and says so if it fails: the dialog stays open then.
 * @param {{title: string, body: Node[], action: string, act: () => Promise<unknown>}} question
 * @returns {Promise<unknown>} what `act` gave; undefined if it was not to be
 */
export function confirm({ title, body, action, act }) {
  return new Promise((resolve) => {
    let result;
    const trouble = el('div', {});
    const cancel = el('button', { type: 'button', onclick: () => dialog.close() }, 'Cancel');
    const agree = el('button', { type: 'button', class: 'primary', onclick: async () => {
      agree.disabled = true;
      trouble.replaceChildren();
      try {
        result = await act();
        dialog.close();
      } catch (error) {
        trouble.replaceChildren(refusal(error));
        agree.disabled = false;
        agree.focus();
      }
    } }, action);
    const dialog = el('dialog', { class: 'question', 'aria-labelledby': 'question-title',
      onclose: () => {
        dialog.remove();
        resolve(result);
      } }, el('h2', { id: 'question-title' }, title), ...body, trouble,
    el('div', { class: 'buttons' }, cancel, agree));
    document.body.append(dialog);
    dialog.showModal();
    cancel.focus();
  });
}

/** Says something in passing, to everybody. */
export function notice(...content) {
  const line = el('p', { class: 'notice' }, ...content);
  const place = document.getElementById('notices');
  place.append(line);
  while (place.children.length > 3) place.firstChild.remove();
  setTimeout(() => line.remove(), 8000);
}
