// <follow-button data-channel data-follows>: the form that follows, in one click and without leaving the page.

import { call } from '../core/api';
import { setText } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { setCounted } from '../core/plural';

class FollowButton extends Island {
  private busy = false;

  protected enter(life: Lifetime): void {
    life.listen(this.querySelector('form'), 'submit', (event) => {
      event.preventDefault();
      void this.toggle();
    });
  }

  private async toggle(): Promise<void> {
    if (this.busy) {
      return;
    }
    const wanted = this.dataset.follows !== 'true';
    this.busy = true;
    this.show(wanted);
    try {
      const done = await call<{ follows: boolean; followers: number }>(
        wanted ? 'PUT' : 'DELETE',
        `/api/v1/channels/${this.dataset.channel}/follow`,
      );
      for (const other of document.querySelectorAll<FollowButton>(
        `follow-button[data-channel="${this.dataset.channel}"]`,
      )) {
        other.show(done.follows);
      }
      if (document.querySelector(`live-player[data-channel="${this.dataset.channel}"]`)) {
        setCounted(document, 'followers', done.followers);
      }
    } catch {
      this.show(!wanted);
      // The form itself says what is wrong: it leads to the log-in page, or to the reason.
      this.querySelector('form')?.submit();
    } finally {
      this.busy = false;
    }
  }

  show(follows: boolean): void {
    this.dataset.follows = String(follows);
    const button = this.querySelector('button');
    const words = follows ? this.dataset.unfollow : this.dataset.follow;
    if (button && words) {
      setText(button, 'span', words);
      if (button.hasAttribute('aria-label')) {
        button.setAttribute('aria-label', `${words} ${this.dataset.display ?? ''}`);
      }
      button.classList.toggle('button-filled', !follows && this.hasAttribute('data-main'));
    }
    const input = this.querySelector<HTMLInputElement>('input[name="follow"]');
    if (input) {
      input.value = String(!follows);
    }
  }
}

customElements.define('follow-button', FollowButton);
