// <details class="menu">: opens by itself, without a script. Closes with Escape, which gives the focus back, and when somebody goes elsewhere.
const OPEN = 'details.menu[open]';

document.addEventListener('keydown', (event) => {
  const menu = document.querySelector<HTMLDetailsElement>(OPEN);
  if (event.key === 'Escape' && menu) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
});

function closeOthers(event: Event): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN)) {
    if (!(event.target instanceof Node && menu.contains(event.target))) {
      menu.open = false;
    }
  }
}

document.addEventListener('pointerdown', closeOthers);
document.addEventListener('focusin', closeOthers);
