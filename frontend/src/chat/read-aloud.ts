// Comments for whoever hears the page: in a place of their own, without the buttons of a row, politely, and a few at a time. In a busy room
// it says how many more there were, and never falls behind.
import { element } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { remember, remembered } from '../core/storage';
import type { ChatMessage } from '../wire/chat';
import { called, isGuest, named, plainText, type Words } from './message-view';

const EVERY_MILLIS = 3_000;
const MOST = 3;

export class ReadAloud {
  /** The last of those that came; of those before them only how many. */
  private waiting: ChatMessage[] = [];
  private more = 0;
  /** What stands in the place. */
  private said: { message: ChatMessage; line: HTMLElement }[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;
  private reads = remembered('chat-read', false);

  constructor(
    private readonly place: HTMLElement | null,
    private readonly words: Words,
  ) {}

  enter(life: Lifetime): void {
    life.atEnd(() => this.still());
  }

  get on(): boolean {
    return this.reads;
  }

  turn(on: boolean): void {
    this.reads = on;
    remember('chat-read', on);
    this.still();
  }

  /** What others have just said. */
  hear(messages: ChatMessage[]): void {
    if (this.reads && messages.length > 0) {
      const all = [...this.waiting, ...messages];
      this.waiting = all.slice(-MOST);
      this.more += all.length - this.waiting.length;
      if (this.timer === undefined) {
        this.say();
      }
    }
  }

  /** Comments that were removed are not heard any more. */
  removed(seqs: number[]): void {
    const gone = new Set(seqs);
    this.drop(({ seq }) => gone.has(seq));
  }

  /** Nor are those of somebody whom this browser does not read. */
  muted(name: string): void {
    this.drop(({ author }) => author.name === name);
  }

  private drop(gone: (message: ChatMessage) => boolean): void {
    this.waiting = this.waiting.filter((message) => !gone(message));
    this.said = this.said.filter(({ message, line }) => {
      if (gone(message)) {
        line.remove();
        return false;
      }
      return true;
    });
  }

  /** What was said before is out of the place by the time the next is in it. */
  private say(): void {
    const waiting = this.waiting;
    const more = this.more;
    this.timer = undefined;
    this.waiting = [];
    this.more = 0;
    this.said = waiting.map((message) => ({
      message,
      line: element(
        'p',
        '',
        named(
          this.words,
          called(message.author.display, isGuest(message.author), this.words),
          plainText(message.tokens),
        ),
      ),
    }));
    this.place?.replaceChildren(
      ...(more > 0 ? [element('p', '', counted(this.words, 'newer', more))] : []),
      ...this.said.map(({ line }) => line),
    );
    if (waiting.length > 0 || more > 0) {
      this.timer = setTimeout(() => this.say(), EVERY_MILLIS);
    }
  }

  private still(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    this.more = 0;
    this.said = [];
    this.place?.replaceChildren();
  }
}
