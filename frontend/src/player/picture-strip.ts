// Small pictures in a row above two handles: what the stretch between its ends shows. Hidden where there are none.
import type { Lifetime } from '../core/lifetime';
import { storyboardAddress } from './addresses';
import { Storyboard } from './storyboard';

const PICTURES = 10;
const LOOK_MILLIS = 200;

/** Fills the strip as soon as it is known where the pictures are. Times are milliseconds of media. */
export function pictureStrip(
  strip: HTMLElement | null,
  playlist: string,
  from: number,
  to: number,
  life: Lifetime,
): void {
  const board = new Storyboard(storyboardAddress(playlist), 'media', () => true);
  let shown = false;
  life.every(LOOK_MILLIS, () => {
    if (!shown && strip) {
      const there = Array.from({ length: PICTURES }, (_each, index) =>
        board.preview(from + ((index + 0.5) / PICTURES) * (to - from)),
      ).filter((each) => each !== undefined);
      shown = there.length > 0;
      if (shown) {
        strip.replaceChildren(...there);
        strip.hidden = false;
      }
    }
  });
}
