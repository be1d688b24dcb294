// The messages of a room as a page shows them: painted once for each frame, however many come; at the end, or where somebody reads back.
import { element } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { remember, remembered } from '../core/storage';
import type { ChatMessage, Reply } from '../wire/chat';
import { KEPT_MESSAGES } from './chat-state';
import { messageElement, quote, quoted, strike, type Words } from './message-view';

/** More at once is no motion but a flicker. */
const MOST_RISING = 3;

/** What is older is read and does not fly. */
const FLYING_MILLIS = 10_000;

/** So near to the end counts as there. */
const AT_END_PIXELS = 48;

export class ChatLog {
  private waiting: ChatMessage[] = [];
  private frame = 0;
  private atEnd = true;
  private unseen = 0;
  private reached: HTMLElement | null = null;
  private readonly messages = new Map<string, ChatMessage>();
  private readonly muted = new Set<string>(remembered<string[]>('chat-muted', []));

  constructor(
    private readonly log: HTMLElement,
    private readonly newer: HTMLButtonElement,
    private readonly words: Words,
    private readonly me: () => string | undefined,
    private readonly answers: () => boolean,
  ) {}

  enter(life: Lifetime): void {
    life.listen(this.log, 'scroll', () => this.scrolled(), { passive: true });
    life.listen(this.newer, 'click', () => this.toEnd());
    life.listen<KeyboardEvent>(this.log, 'keydown', (event) => this.walk(event));
    life.listen(this.log, 'focusin', (event) => this.reach((event.target as HTMLElement).closest('.chat-message')));
    const resized = new ResizeObserver(() => this.stayAtEnd());
    resized.observe(this.log);
    life.atEnd(() => resized.disconnect());
    life.atEnd(() => {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
    });
    if (this.waiting.length > 0) {
      this.paintSoon();
    }
  }

  // ---- messages ----------------------------------------------------------------------------------------------------

  /** @param now the moment that is shown: what was said shortly before it flies over the picture as well */
  add(messages: ChatMessage[], now = Date.now()): void {
    this.waiting.push(...messages);
    if (this.waiting.length > KEPT_MESSAGES) {
      this.waiting = this.waiting.slice(-KEPT_MESSAGES);
    }
    for (const message of messages) {
      if (!this.muted.has(message.author.name) && now - Date.parse(message.at) <= FLYING_MILLIS) {
        document.dispatchEvent(new CustomEvent('chat-message', { detail: message }));
      }
    }
    this.paintSoon();
  }

  /** Empties it, but for what waits to be said. */
  clear(): void {
    this.waiting = [];
    this.messages.clear();
    for (const child of [...this.log.children]) {
      if (!child.classList.contains('chat-pending') && !child.classList.contains('chat-empty')) {
        child.remove();
      }
    }
    this.toEnd();
  }

  /** Something that nobody said. */
  note(note: HTMLElement): void {
    this.log.append(note);
    this.stayAtEnd();
  }

  /** What somebody here asked for: they see it wherever they read. */
  answer(note: HTMLElement): void {
    this.log.append(note);
    this.toEnd();
  }

  /** The message of a row. */
  message(row: HTMLElement): ChatMessage | undefined {
    return this.messages.get(row.dataset.seq ?? '');
  }

  private element(message: ChatMessage): HTMLElement {
    return messageElement(message, this.me(), this.words, this.answers());
  }

  private row(seq: number): HTMLElement | null {
    return this.log.querySelector(`.chat-message[data-seq="${seq}"]`);
  }

  /** Strikes messages; moderators still read them. */
  remove(seqs: number[], moderator: boolean): void {
    const gone = new Set(seqs);
    this.waiting = this.waiting.filter((message) => moderator || !gone.has(message.seq));
    for (const seq of seqs) {
      const message = this.messages.get(String(seq));
      if (message) {
        message.removed = true;
      }
      const row = this.row(seq);
      if (row) {
        strike(row, this.words, moderator);
      }
      this.requote({ seq, name: '', text: '', removed: true });
    }
  }

  /** What stands above the answers to a message is what is left of it. */
  private requote(reply: Reply): void {
    for (const message of this.waiting) {
      if (message.reply?.seq === reply.seq) {
        message.reply = reply;
      }
    }
    for (const above of this.log.querySelectorAll<HTMLElement>(`.chat-reply[data-to="${reply.seq}"]`)) {
      const answer = this.message(above.closest('.chat-message') as HTMLElement);
      if (answer) {
        answer.reply = reply;
      }
      above.replaceWith(quote(reply, this.words));
    }
  }

  /** Says at struck messages who struck them. */
  struckBy(seqs: number[], actor: string): void {
    for (const seq of seqs) {
      const row = this.row(seq);
      if (row) {
        strike(row, this.words, true, actor);
      }
    }
  }

