// What plays on the page of a video: one source, opened anew where it was when it fails. Says by attributes of its host what the picture is
// doing, as the one of live streams does.
import { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';
import type { Playback } from './controls';
import type { KeptSource } from './source';

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

const RETRY_MILLIS = 1_000;
const MAX_RETRY_MILLIS = 16_000;

export interface VideoTold {
  unsupported(codecs: string[]): void;
}

export class VideoSession implements Playback {
  private opened: KeptSource | undefined;
  private stream: Lifetime | undefined;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private failures = 0;
  private height: number | undefined;
  /** It plays by the browser's own player. */
  private browser = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly address: string,
    private readonly expectedMillis: number,
    private readonly told: VideoTold,
  ) {}

  enter(life: Lifetime): void {
    const { host, video } = this;
    const speed = remembered('speed', 1);
    this.speed = SPEEDS.includes(speed) ? speed : 1;
    life.listen(video, 'playing', () => {
      this.failures = 0;
      host.toggleAttribute('data-picture', true);
      host.toggleAttribute('data-playing', true);
      host.toggleAttribute('data-begun', true);
      host.removeAttribute('data-waiting');
    });
    life.listen(video, 'seeked', () => host.toggleAttribute('data-picture', true));
    life.listen(video, 'waiting', () => host.toggleAttribute('data-waiting', !video.paused));
    for (const kind of ['pause', 'ended']) {
      life.listen(video, kind, () => {
        host.removeAttribute('data-playing');
        host.removeAttribute('data-waiting');
      });
    }
    life.atEnd(() => this.close());
  }

  /** @param millis where to begin */
  async open(millis: number): Promise<void> {
    this.close();
    const mine = new Lifetime();
    this.stream = mine;
    this.host.removeAttribute('data-problem');
    const heard = (what: () => void) => !mine.over && what();
    try {
      const { recordSource } = await import('./record-source');
      const wish = { height: this.height, browser: this.browser };
      const source = await recordSource(this.video, this.address, { media: millis / 1_000 }, wish, mine, {
        failed: () => heard(() => this.fail()),
        unsupported: (codecs) => heard(() => this.told.unsupported(codecs)),
        changed: () => heard(() => this.host.toggleAttribute('data-choice', (this.opened?.heights().length ?? 0) > 0)),
      });
      if (!mine.over) {
        this.opened = source;
        this.speed = this.speed;
      }
    } catch {
      heard(() => this.fail());
    }
  }

  private close(): void {
    this.stream?.end();
    this.stream = undefined;
    this.opened = undefined;
    clearTimeout(this.retryTimer);
  }

  private fail(): void {
    const at = this.atMillis();
    const played = !this.video.paused;
    this.browser = false;
    this.close();
    this.host.toggleAttribute('data-waiting', true);
    const wait = Math.min(MAX_RETRY_MILLIS, RETRY_MILLIS * 2 ** this.failures++);
    this.retryTimer = setTimeout(() => void this.open(at).then(() => played && this.play()), wait);
  }

  byBrowser(on: boolean): void {
    if (on !== this.browser) {
      this.browser = on;
      const played = !this.video.paused;
      void this.open(this.atMillis()).then(() => played && this.play());
    }
  }

  get source(): KeptSource | undefined {
    return this.opened;
  }

  get ready(): boolean {
    return this.opened !== undefined;
  }

  atMillis(): number {
    return this.video.currentTime * 1_000;
  }

  /** It grows while the video is recorded. */
  durationMillis(): number {
    const { duration } = this.video;
    return Number.isFinite(duration) && duration > 0 ? duration * 1_000 : this.expectedMillis;
  }

  complete(): boolean {
    return this.opened?.complete() ?? true;
  }

  get speed(): number {
    return this.video.defaultPlaybackRate;
  }

  set speed(rate: number) {
    // What is loaded anew begins with the default one.
    this.video.defaultPlaybackRate = rate;
    this.video.playbackRate = rate;
  }

  choose(height: number | undefined): void {
    this.height = height;
    this.opened?.choose(height);
  }

  // ---- buttons and keys --------------------------------------------------------------------------------------------

  toggle(): void {
    if (this.video.paused) {
      this.play();
    } else {
      this.video.pause();
    }
  }

  play(): void {
    // A browser that lets nothing sound before somebody touched the page waits for a press on play.
    this.video.play().catch(() => this.host.removeAttribute('data-waiting'));
  }

  seek(seconds: number): void {
    this.goTo(this.atMillis() + seconds * 1_000);
  }

  goTo(millis: number): void {
    const first = this.opened?.first() ?? 0;
    this.video.currentTime = Math.max(first, Math.min(this.durationMillis(), millis) / 1_000);
  }

  toStart(): void {
    this.goTo(0);
  }

  toEnd(): void {
    this.goTo(this.durationMillis());
  }

  moment(): number {
    return this.atMillis();
  }

  toTenth(tenth: number): void {
    this.goTo((this.durationMillis() * tenth) / 10);
  }

  faster(by: 1 | -1): void {
    const next = SPEEDS[SPEEDS.indexOf(this.speed) + by];
    if (next !== undefined) {
      this.speed = next;
      remember('speed', next);
    }
  }
}
