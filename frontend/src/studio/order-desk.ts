// <order-desk data-channel>: bans and unbans by name, on the studio's page.

import { ApiError, call } from '../core/api';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class OrderDesk extends Island {
  protected enter(life: Lifetime): void {
    life.listen(this, 'click', (event) => {
      const button = (event.target as HTMLElement).closest<HTMLElement>('button[data-act]');
      if (button) {
        void this.act({ kind: button.dataset.act, target: button.dataset.target });
      }
    });
    life.listen(this, 'submit', (event) => {
      const form = event.target as HTMLFormElement;
      event.preventDefault();
      void this.act({ kind: form.dataset.act, ...Object.fromEntries(new FormData(form)) });
    });
  }

  private async act(act: Record<string, unknown>): Promise<void> {
    try {
      await call('POST', `/api/v1/channels/${this.dataset.channel}/moderation/actions`, act);
      location.reload();
    } catch (failure) {
      const error = this.querySelector<HTMLElement>('.error');
      if (error) {
        error.hidden = false;
        error.textContent = failure instanceof ApiError ? failure.message : String(failure);
      }
    }
  }
}

customElements.define('order-desk', OrderDesk);
