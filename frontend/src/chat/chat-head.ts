// The head of a room: who is here, what one may set for oneself, and to be without it.
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { remember, remembered } from '../core/storage';
import { openMenu } from '../ui/menu';
import type { ChatLog } from './chat-log';
import type { Words } from './message-view';
import type { ReadAloud } from './read-aloud';

/** Where the page has an arrangement without the chat, as its style sheet says. */
const CAN_HIDE = '(min-width: 1000px), (orientation: landscape) and (max-height: 500px)';

export class ChatHead {
  private away = remembered('chat-hidden', false);

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
      // What is remembered of a wide page is kept for it while the phone is held upright.
      const fits = matchMedia(CAN_HIDE);
      life.listen(fits, 'change', () => this.arrange(fits.matches));
      this.arrange(fits.matches);
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

  private arrange(fits: boolean): void {
    if (fits && this.away) {
      document.body.dataset.chat = 'hidden';
    } else {
      delete document.body.dataset.chat;
    }
  }

  private hide(on: boolean): void {
    this.away = on;
    remember('chat-hidden', on);
    this.arrange(true);
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
