// Comments for whoever hears the page: in a place of their own, without the buttons of a row, politely, and a few at a time. In a busy room
// it says how many more there were, and never falls behind.
import { element } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { remember, remembered } from '../core/storage';
import type { ChatMessage } from '../wire/chat';
import { named, plainText, type Words } from './message-view';

const EVERY_MILLIS = 3_000;
const MOST = 3;

export class ReadAloud {
  private waiting: ChatMessage[] = [];
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
      this.waiting.push(...messages);
      if (this.timer === undefined) {
        this.say();
      }
    }
  }

  private say(): void {
    this.timer = undefined;
    const heard = this.waiting.slice(-MOST);
    const more = this.waiting.length - heard.length;
    this.waiting = [];
    if (heard.length > 0) {
      this.place?.replaceChildren(
        ...(more > 0 ? [element('p', '', counted(this.words, 'newer', more))] : []),
        ...heard.map(({ author, tokens }) => element('p', '', named(this.words, author.display, plainText(tokens)))),
      );
      this.timer = setTimeout(() => this.say(), EVERY_MILLIS);
    }
  }

  private still(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waiting = [];
    this.place?.replaceChildren();
  }
}
