// Whether a room shows what is said now, or what was said at the moment that its page's player shows. What one says oneself, and what is
// removed, is shown at once in both.

import type { Lifetime } from '../core/lifetime';
import { MOMENT, type Moment } from '../core/moment';
import type { ChatMessage } from '../wire/chat';
import type { ChatLog } from './chat-log';
import { KEPT_MESSAGES } from './chat-state';
import type { Replay } from './replay';

export class RoomTime {
  /** What was said last, for the way back to it. */
  private live: ChatMessage[] = [];
  private inPast = false;
  private replay: Replay | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly log: ChatLog,
    private readonly me: () => string | undefined,
  ) {}

  get past(): boolean {
    return this.inPast;
  }

  enter(life: Lifetime): void {
    life.listen<CustomEvent<Moment | null>>(document, MOMENT, ({ detail }) => this.moment(detail, life));
    life.atEnd(() => {
      this.inPast = false;
      this.replay = undefined;
    });
  }

  /** It is another connection to the room, which tells all anew. */
  clear(): void {
    this.live = [];
    if (!this.inPast) {
      this.log.clear();
    }
  }

  /** Said now. */
  add(messages: ChatMessage[]): void {
    this.live = [...this.live, ...messages].slice(-KEPT_MESSAGES);
    this.log.add(
      this.inPast ? messages.filter(({ author }) => author.name !== '' && author.name === this.me()) : messages,
    );
  }

  remove(seqs: number[], moderator: boolean): void {
    const gone = new Set(seqs);
    this.live = this.live.flatMap((message) =>
      gone.has(message.seq) ? (moderator ? [{ ...message, removed: true }] : []) : [message],
    );
    this.replay?.removed(seqs);
    this.log.remove(seqs, moderator);
  }

  private moment(moment: Moment | null, life: Lifetime): void {
    if (moment && !this.inPast) {
      this.inPast = true;
      void this.begin(life);
    } else if (!moment && this.inPast) {
      this.inPast = false;
      this.replay = undefined;
      this.log.clear();
      this.log.add(this.live, Number.POSITIVE_INFINITY);
    }
    this.host.querySelector('.chat-past')?.toggleAttribute('hidden', !this.inPast);
    if (moment) {
      this.replay?.moment(moment.wall, moment.until, Date.now());
    }
  }

  private async begin(life: Lifetime): Promise<void> {
    const { Replay, askSite } = await import('./replay');
    if (this.inPast && !life.over) {
      const address = `/api/v1/channels/${this.host.dataset.channel}/messages`;
      const replay: Replay = new Replay({
        ask: (from, to) => askSite(address, from, to),
        clear: () => this.log.clear(),
        add: (messages, now) => replay === this.replay && this.log.add(messages, now),
      });
      this.replay = replay;
    }
  }
}
