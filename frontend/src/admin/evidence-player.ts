// <evidence-player data-src>: plays what was kept with a report. The player is fetched when somebody asks for it.
class EvidencePlayer extends HTMLElement {
  connectedCallback(): void {
    this.querySelector('button')?.addEventListener('click', () => void this.play());
  }

  private async play(): Promise<void> {
    const video = document.createElement('video');
    video.controls = true;
    video.muted = true;
    video.className = 'evidence-picture';
    this.replaceChildren(video);
    const { default: Hls } = await import('hls.js');
    if (Hls.isSupported()) {
      const hls = new Hls();
      hls.loadSource(this.dataset.src ?? '');
      hls.attachMedia(video);
    } else {
      video.src = this.dataset.src ?? '';
    }
    await video.play().catch(() => undefined);
  }
}

customElements.define('evidence-player', EvidencePlayer);
