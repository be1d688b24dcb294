// <share-panel popover>: hangs from its button, shows the link as a QR code, and offers the system's own way to share where there is one.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

const GAP = 8;

class SharePanel extends Island {
  protected enter(life: Lifetime): void {
    const url = this.dataset.url ?? location.href;
    const button = this.querySelector<HTMLButtonElement>('[data-do="share"]');
    if (button && typeof navigator.share === 'function') {
      button.hidden = false;
      life.listen(button, 'click', () => {
        navigator.share({ title: document.title, url }).catch(() => {});
      });
    }
    life.listen<ToggleEvent>(this, 'toggle', (event) => {
      if (event.newState === 'open') {
        this.place();
        void this.draw(url);
      }
    });
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
