// A page that comes back with an error shows it: the field is brought into view and has the focus; else the note that says what went wrong.
const field = document.querySelector<HTMLElement>('main [aria-invalid="true"]');
const note = document.querySelector<HTMLElement>('main .note-bad[role="alert"]:not([hidden])');

if (field) {
  field.focus({ preventScroll: true });
  field.scrollIntoView({ block: 'center' });
} else if (note && !document.querySelector('main [autofocus]')) {
  note.tabIndex = -1;
  note.focus({ preventScroll: true });
  note.scrollIntoView({ block: 'center' });
}
