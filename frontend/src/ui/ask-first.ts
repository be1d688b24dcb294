// A button that opens <dialog popover>: without a script a popover, with it a dialog that keeps the focus until it is answered.
document.addEventListener('click', (event) => {
  const button = (event.target as Element).closest<HTMLElement>('button[popovertarget]');
  const dialog = button && document.getElementById(button.getAttribute('popovertarget') ?? '');
  if (!(dialog instanceof HTMLDialogElement)) {
    return;
  }
  event.preventDefault();
  if (dialog.contains(button)) {
    dialog.close();
  } else {
    dialog.removeAttribute('popover');
    dialog.showModal();
  }
});
