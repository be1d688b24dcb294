// <live-rail>: channels at the side of the page, kept as they are now. Numbers change, who leaves the air goes dark or goes; who comes is
// there with the next page, so that one who goes live makes no thousand pages be asked for.
import { lang, setText } from '../core/dom';
import { count } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import type { DirectoryEvent } from '../wire/live';
import { pageSocket } from '../wire/page-socket';

class LiveRail extends Island {
  protected enter(life: Lifetime): void {
    life.atEnd(pageSocket().follow('home', (event) => event.type === 'directory' && this.hear(event)));
  }

  private hear(now: DirectoryEvent): void {
    // Of very many live channels the message names the most watched alone.
    const complete = now.live <= Object.keys(now.viewers).length;
    // Of what is not for everybody it says nothing.
    for (const row of this.querySelectorAll<HTMLElement>('.rail-row:not([data-limited])')) {
      const viewers = now.viewers[row.dataset.channel ?? ''];
      if (viewers !== undefined) {
        setText(row, '[data-fact="viewers"]', count(viewers, lang()));
        row.classList.add('rail-on-air');
      } else if (complete && row.hasAttribute('data-stays')) {
        row.classList.remove('rail-on-air');
      } else if (complete) {
        row.remove();
      }
    }
  }
}

customElements.define('live-rail', LiveRail);
