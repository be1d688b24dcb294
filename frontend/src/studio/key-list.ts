// <key-list data-channel>: which key is in use, and when each was used last, as encoders come and go.
import { lang } from '../core/dom';
import { ago } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';
import type { Attempt } from '../wire/studio';

class KeyList extends Island {
  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'attempts') {
          this.used(event.attempts);
        } else if (event.type === 'encoder') {
          this.inUse(event.keyId, event.program);
        }
      }),
    );
  }

  private inUse(keyId: number | null, program: string): void {
    for (const row of this.querySelectorAll<HTMLElement>('[data-key]')) {
      const mine = row.dataset.key === String(keyId);
      const mark = row.querySelector<HTMLElement>('[data-fact="in-use"]');
      if (mark && mark.hidden === mine) {
        mark.hidden = !mine;
      }
      const name = row.querySelector<HTMLElement>('[data-fact="program"]');
      if (mine && name && program && name.textContent !== program) {
        name.textContent = program;
      }
    }
  }

  /** The log tells the newest first. */
  private used(attempts: Attempt[]): void {
    for (const row of this.querySelectorAll<HTMLElement>('[data-prefix]')) {
      const last = attempts.find(
        (attempt) => attempt.outcome === 'PUBLISHED' && attempt.keyPrefix === row.dataset.prefix,
      );
      const when = row.querySelector<HTMLElement>('[data-fact="used"]');
      if (last && when && (row.dataset.usedAt ?? '') < last.at) {
        row.dataset.usedAt = last.at;
        when.textContent = ago(new Date(last.at), new Date(), lang());
      }
    }
  }
}

customElements.define('key-list', KeyList);
