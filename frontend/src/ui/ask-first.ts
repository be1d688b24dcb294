// What cannot be taken back asks once: a button that opens <dialog popover>. Without a script that is a popover, and its form posts as
// any other; with it a dialog that keeps the focus until it is answered. A form that is not filled in says so first, and Enter in one
// of its fields asks as well.

/** Fired at the dialog before it opens, for a page that words its question by what is chosen. */
export const ASKING = 'asking';

function open(dialog: HTMLDialogElement): void {
  dialog.dispatchEvent(new CustomEvent(ASKING, { bubbles: true }));
  dialog.removeAttribute('popover');
  dialog.showModal();
}

document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>('button[popovertarget]');
  const dialog = document.getElementById(button?.getAttribute('popovertarget') ?? '');
  if (!button || !(dialog instanceof HTMLDialogElement)) {
    return;
  }
  event.preventDefault();
  if (dialog.contains(button)) {
    dialog.close();
  } else if (button.form?.reportValidity() ?? true) {
    open(dialog);
  }
});

/** Without a script Enter sends no such form, since its first button is none; with one it asks. */
document.addEventListener(
  'keydown',
  (event) => {
    if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.target.form?.querySelector('button.enter-nothing')?.remove();
    }
  },
  { capture: true },
);

/** The first button that sends a form is the one in its question: Enter would press it unseen. */
document.addEventListener(
  'submit',
  (event) => {
    const dialog = event.submitter?.closest('dialog');
    if (dialog?.id && !dialog.open && !dialog.matches(':popover-open')) {
      event.preventDefault();
      event.stopPropagation();
      open(dialog);
    }
  },
  { capture: true },
);
