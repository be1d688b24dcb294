// <admin-live>: the figures of the console's live table; asks for the page again when a stream comes or goes.

import { lang, setText } from '../core/dom';
import { bitrate, count, duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';
import type { AdminLive } from '../wire/studio';

class AdminLiveTable extends Island {
  protected enter(life: Lifetime): void {
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
    if (shown.join() !== wanted.join()) {
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

  /** The rows hold forms with tokens: the server renders them. Not while somebody types into one. */
  private async reload(): Promise<void> {
    if (this.contains(document.activeElement)) {
      return;
    }
    const page = await fetch('/admin', { headers: { Accept: 'text/html' } });
    if (page.ok) {
      const fresh = new DOMParser().parseFromString(await page.text(), 'text/html').querySelector('admin-live');
      if (fresh) {
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
