// <tag-field data-left-out> around the tags' input: shows while typing what becomes of them, by the same rules as the server.
import { element } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { MOST, tags } from './tag-words';

class TagField extends Island {
  protected enter(life: Lifetime): void {
    const input = this.querySelector('input');
    const shown = element('ul', 'tag-chips');
    shown.setAttribute('aria-live', 'polite');
    this.append(shown);
    const show = () => {
      const found = tags(input?.value ?? '');
      shown.hidden = found.length === 0;
      shown.replaceChildren(
        ...found.map((tag, at) => {
          const chip = element('li', at < MOST ? 'pill pill-tag' : 'pill pill-tag struck', tag);
          if (at >= MOST) {
            chip.append(element('span', 'visually-hidden', ` ${this.dataset.leftOut ?? ''}`));
          }
          return chip;
        }),
        ...(found.length > MOST ? [element('li', 'quiet small', this.dataset.leftOut ?? '')] : []),
      );
    };
    life.listen(input, 'input', show);
    life.atEnd(() => shown.remove());
    show();
  }
}

customElements.define('tag-field', TagField);
