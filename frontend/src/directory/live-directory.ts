// <live-directory>: keeps a list of live channels as the server would render it now. Numbers change in place; when somebody comes or
// goes, the page is asked for again and its list put in place of this one.

import { duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { setCounted } from '../core/plural';
import type { DirectoryEvent } from '../wire/live';
import { pageSocket } from '../wire/page-socket';

/** Not all pages at once. */
const SPREAD_MILLIS = 2_000;
const REFRESH_MILLIS = 60_000;

class LiveDirectory extends Island {
  private known: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow('home', (event) => {
        if (event.type === 'directory') {
          this.hear(event);
        }
      }),
    );
    life.every(1_000, () => this.tick());
    // New pictures.
    life.every(REFRESH_MILLIS, () => document.visibilityState === 'visible' && void this.reload());
    life.atEnd(() => {
      clearTimeout(this.timer);
      this.timer = undefined;
    });
  }

  /** Clocks of who is on air. */
  private tick(): void {
    for (const clock of this.querySelectorAll<HTMLElement>('[data-since]')) {
      clock.textContent = duration(Date.now() - Date.parse(clock.dataset.since ?? ''));
    }
  }

  private hear(now: DirectoryEvent): void {
    for (const [channel, viewers] of Object.entries(now.viewers)) {
      for (const card of this.querySelectorAll(`[data-card="${CSS.escape(channel)}"]`)) {
        setCounted(card, 'viewers', viewers);
      }
    }
    const names = Object.keys(now.viewers).sort().join();
    // The first message tells what the page shows already, unless somebody came while it was on its way.
    const shown = this.known ?? this.dataset.live ?? names;
    this.known = names;
    if (shown !== names && this.timer === undefined) {
      this.timer = setTimeout(() => {
        this.timer = undefined;
        void this.reload();
      }, Math.random() * SPREAD_MILLIS);
    }
  }

  private async reload(): Promise<void> {
    try {
      const page = await fetch(location.href, { headers: { Accept: 'text/html' } });
      const fresh = page.ok
        ? new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('live-directory')
        : null;
      if (fresh) {
        const focused = document.activeElement?.getAttribute('href');
        const had = this.contains(document.activeElement);
        this.replaceChildren(...fresh.childNodes);
        if (had && focused) {
          this.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
        }
      }
    } catch {
      // The network is away; the socket says when it is back.
    }
  }
}

customElements.define('live-directory', LiveDirectory);
