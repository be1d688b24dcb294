// Whether what is live can be watched instantly, and what is said where it cannot: the player goes on otherwise by itself.
import { setText } from '../core/dom';
import type { InstantRefusal, Wish } from './source';

const TOLD_MILLIS = 8_000;
/** A network that lets nothing through is not tried at each turn. */
const BLOCKED_MILLIS = 300_000;

export class Instant {
  private refusal: InstantRefusal | undefined;
  private at = 0;

  /** @param host data-instant says whether the site has it at all */
  constructor(
    private readonly host: HTMLElement,
    private readonly words: Record<string, string>,
  ) {}

  /** Why it is not instant, in words; nothing where nothing is known against it. */
  get why(): string {
    return this.refusal === undefined ? '' : (this.words[`instant.${this.refusal}`] ?? '');
  }

  /** What is wished, as far as it can be. */
  possible(wish: Wish): Wish {
    if (this.refusal === 'blocked' && Date.now() - this.at > BLOCKED_MILLIS) {
      this.refusal = undefined;
    }
    const possible = this.host.dataset.instant === 'on' && this.refusal === undefined;
    return wish.latency === 'instant' && !possible ? { ...wish, latency: wish.otherwise ?? 'normal' } : wish;
  }

  refused(why: InstantRefusal): void {
    this.refusal = why;
    this.at = Date.now();
    this.say(this.why);
  }

  /** Somebody chose how to watch: whatever was in the way may be gone. */
  wished(): void {
    this.refusal = undefined;
    this.say('');
  }

  /** What was against another broadcast says nothing of this one. */
  another(): void {
    if (this.refusal !== 'blocked' && this.refusal !== 'browser') {
      this.refusal = undefined;
    }
  }

  /** Called every second. */
  look(): void {
    if (Date.now() - this.at > TOLD_MILLIS) {
      this.say('');
    }
  }

  private say(text: string): void {
    this.host.toggleAttribute('data-told', text !== '');
    setText(this.host, '[data-fact="instant"]', text);
  }
}
