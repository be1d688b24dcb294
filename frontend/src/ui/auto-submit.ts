// <auto-submit> around a form: sends it as soon as something is chosen; its button is for pages without scripts.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class AutoSubmit extends Island {
  protected enter(life: Lifetime): void {
    const form = this.querySelector('form');
    const button = form?.querySelector<HTMLElement>('button');
    if (form && button) {
      button.hidden = true;
      life.listen(form, 'change', () => form.requestSubmit());
    }
  }
}

customElements.define('auto-submit', AutoSubmit);
