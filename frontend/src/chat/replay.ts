// What was said at the moment of a picture: messages appear when the picture gets there. No document here: it asks for a minute at a time,
// and says what is to be shown. A place that was not played up to begins with what was said last before it.
import type { ChatMessage, Said } from '../wire/chat';

const WINDOW_MILLIS = 60_000;
/** So long before the end of what is here, the next is asked for. */
const AHEAD_MILLIS = 15_000;
/** What was said so short a time ago may not be stored yet. */
const UNSURE_MILLIS = 2_000;
/** Less than this is not worth a question. */
const SHORTEST_MILLIS = 5_000;
/** Pictures tremble. */
const BACK_MILLIS = 500;
/** Nothing is held longer for what should stand before it; and who went so far on did not play up to there. */
const HELD_MILLIS = 10_000;
const RETRY_MILLIS = 5_000;

export interface ReplayHost {
  /** Without a beginning the last ones before the end, the oldest first. */
  ask(from: number | undefined, to: number): Promise<Said>;
  clear(): void;
  /** @param now the moment that is shown */
  add(messages: ChatMessage[], now: number): void;
}

export class Replay {
  private last: number | undefined;
  /** Everything before this is here. */
  private known = 0;
  private waiting: ChatMessage[] = [];
  /** Of the last answer, which the next may begin with again. */
  private seen = new Set<number>();
  private asking = false;
  private retryAt = 0;
  /** What stands before the first message is still asked for, since this time. */
  private fillingSince: number | undefined;
  /** Questions of a place that was left are answered to nobody. */
  private place = 0;

  constructor(private readonly host: ReplayHost) {}

  /**
   * Shows what is due. Called some times a second.
   *
   * @param wall of the picture
   * @param until what was said before this is known to the site; nothing where all is
   * @param now of this machine's clock
   */
  moment(wall: number, until: number | undefined, now: number): void {
    const last = this.last;
    if (last === undefined || wall < last - BACK_MILLIS || (wall > last + HELD_MILLIS && wall > this.known)) {
      this.begin(wall, now);
    }
    this.last = wall;
    if (this.fillingSince !== undefined && now - this.fillingSince > HELD_MILLIS) {
      this.fillingSince = undefined;
    }
    if (this.fillingSince === undefined) {
      this.show(wall);
    }
    const to = Math.min(this.known + WINDOW_MILLIS, (until ?? Number.POSITIVE_INFINITY) - UNSURE_MILLIS);
    if (
      !this.asking &&
      now >= this.retryAt &&
      wall > this.known - AHEAD_MILLIS &&
      to - this.known >= Math.min(SHORTEST_MILLIS, WINDOW_MILLIS)
    ) {
      void this.ask(this.known, to, now);
    }
  }

  /** Removed before it was due. */
  removed(seqs: number[]): void {
    const gone = new Set(seqs);
    this.waiting = this.waiting.filter(({ seq }) => !gone.has(seq));
  }

  private begin(wall: number, now: number): void {
    const place = ++this.place;
    this.known = wall;
    this.waiting = [];
    this.seen = new Set();
    this.asking = false;
    this.retryAt = 0;
    this.fillingSince = now;
    this.host.clear();
    this.host.ask(undefined, wall).then(
      ({ messages }) => {
        if (place === this.place && this.fillingSince !== undefined) {
          this.fillingSince = undefined;
          this.host.add(messages, Number.POSITIVE_INFINITY);
        }
      },
      () => {
        if (place === this.place) {
          this.fillingSince = undefined;
        }
      },
    );
  }

  private async ask(from: number, to: number, now: number): Promise<void> {
    const { place } = this;
    this.asking = true;
    try {
      const { messages, more } = await this.host.ask(from, to);
      if (place !== this.place) {
        return;
      }
      const fresh = messages.filter(({ seq }) => !this.seen.has(seq));
      this.seen = new Set(messages.map(({ seq }) => seq));
      this.waiting.push(...fresh);
      const end = messages.at(-1);
      // Where it was cut it goes on; at least a little.
      this.known = more && end ? Math.max(Date.parse(end.at), from + 1) : to;
    } catch {
      if (place === this.place) {
        this.retryAt = now + RETRY_MILLIS;
      }
    } finally {
      if (place === this.place) {
        this.asking = false;
      }
    }
  }

  private show(wall: number): void {
    const due = this.waiting.findIndex(({ at }) => Date.parse(at) > wall);
    const messages = this.waiting.splice(0, due < 0 ? this.waiting.length : due);
    if (messages.length > 0) {
      this.host.add(messages, wall);
    }
  }
}

/** Asks the site, of an address that takes a beginning and an end. */
export async function askSite(address: string, from: number | undefined, to: number): Promise<Said> {
  const time = (millis: number) => encodeURIComponent(new Date(millis).toISOString());
  const answer = await fetch(
    `${address}?${from === undefined ? '' : `from=${time(Math.floor(from))}&`}to=${time(Math.floor(to))}`,
    { headers: { Accept: 'application/json' } },
  );
  if (!answer.ok) {
    throw new Error(String(answer.status));
  }
  return (await answer.json()) as Said;
}
