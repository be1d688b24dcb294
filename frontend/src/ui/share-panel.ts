// <share-panel popover>: hangs from its button, shows the link as a QR code, and offers the system's own way to share where there is one. Of a
// video it may be the moment that is shown.
import { setText } from '../core/dom';
import { duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

const GAP = 8;

class SharePanel extends Island {
  protected enter(life: Lifetime): void {
    let url = this.dataset.url ?? location.href;
    const timed = this.querySelector<HTMLInputElement>('[data-share="time"]');
    life.listen(timed, 'change', () => {
      url = this.timed(timed?.checked === true);
    });
    const button = this.querySelector<HTMLButtonElement>('[data-do="share"]');
    if (button && typeof navigator.share === 'function') {
      button.hidden = false;
      life.listen(button, 'click', () => {
        navigator.share({ title: document.title, url }).catch(() => {});
      });
    }
    life.listen<ToggleEvent>(this, 'toggle', (event) => {
      if (event.newState === 'open') {
        url = this.timed(timed?.checked === true);
        this.place();
        void this.draw(url);
      }
    });
  }

  /** The link, with the second that is shown where that is wanted. */
  private timed(wanted: boolean): string {
    const url = this.dataset.url ?? location.href;
    const link = this.querySelector<HTMLInputElement>('#share-link');
    const video = document.querySelector<HTMLVideoElement>('video-player video');
    if (!link || !video) {
      return url;
    }
    const seconds = Math.floor(video.currentTime);
    setText(this, '[data-fact="share-time"]', duration(seconds * 1_000));
    link.value = wanted ? `${url}${url.includes('?') ? '&' : '?'}t=${seconds}` : url;
    return link.value;
  }

  /** Below the button that opened it, within the window; a sheet at the bottom where the window is small. */
  private place(): void {
    const opener = document.querySelector<HTMLElement>(`[popovertarget="${this.id}"]:not([popovertargetaction])`);
    if (!opener || window.innerWidth < 600) {
      this.style.left = '';
      this.style.top = '';
      return;
    }
    const at = opener.getBoundingClientRect();
    const below = at.bottom + GAP + this.offsetHeight <= window.innerHeight;
    const left = Math.min(at.right - this.offsetWidth, window.innerWidth - this.offsetWidth - GAP);
    this.style.left = `${Math.max(GAP, left)}px`;
    this.style.top = `${Math.max(GAP, below ? at.bottom + GAP : at.top - this.offsetHeight - GAP)}px`;
  }

  private async draw(url: string): Promise<void> {
    const place = this.querySelector<HTMLElement>('.share-code');
    if (place?.hidden) {
      const { qrCode } = await import('./qr-code');
      place.replaceChildren(qrCode(url));
      place.hidden = false;
      this.place();
    }
  }
}

customElements.define('share-panel', SharePanel);
