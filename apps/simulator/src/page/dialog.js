/** The parts that all dialogs share. */
import { el, icon } from './dom.js';

/** Shows a modal dialog; closes it on Escape and on a click outside it unless `locked()`. */
export function openDialog(label, content, { sheet = false, locked = () => false, onClose } = {}) {
  const dialog = el('dialog', { class: sheet ? 'sheet' : 'box', 'aria-label': label });
  dialog.append(el('div', { class: 'dialog-body' }, content));
  dialog.addEventListener('cancel', (event) => locked() && event.preventDefault());
  dialog.addEventListener('click', (event) => event.target === dialog && !locked() && dialog.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    onClose?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

const closeButton = (getDialog) =>
  el(
    'button',
    { class: 'round', type: 'button', 'aria-label': 'Close', onclick: () => getDialog().close() },
    icon('cross'),
  );

/** The title of a dialog with its close button. */
export function heading(title, getDialog) {
  return el('header', { class: 'dialog-head' }, el('h2', {}, title), closeButton(getDialog));
}

/** A form in a dialog. `submit` gets the values; errors it throws are shown in the form. */
export function formDialog(title, fields, buttonText, submit, after) {
  let dialog;
  const error = el('p', { class: 'error', role: 'alert' });
  const button = el('button', { class: 'primary', type: 'submit' }, buttonText);
  const onsubmit = async (event) => {
    event.preventDefault();
    button.disabled = true;
    error.textContent = '';
    try {
      const result = await submit(Object.fromEntries(new FormData(event.target)));
      dialog.close();
      after?.(result);
    } catch (problem) {
      error.textContent = problem.message;
    } finally {
      button.disabled = false;
    }
  };
  dialog = openDialog(title, [
    heading(title, () => dialog),
    el('form', { class: 'form', onsubmit }, ...fields, error, button),
  ]);
  return dialog;
}

export const field = (label, attributes, hint) =>
  el(
    'label',
    { class: 'field' },
    el('span', {}, label),
    el('input', { autocomplete: 'off', ...attributes }),
    hint && el('small', {}, hint),
  );
