// <search-box> around the search form: what somebody who types may mean.

import { call } from '../core/api';
import { element, icon, lang, texts } from '../core/dom';
import { foundPieces } from '../core/found';
import { hueOf } from '../core/hues';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { lettersAreKeys } from '../core/storage';
import type { Suggestions } from '../wire/live';

const PAUSE_MILLIS = 150;

class SearchBox extends Island {
  private input!: HTMLInputElement;
  private list!: HTMLElement;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = '';
  private chosen = -1;

  protected enter(life: Lifetime): void {
    const input = this.querySelector('input');
    const list = this.querySelector<HTMLElement>('.search-list');
    if (!input || !list) {
      return;
    }
    this.input = input;
    this.list = list;
    life.listen<InputEvent>(input, 'input', (event) => {
      if (!event.isComposing) {
        this.askSoon();
      }
    });
    life.listen(input, 'compositionend', () => this.askSoon());
    life.listen<KeyboardEvent>(input, 'keydown', (event) => this.key(event));
    life.listen(input, 'focus', () => this.asked && this.open(this.list.childElementCount > 0));
    life.listen<FocusEvent>(this, 'focusout', (event) => {
      if (!this.contains(event.relatedTarget as Node | null)) {
        this.open(false);
      }
    });
    life.atEnd(() => clearTimeout(this.timer));
    life.listen<KeyboardEvent>(document, 'keydown', (event) => {
      const target = event.target as HTMLElement;
      if (event.key === '/' && lettersAreKeys() && !target.closest('input, textarea, select, [contenteditable]')) {
        event.preventDefault();
        input.focus();
      }
    });
  }

  private askSoon(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.ask(), PAUSE_MILLIS);
  }

  private async ask(): Promise<void> {
    const typed = this.input.value.trim();
    this.asked = typed;
    if (typed === '') {
      this.open(false);
      return;
    }
    try {
      const found = await call<Suggestions>('GET', `/api/v1/search/suggestions?q=${encodeURIComponent(typed)}`);
      if (this.asked === typed) {
        this.show(found);
      }
    } catch {
      this.open(false); // Enter still searches
    }
  }

  private show(found: Suggestions): void {
    const words = texts(this);
    const options = [
      ...found.channels.map((channel) =>
        this.option(
          `/${channel.channel}`,
          face(channel.displayName, channel.avatar),
          channel.displayName,
          [`@${channel.channel}`, channel.tag ? `#${channel.tag}` : channel.title].filter((part) => part).join(' · '),
          channel.live ? element('span', 'pill pill-live', words.live ?? 'LIVE') : '',
        ),
      ),
      ...found.categories.map((category) =>
        this.option(
          `/categories/${category.slug}`,
          icon('layout-grid'),
          lang().startsWith('zh') ? category.nameZh : category.nameEn,
          words.category ?? '',
        ),
      ),
      ...found.tags.map((tag) => this.option(`/tags/${encodeURIComponent(tag)}`, icon('hash'), tag, words.tag ?? '')),
    ];
    options.forEach((option, index) => {
      option.id = `search-option-${index}`;
    });
    this.list.replaceChildren(...options);
    this.chosen = -1;
    this.open(options.length > 0);
  }

  private option(href: string, picture: Node, text: string, more: string, end: Node | string = ''): HTMLAnchorElement {
    const link = element(
      'a',
      'search-option',
      picture,
      element(
        'span',
        'search-text',
        element('span', 'search-name', ...marked(text, this.asked)),
        element('span', 'search-more quiet small', ...marked(more, this.asked)),
      ),
      end,
    );
    link.href = href;
    link.setAttribute('role', 'option');
    link.tabIndex = -1;
    return link;
  }

  private open(open: boolean): void {
    this.list.hidden = !open;
    this.input.setAttribute('aria-expanded', String(open));
    if (!open) {
      this.input.removeAttribute('aria-activedescendant');
    }
  }

  private key(event: KeyboardEvent): void {
    if (event.isComposing || event.keyCode === 229 || this.list.hidden) {
      return;
    }
    const options = [...this.list.children] as HTMLAnchorElement[];
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      this.chosen += event.key === 'ArrowDown' ? 1 : -1;
      this.chosen = Math.max(-1, Math.min(options.length - 1, this.chosen));
      options.forEach((option, index) => {
        option.setAttribute('aria-selected', String(index === this.chosen));
      });
      const now = options[this.chosen];
      if (now) {
        now.scrollIntoView({ block: 'nearest' });
        this.input.setAttribute('aria-activedescendant', now.id);
      } else {
        this.input.removeAttribute('aria-activedescendant');
      }
    } else if (event.key === 'Enter' && options[this.chosen]) {
      event.preventDefault();
      options[this.chosen]?.click();
    } else if (event.key === 'Escape') {
      this.open(false);
    }
  }
}

/** What was typed stands out. */
function marked(text: string, typed: string): (Node | string)[] {
  return foundPieces(text, typed).map((piece, index) => (index % 2 === 1 ? element('mark', 'found', piece) : piece));
}

function face(name: string, src: string | undefined): HTMLElement {
  if (!src) {
    const letter = element('span', `avatar own ${hueOf(name)}`, [...name][0] ?? '');
    letter.setAttribute('aria-hidden', 'true');
    return letter;
  }
  const picture = element('img', 'avatar');
  picture.src = src;
  picture.alt = '';
  return picture;
}

customElements.define('search-box', SearchBox);
