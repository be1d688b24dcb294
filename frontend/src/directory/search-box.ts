// <search-box> around the search form: what somebody who types may mean.

import { call } from '../core/api';
import { element, icon, lang, texts } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
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
      if (event.key === '/' && !target.closest('input, textarea, select, [contenteditable]')) {
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
          channel.avatar
            ? avatarImage(channel.avatar)
            : element('span', 'avatar avatar-small', channel.displayName.charAt(0)),
          channel.displayName,
          channel.live ? element('span', 'pill pill-live', words.live ?? 'LIVE') : channel.title,
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

  private option(href: string, picture: Node, text: string, more: Node | string): HTMLAnchorElement {
    const link = element(
      'a',
      'search-option',
      picture,
      element('span', 'search-text', text),
      element('span', 'search-more quiet small', more),
    );
    link.href = href;
    link.setAttribute('role', 'option');
    link.tabIndex = -1;
    return link;
  }

  private open(open: boolean): void {
    this.list.hidden = !open;
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

function avatarImage(src: string): HTMLImageElement {
  const picture = element('img', 'avatar avatar-small');
  picture.src = src;
  picture.alt = '';
  return picture;
}

customElements.define('search-box', SearchBox);
