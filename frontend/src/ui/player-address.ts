// <player-address data-channel>: makes an address for a player elsewhere, which stands in the field below it, once.
import { call, reasonOf } from '../core/api';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class PlayerAddress extends Island {
  protected enter(life: Lifetime): void {
    this.hidden = false;
    life.listen(this.querySelector('button'), 'click', () => void this.make());
    life.listen<KeyboardEvent>(this.querySelector('input'), 'keydown', (event) => {
      if (event.key === 'Enter') {
        void this.make();
      }
    });
  }

  private async make(): Promise<void> {
    const name = this.querySelector<HTMLInputElement>('input');
    const error = this.querySelector<HTMLElement>('.error');
    const made = this.querySelector<HTMLElement>('copy-field');
    const address = made?.querySelector('input');
    if (!name || !error || !made || !address) {
      return;
    }
    try {
      const answer = await call<{ url: string }>('POST', `/api/v1/channels/${this.dataset.channel}/player-addresses`, {
        name: name.value,
      });
      address.value = answer.url;
      made.hidden = false;
      error.hidden = true;
      address.focus();
    } catch (failure) {
      error.textContent = reasonOf(failure);
      error.hidden = false;
    }
  }
}

customElements.define('player-address', PlayerAddress);
