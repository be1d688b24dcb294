// <follow-button data-channel data-follows>: the form that follows, in one click and without leaving the page.

import { call } from '../core/api';
import { setText } from '../core/dom';
import { Island } from '../core/island';
import { LastWish, WishFailed } from '../core/last-wish';
import type { Lifetime } from '../core/lifetime';
import { setCounted } from '../core/plural';

interface Following {
  follows: boolean;
  followers: number;
}

const wishes = new LastWish<boolean>();

class FollowButton extends Island {
  protected enter(life: Lifetime): void {
    life.listen(this.querySelector('form'), 'submit', (event) => {
      event.preventDefault();
      void this.toggle();
    });
  }

  private async toggle(): Promise<void> {
    const channel = this.dataset.channel ?? '';
    const wish = this.dataset.follows !== 'true';
    let asked = wish;
    showEverywhere(channel, wish);
    try {
      const done = await wishes.make(channel, wish, (now) => {
        asked = now;
        return call<Following>(now ? 'PUT' : 'DELETE', `/api/v1/channels/${channel}/follow`);
      });
      if (done) {
        showEverywhere(channel, done.follows);
        if (document.querySelector(`live-player[data-channel="${channel}"]`)) {
          setCounted(document, 'followers', done.followers);
        }
      }
    } catch (failure) {
      const wanted = failure instanceof WishFailed ? failure.wish : asked;
      // As it was before what was asked; whoever took the click back meanwhile has what they want.
      showEverywhere(channel, !asked);
      if (wanted === asked) {
        // The form itself says what is wrong: it leads to the log-in page, or to the reason.
        this.querySelector('form')?.submit();
      }
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

function showEverywhere(channel: string, follows: boolean): void {
  for (const button of document.querySelectorAll<FollowButton>(`follow-button[data-channel="${channel}"]`)) {
    button.show(follows);
  }
}

customElements.define('follow-button', FollowButton);
