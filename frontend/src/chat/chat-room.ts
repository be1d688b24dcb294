// <chat-room data-channel>: comments of a channel. Lines are painted once for each frame, however many come.

import { element, icon, texts } from '../core/dom';
import { Island } from '../core/island';
import { Lifetime } from '../core/lifetime';
import { pageSocket } from '../core/socket';
import { remember, remembered } from '../core/storage';
import { type MenuItem, openMenu } from '../ui/menu';
import { openReport } from '../ui/report-dialog';
import type { ChatAction, ChatLine, RoomMessage } from '../wire/chat';
import { type Change, ChatState, KEPT_LINES, type Pending } from './chat-state';
import { Composer } from './composer';
import { lineElement, plainText, strike, type Words } from './line-view';
import type { OrderTools } from './order-tools';
import { OrderView } from './order-view';

/** So near to the end counts as there. */
const AT_END_PIXELS = 48;

class ChatRoom extends Island {
  private readonly state = new ChatState();
  private words: Words = {};
  private log!: HTMLElement;
  private newer!: HTMLButtonElement;
  private composer: Composer | undefined;
  private waiting: ChatLine[] = [];
  private frame = 0;
  private atEnd = true;
  private unseen = 0;
  private readonly lines = new Map<string, ChatLine>();
  private readonly muted = new Set<string>(remembered<string[]>('chat-muted', []));
  private order: OrderTools | undefined;
  private orderView!: OrderView;
  private stay = new Lifetime();
  private keeps = false;

  protected enter(life: Lifetime): void {
    this.stay = life;
    this.words = texts(this);
    this.orderView = new OrderView(this, this.words, life);
    this.log = this.querySelector('.chat-log') as HTMLElement;
    this.newer = this.querySelector('.chat-newer') as HTMLButtonElement;
    const form = this.querySelector('form');
    if (form) {
      this.composer = new Composer(form, life, {
        words: this.words,
        names: () => this.state.recentAuthors(),
        emotes: () => this.state.emotes,
        send: (text, replyTo) => this.send(text, replyTo),
        command: (text) => this.command(text),
      });
    }
    life.listen(this.log, 'scroll', () => this.scrolled(), { passive: true });
    life.listen(this.newer, 'click', () => this.toEnd());
    life.listen(this.log, 'click', (event) => this.offerActions(event.target as HTMLElement));
    life.listen(this.querySelector('.chat-order'), 'click', (event) => {
      if (this.order) {
        openMenu(event.currentTarget as HTMLElement, this.order.roomItems());
      }
    });
    life.listen(this.querySelector('.chat-pinned button'), 'click', () => {
      void this.order?.act({ kind: 'unpin' });
    });
    life.listen<KeyboardEvent>(this.log, 'keydown', (event) => this.walk(event));
    const read = this.querySelector<HTMLInputElement>('.chat-read');
    if (read) {
      read.checked = remembered('chat-read', false);
      this.log.setAttribute('aria-live', read.checked ? 'polite' : 'off');
      life.listen(read, 'change', () => {
        remember('chat-read', read.checked);
        this.log.setAttribute('aria-live', read.checked ? 'polite' : 'off');
      });
    }
    life.listen(this.querySelector('.chat-unmute'), 'click', () => this.unmuteAll());
    const resized = new ResizeObserver(() => this.atEnd && this.toEnd());
    resized.observe(this.log);
    life.atEnd(() => resized.disconnect());
    this.showMuted();
    life.atEnd(
      pageSocket().follow(
        `chat:${this.dataset.channel}`,
        (message) => {
          for (const change of this.state.apply(message as unknown as RoomMessage)) {
            this.show(change);
          }
        },
        () => this.state.seen(),
      ),
    );
    life.atEnd(() => {
      cancelAnimationFrame(this.frame);
      this.frame = 0;
      this.order = undefined;
      this.keeps = false;
    });
    if (this.waiting.length > 0) {
      this.paintSoon();
    }
  }

  // ---- what the room says -------------------------------------------------------------------------------------

  private show(change: Change): void {
    switch (change.kind) {
      case 'start':
        this.clear();
        break;
      case 'gap':
        this.clear();
        this.log.append(element('p', 'chat-system', (this.words.missed ?? '').replace('{0}', String(change.missed))));
        break;
      case 'lines':
        this.waiting.push(...change.lines);
        if (this.waiting.length > KEPT_LINES) {
          this.waiting = this.waiting.slice(-KEPT_LINES);
        }
        for (const line of change.lines) {
          if (!this.muted.has(line.author.name)) {
            document.dispatchEvent(new CustomEvent('chat-line', { detail: line }));
          }
        }
        this.paintSoon();
        break;
      case 'settled':
        this.pendingLine(change.id)?.remove();
        break;
      case 'waits': {
        const line = this.pendingLine(change.id);
        line?.append(element('span', 'chat-waits', this.words.waits ?? ''));
        break;
      }
      case 'refused':
        this.pendingLine(change.pending.id)?.remove();
        this.composer?.refused(
          change.pending.text,
          (this.words[`refused.${change.reason}`] ?? change.reason).replace('{0}', String(change.number ?? '')),
          change.retryMillis,
        );
        break;
      case 'settings':
        this.showSettings();
        this.showOrder();
        break;
      case 'removed':
        this.removed(change.seqs);
        break;
      case 'restored':
        for (const line of change.lines) {
          this.restored(line);
        }
        break;
      case 'warned':
        this.orderView.warn(change.reason);
        break;
      case 'resend':
        for (const pending of change.pending) {
          this.transmit(pending);
        }
        break;
    }
  }

