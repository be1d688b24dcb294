// What a room shows of its moderation: that somebody may not write and until when, the pinned message, the shield, a warning.

import { lang } from '../core/dom';
import { moment } from '../core/format';
import type { Lifetime } from '../core/lifetime';
import type { ChatState } from './chat-state';
import { called, isGuest, named, plainText, type Words } from './message-view';

const HALF_A_DAY_MILLIS = 12 * 3_600_000;
/** Timers count in 32 bits. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;
/** The server's clock and this one differ a little. */
const LATER_MILLIS = 300;

export class ModerationView {
  private freeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly words: Words,
    life: Lifetime,
  ) {
    const note = host.querySelector<HTMLElement>('.chat-warned');
    if (note) {
      life.listen(note.querySelector('button'), 'click', () => {
        note.hidden = true;
      });
    }
    life.atEnd(() => clearTimeout(this.freeTimer));
  }

  show(state: ChatState): void {
    this.showSanction(state);
    this.showPinned(state);
    const button = this.host.querySelector<HTMLElement>('.chat-moderation');
    if (button) {
      // With nothing behind it, it is not there: a raid can be banned only while the shield is up.
      button.hidden = !state.rights.has('SETTINGS') && !(state.rights.has('BAN') && state.shieldHours > 0);
      button.classList.toggle('chat-moderation-up', state.shieldHours > 0);
    }
  }

  private showSanction(state: ChatState): void {
    const sanction = state.sanction;
    const note = this.host.querySelector<HTMLElement>('.chat-banned');
    const form = this.host.querySelector<HTMLElement>('form');
    if (note && form) {
      note.hidden = sanction === undefined;
      form.hidden = sanction !== undefined;
      note.textContent = sanction
        ? [
            this.words[sanction.kind === 'BAN' ? 'moderation.banned' : 'moderation.timed-out'],
            sanction.until
              ? (this.words['moderation.until'] ?? '').replace('{0}', ends(sanction.until))
              : sanction.broadcast
                ? this.words['moderation.until.broadcast']
                : '',
            sanction.reason ? (this.words['moderation.banned.reason'] ?? '{0}').replace('{0}', sanction.reason) : '',
          ]
            .filter(Boolean)
            .join(lang().startsWith('zh') ? '' : ' ')
        : '';
    }
    this.freeWhenOver(state, sanction?.until);
  }

  /** A time-out ends on this page too, without a word from the server. */
  private freeWhenOver(state: ChatState, until: string | null | undefined): void {
    clearTimeout(this.freeTimer);
    const left = until ? Date.parse(until) - Date.now() : 0;
    if (until && left < LONGEST_TIMER_MILLIS) {
      this.freeTimer = setTimeout(() => {
        state.sanction = undefined;
        this.show(state);
      }, Math.max(0, left) + LATER_MILLIS);
    }
  }

  private showPinned(state: ChatState): void {
    const pinned = this.host.querySelector<HTMLElement>('.chat-pinned');
    if (pinned) {
      const message = state.pinned;
      pinned.hidden = message === undefined;
      const text = pinned.querySelector('span');
      if (text && message) {
        text.textContent = named(
          this.words,
          called(message.author.display, isGuest(message.author), this.words),
          plainText(message.tokens),
        );
      }
      pinned.querySelector('button')?.toggleAttribute('hidden', !state.rights.has('DELETE'));
    }
  }

  warn(reason: string): void {
    const note = this.host.querySelector<HTMLElement>('.chat-warned');
    if (note) {
      note.hidden = false;
      const text = note.querySelector('span');
      if (text) {
        text.textContent = (this.words['moderation.warned'] ?? '{0}').replace('{0}', reason);
      }
    }
  }
}

/** When it ends: the time of day where that is soon, with the date where it is not. */
function ends(at: string): string {
  const soon = Date.parse(at) - Date.now() < HALF_A_DAY_MILLIS;
  return soon
    ? new Intl.DateTimeFormat(lang(), { timeStyle: 'medium', hourCycle: 'h23' }).format(new Date(at))
    : moment(new Date(at), lang());
}
