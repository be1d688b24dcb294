// Small pictures in a row above two handles: what the stretch between its ends shows. Hidden where there are none.
import { element } from '../core/dom';
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
      const pictures = Array.from({ length: PICTURES }, (_each, index) =>
        board.preview(from + ((index + 0.5) / PICTURES) * (to - from)),
      );
      shown = pictures.some((each) => each !== undefined);
      if (shown) {
        // Each stands above its own moment, also where others are missing.
        strip.replaceChildren(...pictures.map((each) => each ?? element('span', '')));
        strip.hidden = false;
      }
    }
  });
}
