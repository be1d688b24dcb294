// <theme-switch> around a button: light, dark, or what the system says. Remembered in a cookie, which the server reads.
import { keepCookie } from '../core/cookies';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

const ORDER = ['auto', 'light', 'dark'] as const;

class ThemeSwitch extends Island {
  protected enter(life: Lifetime): void {
    this.hidden = false;
    life.listen(this.querySelector('button'), 'click', () => {
      const root = document.documentElement;
      const now = ORDER.indexOf((root.dataset.theme ?? 'auto') as (typeof ORDER)[number]);
      const next = ORDER[(now + 1) % ORDER.length] ?? 'auto';
      root.dataset.theme = next;
      keepCookie('theme', next);
      this.show();
    });
    this.show();
  }

  private show(): void {
    const theme = document.documentElement.dataset.theme ?? 'auto';
    const label = this.dataset[theme] ?? theme;
    const text = this.querySelector('span');
    if (text) {
      text.textContent = label;
    }
  }
}

customElements.define('theme-switch', ThemeSwitch);
