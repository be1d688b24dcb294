// <camera-card data-channel data-state>: how a channel's camera is. Its words are the page's own, asked for anew when its stream changes.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';

/** A camera that is given up says so a moment after its stream. */
const LATER_MILLIS = 4_000;

class CameraCard extends Island {
  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'encoder' && event.state !== this.dataset.state) {
          this.dataset.state = event.state;
          void this.renew();
          const later = setTimeout(() => void this.renew(), LATER_MILLIS);
          life.atEnd(() => clearTimeout(later));
        }
      }),
    );
  }

  private async renew(): Promise<void> {
    try {
      const answer = await fetch(location.pathname, { headers: { Accept: 'text/html' } });
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
      const now = page.querySelector('camera-card');
      if (answer.ok && now) {
        this.replaceChildren(...now.childNodes);
      }
    } catch {
      // The network is away, which the page says elsewhere.
    }
  }
}

customElements.define('camera-card', CameraCard);
