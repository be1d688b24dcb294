// <letter-count> around a field with maxlength: how much of it is used, which is said aloud only near its end.
import { element } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class LetterCount extends Island {
  protected enter(life: Lifetime): void {
    const field = this.querySelector<HTMLInputElement | HTMLTextAreaElement>('input, textarea');
    if (!field || field.maxLength < 0) {
      return;
    }
    const shown = element('span', 'letter-count numbers');
    shown.setAttribute('aria-hidden', 'true');
    const said = element('span', 'visually-hidden');
    said.setAttribute('role', 'status');
    this.append(shown, said);
    const show = () => {
      const text = `${field.value.length}/${field.maxLength}`;
      shown.textContent = text;
      const near = field.value.length >= field.maxLength * 0.9;
      shown.toggleAttribute('data-near', near);
      said.textContent = near ? text : '';
    };
    life.listen(field, 'input', show);
    life.atEnd(() => {
      shown.remove();
      said.remove();
    });
    show();
  }
}

customElements.define('letter-count', LetterCount);
