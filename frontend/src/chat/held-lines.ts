// <held-lines data-channel>: lines that wait, for those who keep the room.

import { element, texts } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../core/socket';
import type { HeldLine } from '../wire/chat';
import { tokenNode } from './line-view';

class HeldLines extends Island {
  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(this.topic(), (message) => {
        if (message.type === 'held') {
          this.show((message as unknown as { lines: HeldLine[] }).lines);
        }
      }),
    );
  }

  private topic(): string {
    return `held:${this.dataset.channel}`;
  }

  private show(lines: HeldLine[]): void {
    const words = texts(this);
    this.hidden = lines.length === 0;
    this.querySelector('ul')?.replaceChildren(
      ...lines.map((line) =>
        element(
          'li',
          'held-line',
          element('span', 'held-text', `${line.author.display}: `, ...line.tokens.map((t) => tokenNode(t, undefined))),
          element('span', 'pill', words[line.reason] ?? line.reason),
          this.button(words.allow ?? 'Allow', 'allow', line.id),
          this.button(words.trust ?? 'Trust', 'allow', line.id, true),
          this.button(words.deny ?? 'Deny', 'deny', line.id),
        ),
      ),
    );
  }

  private button(text: string, type: string, id: number, trust = false): HTMLButtonElement {
    const button = element('button', 'button button-small', text);
    button.type = 'button';
    button.addEventListener('click', () => pageSocket().say(this.topic(), { type, id, trust }));
    return button;
  }
}

customElements.define('held-lines', HeldLines);
