// The bar that says where one is and takes one elsewhere: a slider for whoever points, types or listens. Times are milliseconds of whatever
// clock its owner counts by.
import { element } from '../core/dom';
import type { Lifetime } from '../core/lifetime';

const STEP_MILLIS = 5_000;
const PAGE_MILLIS = 60_000;

export interface Axis {
  from: number;
  to: number;
  at: number;
  /** So far it is there already. */
  loaded?: number | undefined;
}

/** A stretch, or a moment, that has a meaning. */
export interface Mark {
  at: number;
  kind: 'chapter' | 'gap';
  title: string;
}

export interface SeekBarOwner {
  seek(to: number): void;
  /** What stands above the pointer. */
  label(at: number): string;
  /** What a screen reader says of the place. */
  spoken(at: number): string;
  /** A small picture of a moment, where there is one. */
  preview?(at: number): Node | undefined;
}

export class SeekBar {
  private axis: Axis = { from: 0, to: 0, at: 0 };
  private dragged: number | undefined;
  private marks: readonly Mark[] = [];
  private drawn = '';

  constructor(
    private readonly bar: HTMLElement,
    private readonly owner: SeekBarOwner,
  ) {}

  get dragging(): boolean {
    return this.dragged !== undefined;
  }

  enter(life: Lifetime): void {
    const { bar } = this;
    const tip = bar.querySelector<HTMLElement>('.player-tip');
    const hideTip = () => {
      if (tip) {
        tip.hidden = true;
      }
    };
    const end = (seek: boolean) => {
      const to = this.dragged;
      this.dragged = undefined;
      bar.removeAttribute('data-dragged');
      hideTip();
      if (seek && to !== undefined) {
        this.axis.at = to;
        this.owner.seek(to);
      }
      this.draw();
    };
    life.listen<PointerEvent>(bar, 'pointerdown', (event) => {
      if (event.button === 0) {
        event.preventDefault();
        // A script's focus looks like that of keys to a browser.
        bar.toggleAttribute('data-pointed', true);
        bar.focus({ preventScroll: true });
        bar.setPointerCapture(event.pointerId);
        bar.toggleAttribute('data-dragged', true);
        this.point(event, true);
      }
    });
    life.listen<PointerEvent>(bar, 'pointermove', (event) => this.point(event, this.dragging));
    life.listen(bar, 'pointerup', () => this.dragging && end(true));
    life.listen(bar, 'pointercancel', () => end(false));
    life.listen(bar, 'pointerleave', () => !this.dragging && hideTip());
    life.listen<KeyboardEvent>(bar, 'keydown', (event) => {
      bar.removeAttribute('data-pointed');
      this.key(event);
    });
    life.listen(bar, 'blur', () => bar.removeAttribute('data-pointed'));
    life.atEnd(() => end(false));
  }

  /** Where it is now. Called as often as it shall move. */
  update(axis: Axis): void {
    this.axis = axis;
    this.draw();
  }

  mark(marks: readonly Mark[]): void {
    this.marks = marks;
    this.drawn = '';
    this.draw();
  }

  private key(event: KeyboardEvent): void {
    const { from, to, at } = this.axis;
    const target = {
      ArrowLeft: at - STEP_MILLIS,
      ArrowDown: at - STEP_MILLIS,
      ArrowRight: at + STEP_MILLIS,
      ArrowUp: at + STEP_MILLIS,
      PageDown: at - PAGE_MILLIS,
      PageUp: at + PAGE_MILLIS,
      Home: from,
      End: to,
    }[event.key];
    if (target !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const wanted = Math.min(to, Math.max(from, target));
      this.axis.at = wanted;
      this.owner.seek(wanted);
      this.draw();
    }
  }

  private point(event: PointerEvent, drags: boolean): void {
    const { from, to } = this.axis;
    const box = this.bar.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / Math.max(1, box.width)));
    const at = from + part * (to - from);
    if (drags) {
      this.dragged = at;
      this.draw();
    }
    if (drags || event.pointerType === 'mouse') {
      this.tip(at, part, box.width);
    }
  }

  private tip(at: number, part: number, width: number): void {
    const tip = this.bar.querySelector<HTMLElement>('.player-tip');
    if (!tip) {
      return;
    }
    const chapter = this.marks.findLast((mark) => mark.kind === 'chapter' && mark.at <= at);
    const gap = this.marks.find((mark) => mark.kind === 'gap' && Math.abs(this.part(mark.at) - part) * width < 6);
    const preview = this.owner.preview?.(at);
    const title = gap?.title ?? chapter?.title;
    tip.replaceChildren(
      ...(preview ? [preview] : []),
      ...(title ? [element('span', 'player-tip-title', title)] : []),
      element('span', 'numbers', this.owner.label(at)),
    );
    tip.hidden = false;
    const half = tip.offsetWidth / 2;
    tip.style.left = `${Math.min(Math.max(half, part * width), Math.max(half, width - half))}px`;
  }

  private part(at: number): number {
    const { from, to } = this.axis;
    return to > from ? Math.min(1, Math.max(0, (at - from) / (to - from))) : 0;
  }

  private draw(): void {
    const { from, to, at, loaded } = this.axis;
    const shown = Math.min(to, Math.max(from, this.dragged ?? at));
    const { bar } = this;
    bar.style.setProperty('--at', String(this.part(shown)));
    bar.style.setProperty('--loaded', String(this.part(loaded ?? shown)));
    const say: Record<string, string> = {
      'aria-valuemin': '0',
      'aria-valuemax': String(Math.round((to - from) / 1_000)),
      'aria-valuenow': String(Math.round((shown - from) / 1_000)),
      'aria-valuetext': this.owner.spoken(shown),
    };
    for (const [name, value] of Object.entries(say)) {
      if (bar.getAttribute(name) !== value) {
        bar.setAttribute(name, value);
      }
    }
    this.drawMarks();
  }

  /** They stand still unless the bar grows. */
  private drawMarks(): void {
    const shape = this.marks.map((mark) => this.part(mark.at).toFixed(4)).join();
    const place = this.bar.querySelector('.player-marks');
    if (place && shape !== this.drawn) {
      this.drawn = shape;
      place.replaceChildren(
        ...this.marks
          .filter((mark) => mark.at > this.axis.from)
          .map((mark) => {
            const made = element('i', `player-mark player-mark-${mark.kind}`);
            made.style.left = `${this.part(mark.at) * 100}%`;
            return made;
          }),
      );
    }
  }
}
