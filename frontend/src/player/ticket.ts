// Media that is not for everybody is fetched by a ticket in its address, which lives as long as the page follows its topic.
import type { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';
import { pageSocket } from '../wire/page-socket';

const NOT_AGAIN_MILLIS = 10_000;
const WITHIN_MILLIS = 2_000;
const LAST = 'reloaded';

let waiting = false;

/** Loads the page anew: somebody may see more or less than it was made for. Not all at once, and never in a circle. */
export function loadAnew(): void {
  if (waiting) {
    return;
  }
  waiting = true;
  const pause = Math.max(0, remembered(LAST, 0) + NOT_AGAIN_MILLIS - Date.now());
  setTimeout(
    () => {
      remember(LAST, Date.now());
      location.reload();
    },
    pause + Math.random() * WITHIN_MILLIS,
  );
}

/** @param topic of the page's ticket, `ticket:…`; nothing where media is for everybody */
export function keepTicket(topic: string | undefined, life: Lifetime): void {
  if (topic?.startsWith('ticket:')) {
    life.atEnd(
      pageSocket().follow(topic as `ticket:${string}`, (event) => {
        if (event.type === 'refused') {
          loadAnew();
        }
      }),
    );
  }
}
