// What plays: one source after the other in a video element, for as long as somebody wants one. Says by attributes of its host what the
// picture is doing (data-picture, data-playing, data-waiting, data-problem), and never what the channel is doing.
import { Lifetime } from '../core/lifetime';
import { openSource } from './open-source';
import type { Source, Wish } from './source';

/** So far behind what the player means to be, and it is not live any more. */
const EDGE_SECONDS = 5;
/** So far, and a tab that comes back, or a pause that ends, starts at live again. */
const STALE_SECONDS = 8;
const RETRY_MILLIS = 1_000;
const MAX_RETRY_MILLIS = 8_000;
/** A picture that stands still for so long while the channel is live gets a new source. */
const STALL_MILLIS = 12_000;
/** What was opened a moment before the picture was listed plays sound alone for ever, so it is opened anew after so many seconds. */
const UNSEEN_SECONDS = [3, 8, 20];

export interface SessionTold {
  /** It is time to look again whether there is something to open. */
  again(): void;
  /** There is something that this browser cannot play; its codecs, when they are known. */
  unsupported(codecs: string[]): void;
  /** Browsers let nothing sound before somebody touched the page: it plays without. */
  muted(): void;
}

export class PlaybackSession {
  private opened: Source | undefined;
  /** Of the source that is played or opened; another begins with each. */
  private stream: Lifetime | undefined;
  private failures = 0;
  /** For how many seconds sound has played where a picture should be. */
  private unseen = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private lastTime = 0;
  private lastMoved = 0;
  private wantsPause = false;

  constructor(
    private readonly host: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly told: SessionTold,
  ) {}

  /** Hears what the video element does until the end of the lifetime. */
  enter(life: Lifetime): void {
    life.listen(this.video, 'playing', () => this.playing());
    life.listen(this.video, 'waiting', () => this.host.toggleAttribute('data-waiting', !this.wantsPause));
    life.listen(this.video, 'pause', () => {
      this.host.removeAttribute('data-playing');
      this.host.removeAttribute('data-waiting');
    });
    life.listen(document, 'visibilitychange', () => {
      if (document.visibilityState === 'visible') {
        this.seenAgain();
      }
    });
    life.atEnd(() => this.close());
  }

  get source(): Source | undefined {
    return this.opened;
  }

  /** It plays, or tries to. */
  get busy(): boolean {
    return this.stream !== undefined || this.retryTimer !== undefined;
  }

  async open(url: string, wish: Wish): Promise<void> {
    const mine = new Lifetime();
    this.stream = mine;
    this.host.removeAttribute('data-problem');
    this.host.toggleAttribute('data-waiting', true);
    let source: Source;
    try {
      // A source that was given up may still say something: that is not about the one in its place.
      const heard = (what: () => void) => !mine.over && what();
      source = await openSource(this.video, url, wish, mine, {
        failed: () => heard(() => this.fail()),
        unsupported: (codecs) => heard(() => this.told.unsupported(codecs)),
        changed: () => heard(() => this.host.toggleAttribute('data-choice', (this.opened?.heights().length ?? 0) > 0)),
      });
    } catch {
      // The player's script did not load: the site restarts, or the network is away.
      if (!mine.over) {
        this.fail();
      }
      return;
    }
    if (mine.over) {
      return;
    }
    this.opened = source;
    this.lastMoved = Date.now();
    if (this.wantsPause) {
      this.host.removeAttribute('data-waiting');
    } else {
      this.play();
    }
  }

  close(): void {
    this.stream?.end();
    this.stream = undefined;
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.opened = undefined;
    this.host.removeAttribute('data-picture');
    this.host.removeAttribute('data-playing');
    this.host.removeAttribute('data-waiting');
    this.host.removeAttribute('data-problem');
  }

  /** The source is beyond repair. Another one, after a while that grows, for as long as the channel is live. */
  private fail(): void {
    this.close();
    const bound = Math.min(MAX_RETRY_MILLIS, RETRY_MILLIS * 2 ** this.failures++);
    this.host.toggleAttribute('data-waiting', true);
    this.retryTimer = setTimeout(
      () => {
        this.retryTimer = undefined;
        this.told.again();
      },
      bound / 2 + (Math.random() * bound) / 2,
    );
  }

  private playing(): void {
    this.failures = 0;
    this.host.toggleAttribute('data-picture', true);
    this.host.toggleAttribute('data-playing', true);
    this.host.removeAttribute('data-waiting');
  }

  play(): void {
    this.video.play().catch((refused: unknown) => {
      if (refused instanceof DOMException && refused.name === 'NotAllowedError' && !this.video.muted) {
        this.video.muted = true;
        this.told.muted();
        // Not even that may begin by itself: nothing is awaited but a press on play.
        this.video.play().catch(() => this.host.removeAttribute('data-waiting'));
      }
    });
  }

  /**
   * Looks after the picture. Called every second.
   *
   * @param live the channel is live, so that something should move
   * @param pictureDue there should be a picture, and not sound alone
   */
  look(live: boolean, pictureDue: boolean): void {
    if (!pictureDue || this.video.videoWidth > 0) {
      this.unseen = 0;
    } else if (this.opened && !this.video.paused && UNSEEN_SECONDS.includes(++this.unseen)) {
      this.close();
      this.told.again();
    }
    const moved = this.video.currentTime !== this.lastTime;
    this.lastTime = this.video.currentTime;
    if (moved || this.video.paused) {
      this.lastMoved = Date.now();
    } else if (this.opened && live && Date.now() - this.lastMoved > STALL_MILLIS) {
      this.lastMoved = Date.now();
      this.fail();
    }
  }

  toggle(): void {
    if (!this.opened) {
      return;
    }
    this.wantsPause = !this.video.paused;
    if (this.wantsPause) {
      this.video.pause();
    } else {
      if (this.isStale()) {
        this.opened.jumpToLive();
      }
      this.play();
    }
  }

  /** How far it is behind, in seconds, and whether that is live; undefined when there is nothing to say. */
  lag(): { seconds: number; live: boolean } | undefined {
    const seconds = this.opened?.latency();
    return this.opened && seconds !== undefined
      ? { seconds, live: seconds < this.opened.target() + EDGE_SECONDS && !this.video.paused }
      : undefined;
  }

  private isStale(): boolean {
    return this.opened !== undefined && (this.opened.latency() ?? 0) > this.opened.target() + STALE_SECONDS;
  }

  /** A tab that comes back shows now, not what was an hour ago. */
  private seenAgain(): void {
    if (!this.video.paused && this.isStale()) {
      this.jump();
    }
  }

  jump(): void {
    this.wantsPause = false;
    this.opened?.jumpToLive();
    this.play();
  }

  /** Within what the browser still has; beyond the edge is the edge. */
  seek(seconds: number): void {
    const ranges = this.video.seekable;
    if (!this.opened || ranges.length === 0) {
      return;
    }
    const wanted = this.video.currentTime + seconds;
    if (seconds > 0 && wanted >= ranges.end(ranges.length - 1) - EDGE_SECONDS / 2) {
      this.jump();
    } else {
      this.video.currentTime = Math.max(ranges.start(0), wanted);
    }
  }
}
