// <studio-preview data-channel data-src data-ticket data-state data-audio-only data-asks>: what viewers see, without a sound and without being
// one of them; beside it how loud it is. What plays is fetched when there is something to play. With data-asks it is a camera that rests while
// nobody looks: it waits to be asked for, and a page that is left open does not keep it awake.
import { setText, texts } from '../core/dom';
import { Island } from '../core/island';
import { Lifetime } from '../core/lifetime';
import type { Source, Wish } from '../player/source';
import { pageSocket } from '../wire/page-socket';
import type { EncoderEvent } from '../wire/studio';
import type { SoundMeter } from './sound-meter';

const RETRY_MILLIS = 3_000;
/** So far behind, and a picture that was hidden shows now again. */
const STALE_SECONDS = 12;
/** So long one looks at a camera that would rest. */
const LOOK_MILLIS = 5 * 60_000;

class StudioPreview extends Island {
  private video!: HTMLVideoElement;
  private stream: Lifetime | undefined;
  private source: Source | undefined;
  /** It could not be, of this broadcast. */
  private notInstant = false;
  private meter: SoundMeter | undefined;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private rest: ReturnType<typeof setTimeout> | undefined;

  protected enter(life: Lifetime): void {
    const video = this.querySelector('video');
    if (!video) {
      return;
    }
    this.video = video;
    life.atEnd(() => this.close());
    const look = this.querySelector('[data-do="look"]');
    life.listen(look, 'click', () => this.look(true));
    import('../player/ticket').then(
      ({ keepTicket }) => !life.over && keepTicket(this.dataset.ticket, life),
      // The script did not load: neither does what plays.
      () => undefined,
    );
    life.listen(video, 'playing', () => this.toggleAttribute('data-picture', this.stream !== undefined));
    life.listen(document, 'visibilitychange', () => {
      if (look && document.hidden) {
        this.look(false);
      }
      if (document.visibilityState === 'visible' && (this.source?.latency() ?? 0) > STALE_SECONDS) {
        this.source?.jumpToLive();
      }
    });
    // Browsers measure no sound before somebody touched the page.
    life.listen(document, 'pointerdown', () => this.measure(life));
    life.listen(document, 'keydown', () => this.measure(life));
    const listen = this.querySelector<HTMLButtonElement>('[data-do="listen"]');
    life.listen(listen, 'click', async () => {
      await this.measure(life);
      const heard = this.meter?.hear() ?? false;
      listen?.setAttribute('aria-pressed', String(heard));
    });
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'encoder') {
          this.follow(event);
        }
      }),
    );
    this.play();
  }

  private follow(now: EncoderEvent): void {
    const audioOnly = String(!now.video?.inBrowsers && now.audio !== null);
    if (now.state === this.dataset.state && audioOnly === this.dataset.audioOnly) {
      return;
    }
    // What was opened for sound alone stays without a picture.
    const another = audioOnly !== this.dataset.audioOnly && this.dataset.state === 'LIVE';
    this.dataset.state = now.state;
    this.dataset.audioOnly = audioOnly;
    setText(this, '.preview-plate', texts(this)[`plate.${now.state}`] ?? '');
    if (another || !this.playable) {
      this.notInstant = false;
      this.close();
    }
    this.play();
  }

  /** Somebody looks at what would rest, for a while, or no more. */
  private look(on: boolean): void {
    clearTimeout(this.rest);
    this.toggleAttribute('data-asks', !on);
    this.close();
    if (on) {
      this.rest = setTimeout(() => this.look(false), LOOK_MILLIS);
      this.play();
    }
  }

  private get playable(): boolean {
    return !this.hasAttribute('data-asks') && ['LIVE', 'RECONNECTING'].includes(`${this.dataset.state}`);
  }

  private async play(): Promise<void> {
    if (this.stream || !this.playable) {
      return;
    }
    const mine = new Lifetime();
    this.stream = mine;
    try {
      const { openSource } = await import('../player/open-source');
      if (mine.over) {
        return;
      }
      const wish: Wish = {
        latency: this.dataset.instant === 'on' && !this.notInstant ? 'instant' : 'low',
        otherwise: 'low',
        audioOnly: this.dataset.audioOnly === 'true',
        height: undefined,
      };
      const source = await openSource(this.video, `${this.dataset.src}?preview=1`, wish, mine, {
        failed: () => this.again(mine),
        unsupported: () => !mine.over && this.toggleAttribute('data-problem', true),
        changed: () => {},
        refused: () => {
          this.notInstant = true;
        },
      });
      if (!mine.over) {
        this.source = source;
        await this.video.play().catch(() => {});
      }
    } catch {
      // The script did not load: the site restarts, or the network is away.
      this.again(mine);
    }
  }

  private again(mine: Lifetime): void {
    if (!mine.over) {
      this.close();
      this.retry = setTimeout(() => void this.play(), RETRY_MILLIS);
    }
  }

  private close(): void {
    clearTimeout(this.retry);
    if (this.stream) {
      this.stream.end();
      // Whatever became of what played: the last frame does not stay behind the words of what comes next.
      this.video.removeAttribute('src');
      this.video.load();
    }
    this.stream = undefined;
    this.source = undefined;
    this.removeAttribute('data-picture');
    this.removeAttribute('data-problem');
  }

  private async measure(life: Lifetime): Promise<void> {
    if (this.meter) {
      return;
    }
    const shown = this.querySelector<HTMLElement>('.sound-meter');
    const { SoundMeter } = await import('./sound-meter');
    if (!this.meter && shown && !life.over) {
      this.meter = new SoundMeter(this.video, shown, life);
      this.toggleAttribute('data-measured', true);
    }
  }
}

customElements.define('studio-preview', StudioPreview);
