// <live-directory>: keeps a list of live channels as the server would render it now. Numbers change in place; when somebody comes or
// goes, the page is asked for again and its list put in place of this one.

import { duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { setCounted } from '../core/plural';
import type { DirectoryEvent } from '../wire/live';
import { pageSocket } from '../wire/page-socket';
import { moveUnderMouse } from './moving-pictures';

/** Not all pages at once. */
const SPREAD_MILLIS = 2_000;
const REFRESH_MILLIS = 60_000;

class LiveDirectory extends Island {
  private known: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looksCloser: () => boolean = () => false;

  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow('home', (event) => {
        if (event.type === 'directory') {
          this.hear(event);
        }
      }),
    );
    life.every(1_000, () => this.tick());
    this.looksCloser = moveUnderMouse(this, life);
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
      this.timer = setTimeout(() => this.renew(), Math.random() * SPREAD_MILLIS);
    }
  }

  /** Not under the eyes of whoever looks at one card: that would stop its picture, or put another card where they click. */
  private renew(): void {
    if (this.looksCloser()) {
      this.timer = setTimeout(() => this.renew(), SPREAD_MILLIS);
      return;
    }
    this.timer = undefined;
    void this.reload();
  }

  private async reload(): Promise<void> {
    try {
      const page = await fetch(location.href, { headers: { Accept: 'text/html' } });
      const now = page.ok ? new DOMParser().parseFromString(await page.text(), 'text/html') : null;
      const fresh = now?.querySelector('live-directory');
      if (now && fresh) {
        const focused = document.activeElement?.getAttribute('href');
        const had = this.contains(document.activeElement);
        this.show(fresh);
        const rail = now.querySelector('live-rail');
        if (rail) {
          document.querySelector('live-rail')?.replaceWith(rail);
        }
        if (had && focused) {
          this.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
        }
      }
    } catch {
      // The network is away; the socket says when it is back.
    }
  }

  /** Puts another list in place of this one. The large picture plays on where it is the same channel's. */
  private show(fresh: Element): void {
    const hero = this.querySelector<HTMLElement>(':scope > live-hero');
    const next = fresh.querySelector<HTMLElement>(':scope > live-hero');
    if (!hero || !next || hero.dataset.card !== next.dataset.card) {
      this.replaceChildren(...fresh.childNodes);
      return;
    }
    for (const child of [...this.childNodes]) {
      if (child !== hero) {
        child.remove();
      }
    }
    const nodes = [...fresh.childNodes];
    hero.before(...nodes.slice(0, nodes.indexOf(next)));
    hero.after(...nodes.slice(nodes.indexOf(next) + 1));
    hero.className = next.className;
    for (const part of ['.hero-words', '.hero-stage > img']) {
      const shown = next.querySelector(part);
      if (shown) {
        hero.querySelector(part)?.replaceWith(shown);
      }
    }
  }
}

customElements.define('live-directory', LiveDirectory);
