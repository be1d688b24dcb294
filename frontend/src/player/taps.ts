// What somebody does on the picture itself. A mouse stops and starts it, twice fills the screen; a finger asks for the bar, and twice at a
// side skips, each further tap a step more.
import type { Lifetime } from '../core/lifetime';

const TWICE_MILLIS = 300;
/** So much of the width at either side is that side. */
const SIDE = 0.35;

export interface Taps {
  click(): void;
  double(): void;
  side(side: 1 | -1): void;
}

export function listenForTaps(host: HTMLElement, video: HTMLElement, life: Lifetime, taps: Taps): void {
  let last = { at: Number.NEGATIVE_INFINITY, side: 0 };
  let touched = false;
  life.listen<PointerEvent>(video, 'pointerdown', ({ pointerType }) => {
    touched = pointerType === 'touch';
  });
  life.listen<PointerEvent>(video, 'click', (event) => {
    if (!touched) {
      taps.click();
      return;
    }
    const box = video.getBoundingClientRect();
    const at = (event.clientX - box.left) / Math.max(1, box.width);
    const side = at < SIDE ? -1 : at > 1 - SIDE ? 1 : 0;
    const twice = event.timeStamp - last.at < TWICE_MILLIS && side === last.side;
    last = { at: event.timeStamp, side };
    if (twice && side !== 0) {
      taps.side(side);
      flash(host, side);
    }
  });
  life.listen(video, 'dblclick', () => {
    if (!touched) {
      taps.double();
    }
  });
}

/** Shows for a moment which way it went. */
function flash(host: HTMLElement, side: 1 | -1): void {
  const sign = host.querySelector<HTMLElement>(side < 0 ? '.player-skip-back' : '.player-skip-on');
  if (sign) {
    sign.hidden = true;
    void sign.offsetWidth; // begins its motion anew
    sign.hidden = false;
    sign.addEventListener(
      'animationend',
      () => {
        sign.hidden = true;
      },
      { once: true },
    );
  }
}
