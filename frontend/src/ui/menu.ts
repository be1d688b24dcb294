// A menu beside a button: opened by click or key, walked with the arrows, closed by Escape or a click elsewhere.
import { element, icon } from '../core/dom';

export interface MenuItem {
  text: string;
  symbol: string;
  danger?: boolean;
  /** It is one of several, or can be on or off: whether it is chosen. */
  checked?: boolean;
  /** Answers other items to show in the place of these. */
  choose(): MenuItem[] | undefined;
}

let open: { menu: HTMLElement; button: HTMLElement } | undefined;

export function closeMenu(focus = false): void {
  if (open) {
    open.menu.remove();
    open.button.setAttribute('aria-expanded', 'false');
    if (focus) {
      open.button.focus();
    }
    open = undefined;
  }
}

export function openMenu(button: HTMLElement, items: MenuItem[]): void {
  const again = open?.button === button;
  closeMenu();
  if (again) {
    return;
  }
  const menu = element('div', 'pop-menu');
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', button.getAttribute('aria-label') ?? '');
  open = { menu, button };
  button.setAttribute('aria-expanded', 'true');
  fill(menu, items);
  // In full screen nothing else is seen; elsewhere it belongs to the part of the page that its button is in.
  (document.fullscreenElement ?? button.closest('main') ?? document.body).append(menu);
  place(menu, button);
  menu.addEventListener('keydown', (event) => key(event, menu));
  first(menu)?.focus();
}

function fill(menu: HTMLElement, items: MenuItem[]): void {
  menu.replaceChildren(
    ...items.map((item) => {
      const entry = element('button', item.danger ? 'pop-item pop-danger' : 'pop-item', icon(item.symbol), item.text);
      entry.type = 'button';
      entry.setAttribute('role', item.checked === undefined ? 'menuitem' : 'menuitemcheckbox');
      if (item.checked !== undefined) {
        entry.setAttribute('aria-checked', String(item.checked));
      }
      entry.addEventListener('click', () => {
        // Before what is chosen is done: that may open a dialog, which gives the focus back to where it was, or put it elsewhere itself.
        open?.button.focus();
        const more = item.choose();
        if (more) {
          fill(menu, more);
          if (open) {
            place(menu, open.button);
          }
          first(menu)?.focus();
        } else {
          closeMenu();
        }
      });
      return entry;
    }),
  );
}

const first = (menu: HTMLElement) => menu.querySelector<HTMLElement>('button');

/** Beside the button, and always within the window. */
function place(menu: HTMLElement, button: HTMLElement): void {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const below = at.bottom + 4 + height <= window.innerHeight;
  menu.style.left = `${Math.max(8, Math.min(at.right - width, window.innerWidth - width - 8))}px`;
  menu.style.top = `${Math.max(8, below ? at.bottom + 4 : at.top - height - 4)}px`;
}

function key(event: KeyboardEvent, menu: HTMLElement): void {
  const entries = [...menu.querySelectorAll<HTMLElement>('button')];
  const at = entries.indexOf(document.activeElement as HTMLElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length, Home: 0, End: entries.length - 1 }[event.key];
  if (event.key === 'Escape' || event.key === 'Tab') {
    event.preventDefault();
    closeMenu(true);
  } else if (to !== undefined) {
    event.preventDefault();
    entries[to % entries.length]?.focus();
  }
}

document.addEventListener('pointerdown', (event) => {
  if (open && !open.menu.contains(event.target as Node) && !open.button.contains(event.target as Node)) {
    closeMenu();
  }
});
window.addEventListener('resize', () => closeMenu());
