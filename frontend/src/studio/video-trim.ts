// <video-trim>: two handles under small pictures of all of a video, beside the two times that the form sends. Without a script the times are
// typed, and the browser plays what it can.
import { lang } from '../core/dom';
import { duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { type Chosen, type Stretch, share, spokenPlace, withEnd, withStart } from '../player/clip-range';
import { pictureStrip } from '../player/picture-strip';
import { RangePreview } from '../player/range-preview';
import { keepTicket } from '../player/ticket';
import { clockMillis } from './clock';

const LEAST_MILLIS = 1_000;
const LOOK_MILLIS = 200;

class VideoTrim extends Island {
  private stretch!: Stretch;
  private chosen!: Chosen;
  private preview: RangePreview | undefined;

  protected enter(life: Lifetime): void {
    // As the form says it: the last whole second is the end.
    const length = Math.max(LEAST_MILLIS, Math.floor(Number(this.dataset.duration) / 1_000) * 1_000);
    this.stretch = { fromMillis: 0, toMillis: length, leastMillis: LEAST_MILLIS, mostMillis: length };
    this.chosen = { start: 0, end: length };
    for (const name of ['from', 'to'] as const) {
      const handle = this.handle(name);
      handle.min = '0';
      handle.max = String(length);
      life.listen(handle, 'input', () => this.move(name, Number(handle.value), true));
      life.listen(this.field(name), 'change', () => {
        const typed = clockMillis(this.field(name).value);
        if (typed !== undefined) {
          this.move(name, typed, true);
        }
      });
    }
    this.move('from', clockMillis(this.field('from').value) ?? 0, false);
    this.move('to', clockMillis(this.field('to').value) ?? length, false);
    this.querySelector('.clip-range')?.removeAttribute('hidden');
    keepTicket(this.dataset.ticket, life);
    const { playlist } = this.dataset;
    if (playlist) {
      this.play(playlist, life);
      pictureStrip(this.querySelector('.picture-strip'), playlist, 0, length, life);
    }
  }

  private handle(name: 'from' | 'to'): HTMLInputElement {
    return this.querySelector(`[data-trim="${name}"]`) as HTMLInputElement;
  }

  private field(name: 'from' | 'to'): HTMLInputElement {
    return this.querySelector(`#trim-${name}`) as HTMLInputElement;
  }

  private move(name: 'from' | 'to', to: number, shows: boolean): void {
    this.chosen = (name === 'from' ? withStart : withEnd)(this.stretch, this.chosen, to);
    const video = this.querySelector('video');
    if (shows && video) {
      video.pause();
      this.preview?.seek(name === 'from' ? this.chosen.start : this.chosen.end);
    }
    const range = this.querySelector<HTMLElement>('.clip-range');
    range?.style.setProperty('--start', String(share(this.stretch, this.chosen.start)));
    range?.style.setProperty('--end', String(share(this.stretch, this.chosen.end)));
    for (const [which, at] of [
      ['from', this.chosen.start],
      ['to', this.chosen.end],
    ] as const) {
      this.handle(which).value = String(at);
      this.handle(which).setAttribute('aria-valuetext', spokenPlace(at, lang()));
      this.field(which).value = duration(at);
    }
  }

  private play(playlist: string, life: Lifetime): void {
    const video = this.querySelector('video');
    if (!video) {
      return;
    }
    video.removeAttribute('src');
    this.preview = new RangePreview(video, playlist, this.chosen.start, life);
    life.every(LOOK_MILLIS, () => {
      const at = share(this.stretch, video.currentTime * 1_000);
      this.querySelector<HTMLElement>('.clip-range')?.style.setProperty('--at', String(at));
    });
  }
}

customElements.define('video-trim', VideoTrim);
