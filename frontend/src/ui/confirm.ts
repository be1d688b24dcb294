// <details data-confirm> in a form: what cannot be taken back asks once, and names whom it hits. Without a script it unfolds: a sentence
// and the button that does it. With one, the same sentence and button stand in a dialog; a form that is not filled in says so first.
import { element } from '../core/dom';
import { openDialog } from './dialog';

/** Fired at the <details> before it asks, for a page that words its question by what is chosen. */
export const ASKING = 'confirm:asking';

function ask(details: HTMLElement, summary: HTMLElement): void {
  const go = details.querySelector<HTMLButtonElement>('button');
  const form = go?.form;
  if (!go || go.disabled || !form?.reportValidity()) {
    return;
  }
  details.dispatchEvent(new CustomEvent(ASKING, { bubbles: true }));
  const words = [...details.children]
    .filter((child) => child !== summary && !child.contains(go))
    .map((child) => {
      const copy = child.cloneNode(true) as HTMLElement;
      copy.removeAttribute('id');
      return copy;
    });
  const sure = element('button', go.className, go.textContent?.trim() ?? '');
  sure.type = 'button';
  const dialog = openDialog(
    details.dataset.confirm || (summary.textContent?.trim().replace(/…$/, '') ?? ''),
    document.documentElement.dataset.cancel ?? 'Cancel',
    ...words,
  );
  dialog.querySelector('.dialog-end')?.append(sure);
  sure.addEventListener('click', () => {
    dialog.close();
    form.requestSubmit(go);
  });
}

document.addEventListener('click', (event) => {
  const at = event.target;
  const summary = at instanceof Element ? at.closest<HTMLElement>('details[data-confirm] > summary') : null;
  if (summary?.parentElement) {
    event.preventDefault();
    ask(summary.parentElement, summary);
  }
});
