// The head of a room: who is here, what one may set for oneself, and to be without it.
import type { Lifetime } from '../core/lifetime';
import { counted } from '../core/plural';
import { openMenu } from '../ui/menu';
import { enterHiding } from './chat-hiding';
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
    enterHiding(host, life);
    // On a phone the page makes room while somebody writes: it would come back under the finger before the press is one.
    life.listen(host, 'mousedown', (event) => {
      if (host.querySelector('textarea:focus') && (event.target as Element).closest('button, summary')) {
        event.preventDefault();
      }
    });
  }

  /** What does nothing without a script is hidden until there is one. */
  private shown(selector: string): HTMLElement | null {
    const found = this.host.querySelector<HTMLElement>(selector);
    if (found) {
      found.hidden = false;
    }
    return found;
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
