// <show-password data-show data-hide> around an input: a button that shows what was typed, and hides it again.
import { element, icon } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class ShowPassword extends Island {
  protected enter(life: Lifetime): void {
    const input = this.querySelector('input');
    if (!input) {
      return;
    }
    const button = element('button', 'button button-plain button-icon');
    button.type = 'button';
    const show = (shown: boolean) => {
      input.type = shown ? 'text' : 'password';
      button.setAttribute('aria-label', (shown ? this.dataset.hide : this.dataset.show) ?? '');
      button.setAttribute('aria-pressed', String(shown));
      button.replaceChildren(icon(shown ? 'eye-off' : 'eye'));
    };
    show(false);
    life.listen(button, 'click', () => {
      show(input.type === 'password');
      input.focus();
    });
    // What is sent is a password, whatever it looked like: browsers offer to keep it.
    life.listen(input.form, 'submit', () => show(false));
    this.append(button);
    life.atEnd(() => button.remove());
  }
}

customElements.define('show-password', ShowPassword);
