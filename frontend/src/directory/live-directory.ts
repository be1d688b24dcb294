// <live-directory>: keeps the cards of the home page as the server would render them now.
import { element, icon, lang, texts } from '../core/dom';
import { count } from '../core/format';
import { pageSocket } from '../core/socket';
import type { DirectoryMessage, LiveCard } from '../wire/live';

class LiveDirectory extends HTMLElement {
  private stop: (() => void) | undefined;

  connectedCallback(): void {
    this.stop = pageSocket().follow('home', (message) => this.show((message as unknown as DirectoryMessage).live));
  }

  disconnectedCallback(): void {
    this.stop?.();
  }

  private show(live: LiveCard[]): void {
    const list = this.querySelector('ul');
    const empty = this.querySelector('.empty');
    if (!list || !empty) {
      return;
    }
    const words = texts(this);
    const focused = document.activeElement?.getAttribute('href');
    list.replaceChildren(...live.map((card) => this.card(card, words)));
    if (focused) {
      list.querySelector<HTMLElement>(`a[href="${CSS.escape(focused)}"]`)?.focus();
    }
    list.hidden = live.length === 0;
    empty.toggleAttribute('hidden', live.length > 0);
  }

  private card(card: LiveCard, words: Record<string, string>): HTMLLIElement {
    const picture = element(
      'div',
      'card-picture',
      icon(card.audioOnly ? 'radio' : 'tv'),
      element('span', 'pill pill-live card-live', words.live ?? 'LIVE'),
      element(
        'span',
        'pill pill-shade card-viewers numbers',
        icon('eye'),
        element('span', '', count(card.viewers, lang())),
        element('span', 'visually-hidden', words.viewers ?? ''),
      ),
    );
    const text = element(
      'div',
      'card-text',
      element('span', 'avatar', card.channel.charAt(0)),
      element('div', '', element('div', 'card-title', card.title), element('div', 'card-channel', card.channel)),
    );
    const link = element('a', 'card', picture, text);
    link.href = `/${card.channel}`;
    return element('li', '', link);
  }
}

customElements.define('live-directory', LiveDirectory);
