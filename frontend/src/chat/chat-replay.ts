// <chat-replay data-video data-channel>: what was said while a video was on air, as its picture gets there. Reading is for everybody.
import { texts } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { MOMENT, type Moment } from '../core/moment';
import { type MenuItem, openMenu } from '../ui/menu';
import { openReport } from '../ui/report-dialog';
import type { ChatMessage } from '../wire/chat';
import { enterHiding } from './chat-hiding';
import { ChatLog } from './chat-log';
import { listenForLongPress } from './long-press';
import { plainText, shownName, type Words } from './message-view';
import { askSite, Replay } from './replay';

class ChatReplay extends Island {
  private words: Words = {};
  private log!: ChatLog;

  protected enter(life: Lifetime): void {
    this.words = texts(this);
    const place = this.querySelector('.chat-log') as HTMLElement;
    this.log ??= new ChatLog(
      place,
      this.querySelector('.chat-newer') as HTMLButtonElement,
      this.words,
      () => this.dataset.me,
      () => false,
    );
    this.log.enter(life);
    enterHiding(this, life);
    const address = `/api/v1/videos/${this.dataset.video}/messages`;
    const replay = new Replay({
      ask: (from, to) => askSite(address, from, to),
      clear: () => this.log.clear(),
      add: (messages, now) => this.log.add(messages, now),
    });
    life.listen<CustomEvent<Moment | null>>(document, MOMENT, ({ detail }) => {
      if (detail) {
        replay.moment(detail.wall, detail.until, Date.now());
      }
    });
    life.listen(place, 'click', (event) => this.clicked(event.target as HTMLElement));
    listenForLongPress(place, life, (actions) => this.clicked(actions));
  }

  private clicked(target: HTMLElement): void {
    const row = target.closest<HTMLElement>('.chat-message[data-seq]');
    const message = row && this.log.message(row);
    const button = target.closest('button');
    if (!message || !button) {
      return;
    }
    if (button.matches('.chat-reply')) {
      this.log.goTo(Number(button.dataset.to));
    } else if (button.matches('.chat-name')) {
      void this.showCard(button, message);
    } else if (button.matches('.chat-actions')) {
      openMenu(button, this.items(message));
    }
  }

  private items(message: ChatMessage): MenuItem[] {
    const item = (word: string, symbol: string, run: () => void): MenuItem => ({
      text: this.words[word] ?? word,
      symbol,
      choose: () => {
        run();
        return undefined;
      },
    });
    const { name } = message.author;
    return [
      item('copy', 'copy', () => void navigator.clipboard?.writeText(plainText(message.tokens))),
      ...(name && name !== this.dataset.me
        ? [
            item('mute', 'volume-x', () => this.log.mute(name)),
            item('moderation.report', 'flag', () => this.report(message)),
          ]
        : []),
    ];
  }

  private async showCard(at: HTMLElement, message: ChatMessage): Promise<void> {
    const { openCard } = await import('./person-card');
    await openCard(at, message.author.name, {
      channel: this.dataset.channel ?? '',
      words: this.words,
      me: () => this.dataset.me,
      mention: undefined,
      muted: (whom) => this.log.mutes(whom),
      mute: (whom, on) => (on ? this.log.mute(whom) : this.log.unmute(whom)),
      report: () => this.report(message),
      message: true,
      about: undefined,
    });
  }

  private report(message: ChatMessage): void {
    const channel = this.dataset.channel ?? '';
    if (!this.dataset.me) {
      // It asks whoever has no account to log in, unless they are a guest of the channel.
      const query = new URLSearchParams({ kind: 'MESSAGE', channel, seq: String(message.seq) });
      location.href = `/reports/new?${query}`;
      return;
    }
    openReport({ kind: 'MESSAGE', seq: message.seq, channel }, this.words, shownName(message.author, this.words));
  }
}

customElements.define('chat-replay', ChatReplay);
