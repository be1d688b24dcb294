// <chat-room data-channel>: comments of a channel: what is said, what one may say, and what moderators do.

import { element, icon, texts } from '../core/dom';
import { Island } from '../core/island';
import { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { remember, remembered } from '../core/storage';
import { type MenuItem, openMenu } from '../ui/menu';
import { openReport } from '../ui/report-dialog';
import type { ChatAction, ChatMessage } from '../wire/chat';
import { pageSocket } from '../wire/page-socket';
import { ChatLog } from './chat-log';
import { type Change, ChatState, type Pending } from './chat-state';
import { Composer } from './composer';
import { plainText, type Words } from './message-view';
import type { ModerationTools } from './moderation-tools';
import { ModerationView } from './moderation-view';

class ChatRoom extends Island {
  private readonly state = new ChatState();
  private words: Words = {};
  private log!: ChatLog;
  private composer: Composer | undefined;
  private moderation: ModerationTools | undefined;
  private moderationView!: ModerationView;
  private stay = new Lifetime();
  private moderates = false;

  protected enter(life: Lifetime): void {
    this.stay = life;
    this.words = texts(this);
    this.moderationView = new ModerationView(this, this.words, life);
    const log = this.querySelector('.chat-log') as HTMLElement;
    this.log ??= new ChatLog(
      log,
      this.querySelector('.chat-newer') as HTMLButtonElement,
      this.querySelector('.chat-unmute'),
      this.words,
      () => this.state.me,
    );
    this.log.enter(life);
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
    life.listen(log, 'click', (event) => this.offerActions(event.target as HTMLElement));
    life.listen(this.querySelector('.chat-moderation'), 'click', (event) => {
      if (this.moderation) {
        openMenu(event.currentTarget as HTMLElement, this.moderation.roomItems());
      }
    });
    life.listen(this.querySelector('.chat-pinned button'), 'click', () => {
      void this.moderation?.command({ kind: 'unpin' });
    });
    const read = this.querySelector<HTMLInputElement>('.chat-read');
    if (read) {
      read.checked = remembered('chat-read', false);
      log.setAttribute('aria-live', read.checked ? 'polite' : 'off');
      life.listen(read, 'change', () => {
        remember('chat-read', read.checked);
        log.setAttribute('aria-live', read.checked ? 'polite' : 'off');
      });
    }
    life.atEnd(
      pageSocket().follow(
        `chat:${this.dataset.channel}`,
        (event) => {
          for (const change of this.state.apply(event)) {
            this.show(change);
          }
        },
        () => this.state.seen(),
      ),
    );
    life.atEnd(() => {
      this.moderation = undefined;
      this.moderates = false;
    });
  }

  // ---- what the room says ------------------------------------------------------------------------------------------

  private show(change: Change): void {
    switch (change.kind) {
      case 'start':
        this.log.clear();
        break;
      case 'gap':
        this.log.clear();
        this.log.note(element('p', 'chat-system', counted(this.words, 'missed', change.missed)));
        break;
      case 'messages':
        this.log.add(change.messages);
        break;
      case 'settled':
        this.log.pending(change.id)?.remove();
        break;
      case 'waits': {
        const row = this.log.pending(change.id);
        row?.append(element('span', 'chat-waits', this.words.waits ?? ''));
        break;
      }
      case 'refused': {
        this.log.pending(change.pending.id)?.remove();
        const word = (key: string) => this.words[key]?.replace('{1}', String(change.number ?? ''));
        const reason = word(`refused.${change.reason}`) ?? change.reason;
        this.composer?.refused(
          change.pending.text,
          { wait: reason, later: word(`refused.${change.reason}.later`) ?? reason },
          change.retryMillis,
        );
        break;
      }
      case 'settings':
        this.showSettings();
        this.showModeration();
        break;
      case 'removed':
        this.log.remove(change.seqs, this.state.moderator);
        break;
      case 'restored':
        for (const message of change.messages) {
          this.log.restore(message);
        }
        break;
      case 'warned':
        this.moderationView.warn(change.reason);
        break;
      case 'resend':
        for (const pending of change.pending) {
          this.transmit(pending);
        }
        break;
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
    this.toggleAttribute('data-moderator', this.state.moderator);
  }

  // ---- saying ------------------------------------------------------------------------------------------------------

  private send(text: string, replyTo: number | undefined): boolean {
    const pending: Pending = { id: uuid(), text, replyTo, waits: false };
    this.state.say(pending);
    this.log.addPending(pending.id, this.dataset.display ?? this.state.me ?? '', text);
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

  // ---- moderation --------------------------------------------------------------------------------------------------

  /** What the page's person may here, and what keeps them from writing. */
  private showModeration(): void {
    this.moderationView.show(this.state);
    if (this.state.moderator && !this.moderates) {
      this.moderates = true;
      void this.moderate(this.stay);
    }
  }

  private async moderate(life: Lifetime): Promise<void> {
    life.atEnd(
      pageSocket().follow(`held:${this.dataset.channel}`, (event) => {
        if (event.type === 'acted') {
          this.acted(event.action, event.seqs);
        }
      }),
    );
    const { ModerationTools } = await import('./moderation-tools');
    if (life.over) {
      return;
    }
    this.moderation = new ModerationTools(
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

  /** A moderator did something, or the site by itself: told among the messages, to moderators alone. */
  private acted(action: ChatAction, seqs: number[]): void {
    this.log.struckBy(seqs, action.actor);
    const said = [action.actor, this.words[`moderation.kind.${action.kind}`], action.target, action.reason]
      .filter(Boolean)
      .join(' · ');
    const note = element('p', 'chat-system', icon('shield'), ` ${said}`);
    if (action.undone) {
      note.classList.add('struck');
    }
    if (action.kind === 'SHIELD_AUTO') {
      note.append(element('span', '', ` – ${this.words['moderation.shield.auto'] ?? ''}`));
    }
    this.log.note(note);
  }

  private command(text: string): Promise<void> | undefined {
    return this.moderation?.typed(text);
  }

  // ---- the menu of a message ---------------------------------------------------------------------------------------

  private offerActions(target: HTMLElement): void {
    const button = target.closest<HTMLElement>('.chat-actions');
    const row = target.closest<HTMLElement>('.chat-message[data-seq]');
    const message = row && this.log.message(row);
    if (button && message) {
      openMenu(button, this.items(message));
    }
  }

  private items(message: ChatMessage): MenuItem[] {
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
    const mine = message.author.name === this.state.me;
    if (this.composer && !message.removed && !this.state.sanction) {
      add('reply', 'reply', () =>
        this.composer?.reply({ seq: message.seq, name: message.author.display, text: plainText(message.tokens) }),
      );
    }
    items.push(...(this.moderation?.items(message, mine) ?? []));
    add('copy', 'copy', () => void navigator.clipboard?.writeText(plainText(message.tokens)));
    if (message.author.name && !mine) {
      add('mute', 'volume-x', () => this.log.mute(message.author.name));
      add('moderation.report', 'flag', () => this.report(message));
    }
    return items;
  }

  private report(message: ChatMessage): void {
    if (!this.state.me) {
      location.href = `/login?continue=/${this.dataset.channel}`;
      return;
    }
    openReport(
      { kind: 'MESSAGE', channel: this.dataset.channel ?? '', seq: message.seq },
      this.words,
      message.author.name,
    );
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
