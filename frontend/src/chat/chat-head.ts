// The head of a room: who is here, what one may set for oneself, and to be without it.
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { remember, remembered } from '../core/storage';
import { openMenu } from '../ui/menu';
import type { ChatLog } from './chat-log';
import type { Words } from './message-view';
import type { ReadAloud } from './read-aloud';

export class ChatHead {
  constructor(
    private readonly host: HTMLElement,
    life: Lifetime,
    private readonly words: Words,
    private readonly log: ChatLog,
    private readonly reader: ReadAloud,
  ) {
    const settings = this.shown('.chat-settings');
    life.listen(settings, 'click', () => settings && this.offer(settings));
    // Beside a picture it can be away; in the studio and in a window of its own it is what one came for.
    if (host.closest('.watch-chat')) {
      const hide = this.shown('.chat-hide');
      life.listen(hide, 'click', () => this.hide(true));
      life.listen(document, 'click', (event) => {
        if ((event.target as HTMLElement).closest?.('.chat-show')) {
          this.hide(false);
          hide?.focus();
        }
      });
      this.hide(remembered('chat-hidden', false));
    }
  }

  /** What does nothing without a script is hidden until there is one. */
  private shown(selector: string): HTMLElement | null {
    const found = this.host.querySelector<HTMLElement>(selector);
    if (found) {
      found.hidden = false;
    }
    return found;
  }

  private hide(on: boolean): void {
    if (on) {
      document.body.dataset.chat = 'hidden';
    } else {
      delete document.body.dataset.chat;
    }
    remember('chat-hidden', on);
    if (on) {
      document.querySelector<HTMLElement>('.chat-show')?.focus();
    }
  }

  private offer(button: HTMLElement): void {
    const reads = this.reader.on;
    const muted = this.log.mutedCount;
    openMenu(button, [
      {
        text: this.words.read ?? '',
        symbol: 'volume-2',
        checked: reads,
        choose: () => {
          this.reader.turn(!reads);
          return undefined;
        },
      },
      ...(muted > 0
        ? [
            {
              text: counted(this.words, 'unmute', muted),
              symbol: 'eye',
              choose: () => {
                this.log.unmute();
                return undefined;
              },
            },
          ]
        : []),
    ]);
  }
}
