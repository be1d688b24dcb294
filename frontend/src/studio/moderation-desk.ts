// <moderation-desk data-channel>: bans and unbans by name, on the studio's page.

import { call, reasonOf } from '../core/api';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import type { ModerationCommand } from '../wire/chat';

class ModerationDesk extends Island {
  protected enter(life: Lifetime): void {
    life.listen(this, 'click', (event) => {
      const button = (event.target as HTMLElement).closest<HTMLElement>('button[data-command]');
      if (button) {
        void this.command({ kind: button.dataset.command ?? '', target: button.dataset.target ?? '' });
      }
    });
    life.listen(this, 'submit', (event) => {
      const form = event.target as HTMLFormElement;
      event.preventDefault();
      void this.command({ kind: form.dataset.command ?? '', ...Object.fromEntries(new FormData(form)) });
    });
  }

  private async command(command: ModerationCommand): Promise<void> {
    try {
      await call('POST', `/api/v1/channels/${this.dataset.channel}/moderation/actions`, command);
      location.reload();
    } catch (failure) {
      const error = this.querySelector<HTMLElement>('.error');
      if (error) {
        error.hidden = false;
        error.textContent = reasonOf(failure);
      }
    }
  }
}

customElements.define('moderation-desk', ModerationDesk);
