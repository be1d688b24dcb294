// The channel's page on a phone: what is folded, which tab is shown, and how much the keyboard leaves. The styles do the rest.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

/** <unfold-button>: shows and hides what does not fit into one row. */
class UnfoldButton extends Island {
  protected enter(life: Lifetime): void {
    const button = this.querySelector('button');
    life.listen(button, 'click', () => {
      const unfolded = this.closest('.channel-head')?.toggleAttribute('data-unfolded') ?? false;
      button?.setAttribute('aria-expanded', String(unfolded));
    });
  }
}

/** <watch-tabs>: the chat, or what the channel says of itself. */
class WatchTabs extends Island {
  protected enter(life: Lifetime): void {
    const watch = this.closest<HTMLElement>('.watch');
    const tabs = [...this.querySelectorAll<HTMLElement>('[data-tab]')];
    for (const tab of tabs) {
      life.listen(tab, 'click', () => {
        if (watch) {
          watch.dataset.tab = tab.dataset.tab;
        }
        for (const other of tabs) {
          other.setAttribute('aria-pressed', String(other === tab));
        }
      });
    }
    // What scrolls by itself is reached by the tab key, where nothing in it is.
    const below = watch?.querySelector<HTMLElement>('.watch-below');
    if (below) {
      const resized = new ResizeObserver(() => {
        below.tabIndex = below.scrollHeight > below.clientHeight ? 0 : -1;
      });
      resized.observe(below);
      life.atEnd(() => resized.disconnect());
    }
    // Where the keyboard lies over the page in place of making it smaller.
    const seen = window.visualViewport;
    if (seen && watch) {
      const fit = () => {
        const covered = Math.max(0, window.innerHeight - seen.height - seen.offsetTop);
        watch.style.setProperty('--keyboard', `${Math.round(covered)}px`);
      };
      life.listen(seen, 'resize', fit);
      life.listen(seen, 'scroll', fit);
    }
  }
}

customElements.define('unfold-button', UnfoldButton);
customElements.define('watch-tabs', WatchTabs);
