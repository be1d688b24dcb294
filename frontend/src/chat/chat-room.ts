// <chat-room data-channel>: comments of a channel: what is said, what one may say, and what moderators do.

import { ApiError, reasonOf } from '../core/api';
import { element, icon, texts } from '../core/dom';
import { Island } from '../core/island';
import { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { uuid } from '../core/uuid';
import { type MenuItem, openMenu } from '../ui/menu';
import { openReport, type Reported } from '../ui/report-dialog';
import type { ChatAction, ChatMessage } from '../wire/chat';
import { pageSocket } from '../wire/page-socket';
import { ChatHead } from './chat-head';
import { ChatLog } from './chat-log';
import { type Change, ChatState, type Pending } from './chat-state';
import { asksForHelp, helpNote, isCommand } from './commands';
import { Composer, inSeconds, type Reason } from './composer';
import { listenForLongPress } from './long-press';
import { called, isGuest, plainText, shownName, type Words } from './message-view';
import type { ModerationTools } from './moderation-tools';
import { ModerationView } from './moderation-view';
import type { PeopleList } from './people-list';
import { ReadAloud } from './read-aloud';
import { RoomTime } from './room-time';

class ChatRoom extends Island {
  private readonly state = new ChatState();
  private words: Words = {};
  private log!: ChatLog;
  private time!: RoomTime;
  private reader!: ReadAloud;
  private composer: Composer | undefined;
  private moderation: ModerationTools | undefined;
  private moderationView!: ModerationView;
  private stay = new Lifetime();
  private moderates = false;
  private people: Promise<PeopleList> | undefined;
  /** Said by the player's box, which hears what became of it. */
  private readonly elsewhere = new Set<string>();

  protected enter(life: Lifetime): void {
    this.stay = life;
    this.words = texts(this);
    this.moderationView = new ModerationView(this, this.words, life);
    const log = this.querySelector('.chat-log') as HTMLElement;
    this.log ??= new ChatLog(
      log,
      this.querySelector('.chat-newer') as HTMLButtonElement,
      this.words,
      () => this.state.me,
      () => this.composer !== undefined && !this.state.sanction,
    );
    this.log.enter(life);
    this.time ??= new RoomTime(this, this.log, () => this.state.me);
    this.time.enter(life);
    const reader = new ReadAloud(this.querySelector('.chat-heard'), this.words);
    reader.enter(life);
    this.reader = reader;
    new ChatHead(this, life, this.words, this.log, reader);
    const form = this.querySelector('form');
    if (form) {
      this.composer = new Composer(form, life, {
        words: this.words,
        known: () => ({
          names: this.state.recentAuthors(),
          emotes: this.state.emotes,
          commands: this.moderation ? this.state.commands : [],
        }),
        send: (text, replyTo) => this.send(text, replyTo),
        command: (text) => this.command(text),
      });
      life.listen<CustomEvent<{ text?: string }>>(document, 'millrace:say', (event) => this.sayFor(event.detail));
    }
    life.listen(log, 'click', (event) => this.clicked(event.target as HTMLElement));
    listenForLongPress(log, life, (actions) => this.clicked(actions));
    const people = this.querySelector<HTMLElement>('.chat-people');
    if (people) {
      people.hidden = false;
      life.listen(people, 'click', () => void this.showPeople(people, life));
    }
    life.listen(this.querySelector('.chat-moderation'), 'click', (event) => {
      if (this.moderation) {
        openMenu(event.currentTarget as HTMLElement, this.moderation.roomItems());
      }
    });
    life.listen(this.querySelector('.chat-pinned button'), 'click', () => {
      void this.moderation?.command({ kind: 'unpin' });
    });
    life.atEnd(
      pageSocket().follow(
        `chat:${this.dataset.channel}`,
        (event) => {
          const changes = this.state.apply(event);
          for (const change of changes) {
            this.show(change);
          }
          // What was said before is there to be read; only what is said from now on is heard.
          if (!this.time.past && !changes.some(({ kind }) => kind === 'start' || kind === 'gap')) {
            reader.hear(
              changes.flatMap((change) => (change.kind === 'messages' ? change.messages : [])).filter(this.heard),
            );
          }
        },
        () => this.state.seen(),
      ),
    );
    life.atEnd(() => {
      this.moderation = undefined;
      this.moderates = false;
      this.people = undefined;
      this.elsewhere.clear();
    });
  }

  /** Said by somebody else, whom this browser reads. */
  private readonly heard = ({ author }: ChatMessage): boolean =>
    author.name !== this.state.me && !this.log.mutes(author.name);

  // ---- what the room says ------------------------------------------------------------------------------------------

  private show(change: Change): void {
    switch (change.kind) {
      case 'start':
        this.time.clear();
        break;
      case 'gap':
        this.time.clear();
        this.log.note(element('p', 'chat-system', counted(this.words, 'missed', change.missed)));
        break;
      case 'messages':
        this.time.add(change.messages);
        break;
      case 'settled':
        this.log.pending(change.id)?.remove();
        this.heardElsewhere(change.id);
        this.slowDown();
        break;
      case 'waits': {
        const row = this.log.pending(change.id);
        row?.append(element('span', 'chat-waits', this.words.waits ?? ''));
        this.heardElsewhere(change.id, this.words.waits);
        break;
      }
      case 'refused': {
        this.log.pending(change.pending.id)?.remove();
        const reason = this.reason(change.reason, change.number);
        if (!this.heardElsewhere(change.pending.id, inSeconds(reason, change.retryMillis, this.words))) {
          this.composer?.refused(change.pending.text, reason, change.retryMillis);
        }
        break;
      }
      case 'settings':
        this.showSettings();
        this.showModeration();
        break;
      case 'removed':
        this.time.remove(change.seqs, this.state.moderator);
        this.reader.removed(change.seqs);
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
    if (this.state.guest !== undefined && rules.writers === 'EVERYONE' && !rules.guests) {
      said.push(this.words['mode.guests'] ?? '');
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
    this.say(uuid(), text, replyTo);
    return true;
  }

  private say(id: string, text: string, replyTo: number | undefined): void {
    const pending: Pending = { id, text, replyTo, waits: false };
    this.state.say(pending);
    this.log.addPending(pending.id, this.dataset.display ?? this.state.guest ?? this.state.me ?? '', text);
    // Without a connection it waits here, and is said when the page is back.
    this.transmit(pending);
  }

  private reason(key: string, number: number | null): Reason {
    const word = (name: string) => this.words[name]?.replace('{1}', String(number ?? ''));
    const wait = word(`refused.${key}`) ?? key;
    return { wait, later: word(`refused.${key}.later`) ?? wait };
  }

  /** In slow mode the next one has to wait; those who moderate do not. */
  private slowDown(): void {
    const seconds = this.state.settings?.slowSeconds ?? 0;
    if (seconds > 0 && !this.state.moderator) {
      this.composer?.wait(this.reason('slow', seconds), seconds * 1_000);
    }
  }

  /** What is typed over the picture is said as if it were typed here; the reason of a refusal goes back to where it was typed. */
  private sayFor(said: { text?: string } | null): void {
    const text = said?.text?.trim() ?? '';
    if (text !== '') {
      const id = uuid();
      this.elsewhere.add(id);
      const doing = this.command(text);
      if (doing) {
        doing.then(
          () => this.heardElsewhere(id),
          (failure: unknown) => this.heardElsewhere(id, reasonOf(failure)),
        );
      } else {
        this.say(id, text, undefined);
      }
    }
  }

  /** Answers whether a message was typed elsewhere; then whoever typed it is told. */
  private heardElsewhere(id: string, refusal?: string): boolean {
    const heard = this.elsewhere.delete(id);
    if (heard) {
      document.dispatchEvent(new CustomEvent('millrace:said', { detail: refusal === undefined ? {} : { refusal } }));
    }
    return heard;
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
    const target = action.target && called(action.target, action.guest, this.words);
    const said = [action.actor, this.words[`moderation.kind.${action.kind}`], target, action.reason]
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
    if (!isCommand(text)) {
      return undefined;
    }
    if (asksForHelp(text)) {
      this.log.answer(helpNote(this.state.commands, this.state.emotes, this.words));
      return Promise.resolve();
    }
    return this.moderation?.typed(text) ?? Promise.reject(new ApiError(422, this.words['refused.command'] ?? ''));
  }

  // ---- the menu of a message ---------------------------------------------------------------------------------------

  private clicked(target: HTMLElement): void {
    const row = target.closest<HTMLElement>('.chat-message[data-seq]');
    const message = row && this.log.message(row);
    const button = target.closest('button');
    if (!message || !button) {
      return;
    }
    if (button.matches('.chat-actions')) {
      openMenu(button, this.items(message));
    } else if (button.matches('.chat-answer')) {
      this.answer(message);
    } else if (button.matches('.chat-name')) {
      void this.showCard(button, message.author.name, message.seq);
    } else if (button.matches('.chat-reply')) {
      this.log.goTo(Number(button.dataset.to));
    }
  }

  private answer(message: ChatMessage): void {
    this.composer?.reply({
      seq: message.seq,
      name: called(message.author.display, isGuest(message.author), this.words),
      text: plainText(message.tokens),
    });
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
      add('reply', 'reply', () => this.answer(message));
    }
    items.push(...(this.moderation?.items(message, mine) ?? []));
    add('copy', 'copy', () => void navigator.clipboard?.writeText(plainText(message.tokens)));
    if (message.author.name && !mine) {
      add('mute', 'volume-x', () => this.mute(message.author.name));
      add('moderation.report', 'flag', () =>
        this.report({ kind: 'MESSAGE', seq: message.seq }, shownName(message.author, this.words)),
      );
    }
    return items;
  }

  private mute(name: string): void {
    this.log.mute(name);
    this.reader.muted(name);
  }

  private report(what: Omit<Reported, 'channel'>, whom: string): void {
    if (!this.state.me) {
      location.href = `/login?continue=/${this.dataset.channel}`;
      return;
    }
    openReport({ ...what, channel: this.dataset.channel ?? '' }, this.words, whom);
  }

  // ---- people ------------------------------------------------------------------------------------------------------

  /** @param seq of the message whose author it is: then that is what is reported */
  private async showCard(at: HTMLElement, name: string, seq?: number): Promise<void> {
    const { openCard } = await import('./person-card');
    const { composer, moderation } = this;
    await openCard(at, name, {
      channel: this.dataset.channel ?? '',
      words: this.words,
      me: () => this.state.me,
      mention:
        composer && !this.state.sanction
          ? (whom) => {
              composer.insert(`@${whom} `);
              composer.focus();
            }
          : undefined,
      muted: (whom) => this.log.mutes(whom),
      mute: (whom, on) => (on ? this.mute(whom) : this.log.unmute(whom)),
      report: (user, shown) =>
        this.report(seq === undefined ? { kind: 'USER', user } : { kind: 'MESSAGE', seq }, shown),
      message: seq !== undefined,
      about: moderation ? (whom, close) => moderation.about(whom, close) : undefined,
    });
  }

  private async showPeople(button: HTMLElement, life: Lifetime): Promise<void> {
    this.people ??= import('./people-list').then(
      ({ PeopleList }) =>
        new PeopleList(this.querySelector('.chat-frame') as HTMLElement, button, life, {
          channel: this.dataset.channel ?? '',
          words: this.words,
          card: (at, name) => void this.showCard(at, name),
        }),
    );
    (await this.people).toggle();
  }
}

customElements.define('chat-room', ChatRoom);
