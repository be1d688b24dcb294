// <share-panel>: offers the system's own way to share where there is one.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class SharePanel extends Island {
  protected enter(life: Lifetime): void {
    const button = this.querySelector<HTMLButtonElement>('[data-do="share"]');
    if (button && typeof navigator.share === 'function') {
      button.hidden = false;
      life.listen(button, 'click', () => {
        navigator.share({ title: document.title, url: this.dataset.url ?? location.href }).catch(() => {});
      });
    }
  }
}

customElements.define('share-panel', SharePanel);
