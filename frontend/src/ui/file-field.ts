// <file-field> around a file input that is drawn by the page, in the page's language: shows the name of what was chosen.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class FileField extends Island {
  protected enter(life: Lifetime): void {
    const input = this.querySelector('input');
    const name = this.querySelector('.file-name');
    const none = name?.textContent ?? '';
    life.listen(input, 'change', () => {
      if (name) {
        name.textContent = input?.files?.[0]?.name ?? none;
      }
    });
  }
}

customElements.define('file-field', FileField);
