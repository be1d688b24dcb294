// A dialog that is made when it is needed and gone when it is closed. The browser keeps the focus in it and gives it back; where what had
// it is folded away by then, the focus goes to what unfolds it.
import { element } from '../core/dom';

export function openDialog(title: string, close: string, ...content: (Node | string)[]): HTMLDialogElement {
  const heading = element('h2', '', title);
  heading.id = 'dialog-title';
  const end = element('button', 'button button-plain', close);
  end.type = 'button';
  const dialog = element('dialog', 'dialog stack', heading, ...content, element('div', 'row dialog-end', end));
  dialog.setAttribute('aria-labelledby', heading.id);
  end.addEventListener('click', () => dialog.close());
  const from = document.activeElement;
  dialog.addEventListener('close', () => {
    dialog.remove();
    from?.closest('details:not([open])')?.querySelector('summary')?.focus();
  });
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** A labelled field of a dialog's form. */
export function field<K extends 'input' | 'textarea' | 'select'>(
  tag: K,
  name: string,
  text: string,
): { row: HTMLElement; input: HTMLElementTagNameMap[K] } {
  const input = document.createElement(tag);
  input.id = `dialog-${name}`;
  (input as HTMLInputElement).name = name;
  const label = element('label', '', text);
  label.htmlFor = input.id;
  return { row: element('div', 'field', label, input), input };
}
