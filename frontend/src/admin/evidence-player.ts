// <evidence-player data-src>: plays what was kept with a report. The player is fetched when somebody asks for it.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

class EvidencePlayer extends Island {
  protected enter(life: Lifetime): void {
    life.listen(this.querySelector('button'), 'click', () => void this.play(life));
  }

  private async play(life: Lifetime): Promise<void> {
    const video = document.createElement('video');
    video.controls = true;
    video.muted = true;
    video.className = 'evidence-picture';
    this.replaceChildren(video);
    const { default: Hls } = await import('hls.js');
    if (life.over) {
      return;
    }
    if (Hls.isSupported()) {
      const hls = new Hls();
      life.atEnd(() => hls.destroy());
      hls.loadSource(this.dataset.src ?? '');
      hls.attachMedia(video);
    } else {
      video.src = this.dataset.src ?? '';
    }
    await video.play().catch(() => undefined);
  }
}

customElements.define('evidence-player', EvidencePlayer);