  private clear(): void {
    this.waiting = [];
    this.lines.clear();
    for (const child of [...this.log.children]) {
      if (!child.classList.contains('chat-pending') && !child.classList.contains('chat-empty')) {
        child.remove();
      }
    }
  }

  private showSettings(): void {
    const rules = this.state.settings;
    if (!rules) {
      return;
    }
    const said: string[] = [];
    if (rules.writers !== 'EVERYONE') {
      said.push((this.words[`writers.${rules.writers}`] ?? '').replace('{0}', String(rules.followMinutes)));
    }
    if (rules.slowSeconds > 0) {
      said.push((this.words.slow ?? '').replace('{0}', String(rules.slowSeconds)));
    }
    if (this.state.shieldHours > 0) {
      said.unshift((this.words['moderation.shield.now'] ?? '').replace('{0}', String(this.state.shieldHours)));
    }
    const mode = this.querySelector<HTMLElement>('.chat-mode');
    if (mode) {
      mode.hidden = said.length === 0;
      mode.textContent = said.join(' · ');
    }
    this.toggleAttribute('data-keeper', this.state.keeper);
  }

  // ---- painting -----------------------------------------------------------------------------------------------

  private paintSoon(): void {
    // A hidden page gets no frames; its lines wait, the last two hundred of them.
    if (this.frame === 0) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.paint();
      });
    }
  }

  private paint(): void {
    const fresh = this.waiting.filter((line) => !this.muted.has(line.author.name));
    this.waiting = [];
    if (fresh.length === 0) {
      return;
    }
    const fragment = document.createDocumentFragment();
    for (const line of fresh) {
      this.lines.set(String(line.seq), line);
      fragment.append(lineElement(line, this.state.me, this.words));
    }
    const pending = this.log.querySelector('.chat-pending');
    this.log.insertBefore(fragment, pending);
    this.log.querySelector('.chat-empty')?.remove();
    if (this.atEnd) {
      this.trim(KEPT_LINES);
      this.toEnd();
    } else {
      // Whoever reads back keeps what they read, within reason.
      this.trim(3 * KEPT_LINES);
      this.unseen += fresh.length;
      this.newer.hidden = false;
      this.newer.textContent = (this.words.newer ?? '{0}').replace('{0}', String(this.unseen));
    }
  }

  private trim(most: number): void {
    let over = this.log.childElementCount - most;
    while (over-- > 0 && this.log.firstElementChild) {
      this.lines.delete((this.log.firstElementChild as HTMLElement).dataset.seq ?? '');
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

  private toEnd(): void {
    this.atEnd = true;
    this.unseen = 0;
    this.newer.hidden = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  // ---- saying -------------------------------------------------------------------------------------------------

  private send(text: string, replyTo: number | undefined): boolean {
    const pending: Pending = { id: uuid(), text, replyTo, waits: false };
    this.state.say(pending);
    const row = element(
      'div',
      'chat-line chat-pending',
      element('span', 'chat-name quiet', this.dataset.display ?? this.state.me ?? ''),
      element('span', 'chat-colon', ': '),
      element('span', 'chat-text', text),
    );
    row.dataset.pending = pending.id;
    this.log.append(row);
    this.log.querySelector('.chat-empty')?.remove();
    this.toEnd();
    // Without a connection it waits here, and is said when the page is back.
    this.transmit(pending);
    return true;
  }

  private transmit(pending: Pending): void {
    pageSocket().say(`chat:${this.dataset.channel}`, {
      type: 'say',
      id: pending.id,
      text: pending.text,
      ...(pending.replyTo === undefined ? {} : { replyTo: pending.replyTo }),
    });
  }

  private pendingLine(id: string): HTMLElement | null {
    return this.log.querySelector(`[data-pending="${id}"]`);
  }

  // ---- order --------------------------------------------------------------------------------------------------

  /** What the page's person may here, and what keeps them from writing. */
  private showOrder(): void {
    this.orderView.show(this.state);
    if (this.state.keeper && !this.keeps) {
      this.keeps = true;
      void this.takeOrder(this.stay);
    }
  }

  private async takeOrder(life: Lifetime): Promise<void> {
    life.atEnd(
      pageSocket().follow(`held:${this.dataset.channel}`, (message) => {
        if (message.type === 'acted') {
          this.acted(message.action as ChatAction, message.seqs as number[]);
        }
      }),
    );
    const { OrderTools } = await import('./order-tools');
    if (life.over) {
      return;
    }
    this.order = new OrderTools(
      {
        channel: this.dataset.channel ?? '',
        words: this.words,
        rights: () => this.state.rights,
        live: () => document.querySelector('[data-state="LIVE"]') !== null,
        shieldUp: () => this.state.shieldHours > 0,
        pinned: () => this.state.pinned?.seq,
      },
      this.querySelector('.chat-toast') as HTMLElement,
      life,
    );
  }

  /** Somebody who keeps the room did something, or the site by itself: told among the lines, to those who keep it. */
  private acted(action: ChatAction, seqs: number[]): void {
    for (const seq of seqs) {
      const row = this.row(seq);
      if (row) {
        strike(row, this.words, true, action.actor);
      }
    }
    const said = [action.actor, this.words[`moderation.kind.${action.kind}`], action.target, action.reason]
      .filter(Boolean)
      .join(' · ');
    const note = element('p', 'chat-system', icon('shield'), ` ${said}`);
    if (action.undone) {
      note.classList.add('struck');
    }
    this.log.append(note);
    if (action.kind === 'SHIELD_AUTO') {
      note.append(element('span', '', ` – ${this.words['moderation.shield.auto'] ?? ''}`));
    }
    if (this.atEnd) {
      this.toEnd();
    }
  }

  private row(seq: number): HTMLElement | null {
    return this.log.querySelector(`.chat-line[data-seq="${seq}"]`);
  }

  private removed(seqs: number[]): void {
    const gone = new Set(seqs);
    this.waiting = this.waiting.filter((line) => this.state.keeper || !gone.has(line.seq));
    for (const seq of seqs) {
      const line = this.lines.get(String(seq));
      if (line) {
        line.removed = true;
      }
      const row = this.row(seq);
      if (row) {
        strike(row, this.words, this.state.keeper);
      }
    }
  }

  private restored(line: ChatLine): void {
    this.lines.set(String(line.seq), line);
    this.row(line.seq)?.replaceWith(lineElement(line, this.state.me, this.words));
  }

  private command(text: string): Promise<void> | undefined {
    return this.order?.command(text);
  }

  // ---- the menu of a line -------------------------------------------------------------------------------------

  private offerActions(target: HTMLElement): void {
    const button = target.closest<HTMLElement>('.chat-actions');
    const row = target.closest<HTMLElement>('.chat-line[data-seq]');
    const line = row && this.lines.get(row.dataset.seq ?? '');
    if (button && line) {
      openMenu(button, this.items(line));
    }
  }

  private items(line: ChatLine): MenuItem[] {
    const items: MenuItem[] = [];
    const add = (word: string, symbol: string, run: () => void) =>
      items.push({
        text: this.words[word] ?? word,
        symbol,
        choose: () => {
          run();
          return undefined;
        },
      });
    const mine = line.author.name === this.state.me;
    if (this.composer && !line.removed && !this.state.sanction) {
      add('reply', 'reply', () =>
        this.composer?.reply({ seq: line.seq, name: line.author.display, text: plainText(line.tokens) }),
      );
    }
    items.push(...(this.order?.items(line, mine) ?? []));
    add('copy', 'copy', () => void navigator.clipboard?.writeText(plainText(line.tokens)));
    if (line.author.name && !mine) {
      add('mute', 'volume-x', () => this.mute(line.author.name));
      add('moderation.report', 'flag', () => this.report(line));
    }
    return items;
  }

  private report(line: ChatLine): void {
    if (!this.state.me) {
      location.href = `/login?continue=/${this.dataset.channel}`;
      return;
    }
    openReport({ kind: 'COMMENT', channel: this.dataset.channel ?? '', seq: line.seq }, this.words);
  }

  private walk(event: KeyboardEvent): void {
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') {
      return;
    }
    const rows = [...this.log.querySelectorAll<HTMLElement>('.chat-line[data-seq]')];
    const at = rows.indexOf((event.target as HTMLElement).closest('.chat-line') as HTMLElement);
    const next = at < 0 ? rows.length - 1 : at + (event.key === 'ArrowUp' ? -1 : 1);
    if (rows[next]) {
      event.preventDefault();
      rows[next].focus();
    }
  }

  private mute(name: string): void {
    this.muted.add(name);
    remember('chat-muted', [...this.muted]);
    for (const row of this.log.querySelectorAll<HTMLElement>(`.chat-line[data-name="${CSS.escape(name)}"]`)) {
      row.remove();
    }
    this.showMuted();
  }

  private unmuteAll(): void {
    this.muted.clear();
    remember('chat-muted', []);
    this.showMuted();
  }

  private showMuted(): void {
    const button = this.querySelector<HTMLElement>('.chat-unmute');
    if (button) {
      button.hidden = this.muted.size === 0;
      const count = button.querySelector('.numbers');
      if (count) {
        count.textContent = String(this.muted.size);
      }
    }
  }
}

/** crypto.randomUUID is missing on pages without TLS. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

customElements.define('chat-room', ChatRoom);
