// <held-messages data-channel>: messages that wait, for moderators.

import { element, texts } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import type { HeldMessage, HeldSays } from '../wire/chat';
import { pageSocket } from '../wire/page-socket';
import { guestMark, isGuest, tokenNode } from './message-view';

class HeldMessages extends Island {
  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(this.topic(), (event) => {
        if (event.type === 'held') {
          this.show(event.messages);
        }
      }),
    );
  }

  private topic(): `held:${string}` {
    return `held:${this.dataset.channel}`;
  }

  private show(messages: HeldMessage[]): void {
    const words = texts(this);
    this.hidden = messages.length === 0;
    this.querySelector('ul')?.replaceChildren(
      ...messages.map((message) =>
        element(
          'li',
          'held-message',
          element(
            'span',
            'held-text',
            message.author.display,
            ...(isGuest(message.author) ? [guestMark(words)] : []),
            ': ',
            ...message.tokens.map((t) => tokenNode(t, undefined)),
          ),
          element('span', 'pill', words[message.reason] ?? message.reason),
          this.button(words.allow ?? 'Allow', 'allow', message.id),
          this.button(words.trust ?? 'Trust', 'allow', message.id, true),
          this.button(words.deny ?? 'Deny', 'deny', message.id),
        ),
      ),
    );
  }

  private button(text: string, type: HeldSays['type'], id: number, trust = false): HTMLButtonElement {
    const button = element('button', 'button button-small', text);
    button.type = 'button';
    button.addEventListener('click', () => pageSocket().say(this.topic(), { type, id, trust }));
    return button;
  }
}

customElements.define('held-messages', HeldMessages);
