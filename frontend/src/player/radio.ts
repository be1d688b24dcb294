// The face of a stream without a picture: its bars move while somebody hears it, and only then.
import { Lifetime } from '../core/lifetime';

const CALM = '(prefers-reduced-motion: reduce)';
/** As the standard counts: this moment and the next are there. */
const FUTURE_DATA = 3;

export class Radio {
  private shown: Lifetime | undefined;

  constructor(
    private readonly player: HTMLElement,
    private readonly video: HTMLVideoElement,
    life: Lifetime,
  ) {
    // What is heard now may be another source than what was measured.
    life.listen(this.video, 'emptied', () => this.rest());
    for (const kind of ['playing', 'pause', 'volumechange']) {
      life.listen(this.video, kind, () => this.look());
    }
    life.listen(document, 'visibilitychange', () => this.look());
    life.atEnd(() => this.rest());
  }

  /** Whether there is something to show, by what plays and how. */
  look(): void {
    const { paused, muted, volume, readyState } = this.video;
    const { audioOnly, unseen } = this.player.dataset;
    const alone = audioOnly === 'true' || unseen !== undefined || this.player.hasAttribute('data-sound-alone');
    const heard = !paused && !muted && volume > 0 && readyState >= FUTURE_DATA;
    if (!alone || !heard || document.hidden || matchMedia(CALM).matches) {
      this.rest();
    } else if (!this.shown) {
      const mine = new Lifetime();
      this.shown = mine;
      void this.show(mine);
    }
  }

  private async show(mine: Lifetime): Promise<void> {
    const { showSound } = await import('./radio-meter').catch(() => ({ showSound: () => false }));
    const bars = [...this.player.querySelectorAll<HTMLElement>('.radio-waves i')];
    if (mine.over) {
      return;
    }
    if (showSound(this.video, bars, mine)) {
      this.player.toggleAttribute('data-measured', true);
      mine.atEnd(() => this.player.removeAttribute('data-measured'));
    } else {
      // The sound may come after the first frame: it is tried again at the next occasion.
      this.rest();
    }
  }

  private rest(): void {
    this.shown?.end();
    this.shown = undefined;
  }
}
