// <attempt-log data-channel>: the connection log as it grows.

import { element, icon, lang, texts } from '../core/dom';
import { ago } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';
import type { Attempt } from '../wire/studio';

const ICONS = { PUBLISHED: 'check', REFUSED: 'circle-alert', ENDED: 'plug' } as const;

class AttemptLog extends Island {
  private known: Attempt[] = [];

  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'attempts') {
          this.merge(event.attempts);
        }
      }),
    );
  }

  /** The server tells this channel's lines, or those of nobody's key at this address; both belong here. */
  private merge(attempts: Attempt[]): void {
    const all = new Map([...this.known, ...attempts].map((attempt) => [JSON.stringify(attempt), attempt]));
    this.known = [...all.values()].sort((a, b) => b.at.localeCompare(a.at)).slice(0, Number(this.dataset.most));
    const list = this.querySelector('ul');
    const words = texts(this);
    list?.replaceChildren(...this.known.map((attempt) => this.line(attempt, words)));
    list?.toggleAttribute('hidden', this.known.length === 0);
    this.querySelector('.none')?.toggleAttribute('hidden', this.known.length > 0);
  }

  private line(attempt: Attempt, words: Record<string, string>): HTMLLIElement {
    const cause = attempt.cause ? words[`cause.${attempt.cause}`] : undefined;
    const when = element('time', 'quiet small', ago(new Date(attempt.at), new Date(), lang()));
    when.dateTime = attempt.at;
    const facts = [attempt.keyName, attempt.encoder, attempt.remote].filter(Boolean).join(' · ');
    return element(
      'li',
      `attempt attempt-${attempt.outcome}`,
      icon(ICONS[attempt.outcome]),
      element('span', '', cause ?? words[`outcome.${attempt.outcome}`] ?? attempt.outcome),
      when,
      element('small', '', facts),
    );
  }
}

customElements.define('attempt-log', AttemptLog);
