// <player-address data-channel>: makes an address for a player elsewhere, which stands in the field below it, once; below that the same in other
// protocols.
import { call, reasonOf } from '../core/api';
import { element } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

interface Made {
  url: string;
  /** For players that want another protocol. */
  others: { protocol: string; address: string; passphrase: boolean }[];
}

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
      const answer = await call<Made>('POST', `/api/v1/channels/${this.dataset.channel}/player-addresses`, {
        name: name.value,
      });
      address.value = answer.url;
      made.hidden = false;
      this.others(answer.others, made);
      error.hidden = true;
      address.focus();
    } catch (failure) {
      error.textContent = reasonOf(failure);
      error.hidden = false;
    }
  }

  private others(others: Made['others'], like: HTMLElement): void {
    const place = this.querySelector<HTMLElement>('[data-others]');
    if (!place) {
      return;
    }
    place.hidden = others.length === 0;
    place.replaceChildren(
      ...others.map(({ protocol, address, passphrase }, at) => {
        const label = element('label', '', protocol);
        const input = element('input', '');
        label.htmlFor = input.id = `player-other-${at}`;
        input.readOnly = true;
        input.value = address;
        const copy = document.createElement('copy-field');
        copy.append(input);
        copy.dataset.copy = like.dataset.copy;
        copy.dataset.copied = like.dataset.copied;
        const field = element('div', 'field', label, copy);
        if (passphrase) {
          field.append(element('span', 'help', this.dataset.passphrase ?? ''));
        }
        return field;
      }),
    );
  }
}

customElements.define('player-address', PlayerAddress);
