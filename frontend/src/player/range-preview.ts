// The picture beside two handles: what was kept, without the buttons of a page's player. Opened anew where it was when it fails: nobody who
// cuts should have to know of it.
import { Lifetime } from '../core/lifetime';
import type { KeptSource } from './source';

const RETRY_MILLIS = 1_000;
const MAX_RETRY_MILLIS = 16_000;

export class RangePreview {
  private source: KeptSource | undefined;
  private failures = 0;

  /** @param place what it shows first, in milliseconds */
  constructor(
    private readonly video: HTMLVideoElement,
    private readonly playlist: string,
    private place: number,
    private readonly life: Lifetime,
  ) {
    life.listen(video, 'loadeddata', () => {
      this.failures = 0;
    });
    life.listen(video, 'timeupdate', () => {
      if (this.source) {
        this.place = video.currentTime * 1_000;
      }
    });
    void this.open();
  }

  private async open(): Promise<void> {
    const stream = new Lifetime();
    this.life.atEnd(() => stream.end());
    const begin = this.place;
    try {
      const { recordSource } = await import('./record-source');
      const source = await recordSource(
        this.video,
        this.playlist,
        { media: begin / 1_000 },
        { height: undefined },
        stream,
        {
          failed: () => this.again(stream),
          unsupported: () => {},
          changed: () => {},
        },
      );
      if (!stream.over) {
        this.source = source;
        if (this.place !== begin) {
          this.seek(this.place);
        }
      }
    } catch {
      this.again(stream);
    }
  }

  private again(stream: Lifetime): void {
    if (stream.over) {
      return;
    }
    const { place } = this;
    const played = !this.video.paused;
    stream.end();
    this.source = undefined;
    this.place = place;
    const wait = Math.min(MAX_RETRY_MILLIS, RETRY_MILLIS * 2 ** this.failures++);
    const timer = setTimeout(async () => {
      await this.open();
      if (played) {
        this.video.play().catch(() => {});
      }
    }, wait);
    this.life.atEnd(() => clearTimeout(timer));
  }

  /** Shows a moment; the first that is kept, for one before it. */
  seek(millis: number): void {
    this.place = millis;
    if (this.source) {
      this.video.currentTime = Math.max(this.source.first(), millis / 1_000);
    }
  }
}