  restore(message: ChatMessage): void {
    this.messages.set(String(message.seq), message);
    this.row(message.seq)?.replaceWith(this.element(message));
    this.requote(quoted(message));
  }

  // ---- what waits to be said ---------------------------------------------------------------------------------------

  addPending(id: string, display: string, text: string): void {
    const row = element(
      'div',
      'chat-message chat-pending',
      element('span', 'chat-name quiet', display),
      element('span', 'chat-colon', ': '),
      element('span', 'chat-text', text),
    );
    row.dataset.pending = id;
    this.log.append(row);
    this.log.querySelector('.chat-empty')?.remove();
    this.toEnd();
  }

  pending(id: string): HTMLElement | null {
    return this.log.querySelector(`[data-pending="${id}"]`);
  }

  // ---- painting ----------------------------------------------------------------------------------------------------

  private paintSoon(): void {
    // A hidden page gets no frames; its messages wait, the last two hundred of them.
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.paint();
      });
    }
  }

  private paint(): void {
    const fresh = this.waiting.filter((message) => !this.muted.has(message.author.name));
    this.waiting = [];
    if (fresh.length === 0) {
      return;
    }
    const fragment = document.createDocumentFragment();
    // What comes while somebody looks on rises; what was there before, and a flood, is simply there.
    const rises = this.atEnd && this.messages.size > 0 && fresh.length <= MOST_RISING;
    for (const message of fresh) {
      this.messages.set(String(message.seq), message);
      const row = this.element(message);
      row.classList.toggle('chat-rise', rises);
      fragment.append(row);
    }
    const pending = this.log.querySelector('.chat-pending');
    this.log.insertBefore(fragment, pending);
    this.log.querySelector('.chat-empty')?.remove();
    if (this.atEnd) {
      this.trim(KEPT_MESSAGES);
      this.toEnd();
    } else {
      // Whoever reads back keeps what they read, within reason.
      this.trim(3 * KEPT_MESSAGES);
      this.unseen += fresh.length;
      this.newer.hidden = false;
      this.newer.textContent = counted(this.words, 'newer', this.unseen);
    }
  }

  private trim(most: number): void {
    let over = this.log.childElementCount - most;
    while (over-- > 0 && this.log.firstElementChild) {
      this.messages.delete((this.log.firstElementChild as HTMLElement).dataset.seq ?? '');
      this.log.firstElementChild.remove();
    }
  }

  private scrolled(): void {
    const distance = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight;
    this.atEnd = distance < AT_END_PIXELS;
    if (this.atEnd) {
      this.unseen = 0;
      this.newer.hidden = true;
    }
  }

  private stayAtEnd(): void {
    if (this.atEnd) {
      this.toEnd();
    }
  }

  private toEnd(): void {
    this.atEnd = true;
    this.unseen = 0;
    this.newer.hidden = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  private walk(event: KeyboardEvent): void {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') {
      return;
    }
    const rows = [...this.log.querySelectorAll<HTMLElement>('.chat-message[data-seq]')];
    const at = rows.indexOf((event.target as HTMLElement).closest('.chat-message') as HTMLElement);
    const next = at < 0 ? rows.length - 1 : at + (event.key === 'ArrowUp' ? -1 : 1);
    if (rows[next]) {
      event.preventDefault();
      rows[next].focus();
    }
  }

  /** Of two hundred rows the tab key reaches what stands in one: that which has the focus. */
  private reach(row: HTMLElement | null): void {
    if (row !== this.reached) {
      for (const [of, index] of [
        [this.reached, -1],
        [row, 0],
      ] as const) {
        for (const button of of?.querySelectorAll<HTMLElement>('button') ?? []) {
          button.tabIndex = index;
        }
      }
      this.reached = row;
    }
  }

  /** Shows a message that is still there. */
  goTo(seq: number): void {
    const row = this.row(seq);
    if (row) {
      row.scrollIntoView({ block: 'center' });
      row.focus({ preventScroll: true });
    }
  }

  // ---- whom this browser does not read -----------------------------------------------------------------------------

  get mutedCount(): number {
    return this.muted.size;
  }

  mutes(name: string): boolean {
    return this.muted.has(name);
  }

  mute(name: string): void {
    this.muted.add(name);
    remember('chat-muted', [...this.muted]);
    for (const row of this.log.querySelectorAll<HTMLElement>(`.chat-message[data-name="${CSS.escape(name)}"]`)) {
      row.remove();
    }
  }

  /** One, or all. */
  unmute(name?: string): void {
    if (name === undefined) {
      this.muted.clear();
    } else {
      this.muted.delete(name);
    }
    remember('chat-muted', [...this.muted]);
  }
}
