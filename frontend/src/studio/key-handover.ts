// <key-handover data-channel>: a key that was just made, in the forms that other devices take: a code for the camera of a phone, and
// OBS's own file. Made here of what the page shows; nothing of it is kept, or sent anywhere.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { larixLink, obsService } from './key-forms';

class KeyHandover extends Island {
  protected enter(life: Lifetime): void {
    const server = document.querySelector<HTMLInputElement>('#server')?.value ?? '';
    const key = document.querySelector<HTMLInputElement>('#stream-key')?.value ?? '';
    const service = this.querySelector<HTMLInputElement>('#obs-service');
    if (service) {
      service.value = obsService(server, key);
    }
    life.listen(this.querySelector('[data-do="service"]'), 'click', () => save(obsService(server, key)));
    const larix = larixLink(server, key, this.dataset.channel ?? '');
    const link = this.querySelector<HTMLAnchorElement>('[data-do="larix"]');
    if (link) {
      link.href = larix;
    }
    const phone = this.querySelector<HTMLDetailsElement>('details.key-phone');
    life.listen(phone, 'toggle', async () => {
      const places = [...(phone?.querySelectorAll<HTMLElement>('[data-code]') ?? [])];
      if (!phone?.open || places.some((place) => place.firstChild)) {
        return;
      }
      const { qrCode } = await import('../ui/qr-code');
      for (const place of places) {
        place.replaceChildren(qrCode(place.dataset.code === 'larix' ? larix : `${server}/${key}`));
      }
    });
    // The key is shown once: not again to whoever comes back to this page by the browser's own memory of it.
    life.listen<PageTransitionEvent>(window, 'pageshow', (event) => {
      if (event.persisted) {
        location.replace(this.dataset.back ?? location.pathname);
      }
    });
  }
}

function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'service.json';
  link.click();
  URL.revokeObjectURL(address);
}

customElements.define('key-handover', KeyHandover);
