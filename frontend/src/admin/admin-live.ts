// <admin-live>: the figures of the console's live table; asks for the page again when a stream comes or goes.

import { lang, setText } from '../core/dom';
import { bitrate, count, duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';
import type { AdminLive } from '../wire/studio';

class AdminLiveTable extends Island {
  /** Other streams are on than those that are shown. */
  private stale = false;

  protected enter(life: Lifetime): void {
    // What was put off is done when the question is answered and the hand is elsewhere. A dialog's end does not bubble.
    life.listen(this, 'close', () => this.whenFree(), { capture: true });
    life.listen(this, 'focusout', () => this.whenFree());
    life.atEnd(
      pageSocket().follow('admin', (event) => {
        if (event.type === 'live') {
          this.show(event.live);
          this.showCases(event.openCases);
        }
      }),
    );
  }

  private showCases(open: number): void {
    setText(document, '[data-fact="cases"]', String(open));
    const waiting = document.querySelector<HTMLElement>('.console-waiting');
    if (waiting) {
      waiting.hidden = open === 0;
      setText(waiting, '.numbers', String(open));
    }
  }

  private show(live: AdminLive[]): void {
    setText(document, '[data-fact="live-count"]', String(live.length));
    const rows = [...this.querySelectorAll<HTMLElement>('[data-row]')];
    const shown = rows.map((row) => row.dataset.row).sort();
    const wanted = live.map((stream) => stream.channel).sort();
    this.stale = shown.join() !== wanted.join();
    if (this.stale) {
      void this.reload();
      return;
    }
    for (const stream of live) {
      const row = rows.find((candidate) => candidate.dataset.row === stream.channel);
      if (row) {
        setText(
          row,
          '[data-fact="state"]',
          row.getAttribute(`data-state-${stream.state.toLowerCase()}`) ?? stream.state,
        );
        setText(row, '[data-fact="viewers"]', count(stream.viewers, lang()));
        setText(row, '[data-fact="bitrate"]', stream.bitrate > 0 ? bitrate(stream.bitrate) : '–');
        setText(row, '[data-fact="reports"]', String(stream.reports));
        showTrouble(row.querySelector<HTMLElement>('.wall-trouble'), stream.trouble);
        showPicture(row.querySelector<HTMLImageElement>('[data-fact="thumbnail"]'), stream.thumbnail);
        setText(row, '[data-fact="since"]', duration(Date.now() - Date.parse(stream.startedAt)));
      }
    }
  }

  /** A question is being read, or something chosen or typed: it must not vanish under the hand. */
  private get used(): boolean {
    return this.querySelector('dialog:modal, dialog[open]') !== null || this.contains(document.activeElement);
  }

  private whenFree(): void {
    if (this.stale) {
      // By then the focus is where it goes.
      setTimeout(() => void this.reload());
    }
  }

  /** The rows hold forms with tokens: the server renders them. */
  private async reload(): Promise<void> {
    if (this.used) {
      return;
    }
    const page = await fetch('/admin', { headers: { Accept: 'text/html' } });
    if (page.ok) {
      const fresh = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('admin-live');
      // A question may have been opened while the page was fetched.
      if (fresh && !this.used) {
        this.stale = false;
        this.replaceChildren(...fresh.childNodes);
      }
    }
  }
}

/** Nothing comes from an encoder that is connected. */
function showTrouble(told: HTMLElement | null, trouble: AdminLive['trouble']): void {
  if (told) {
    told.hidden = trouble === null;
    setText(
      told,
      '[data-fact="trouble"]',
      trouble === null ? '' : ((trouble === 'NO_MEDIA' ? told.dataset.none : told.dataset.stalled) ?? ''),
    );
  }
}

function showPicture(image: HTMLImageElement | null, address: string | null): void {
  if (image && address && image.getAttribute('src') !== address) {
    image.src = address;
    image.hidden = false;
  }
}

customElements.define('admin-live', AdminLiveTable);
