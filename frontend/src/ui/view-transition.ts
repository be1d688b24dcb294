// Motion says where things went: the picture of a card becomes the stage of its channel's page, and comes back. Where browsers know how
// (Chromium, Safari); reduced motion turns it off in base.css.

/** Of TypeScript's library there is no word on these yet. */
interface Swap extends Event {
  viewTransition?: {
    ready: Promise<unknown>;
    updateCallbackDone?: Promise<unknown>;
    finished: Promise<unknown>;
  } | null;
  activation?: { from?: { url: string | null } | null; entry?: { url: string | null } | null } | null;
}

const STAGE = 'stage';

/** The picture on this page that stands for the page at an address. */
function pictureOf(url: string | null | undefined): HTMLElement | null {
  // From one player to the next the players change places; two of a name would be none.
  if (!url || document.querySelector('live-player, video-player')) {
    return null;
  }
  const path = new URL(url, location.href).pathname;
  const link = document.querySelector(`a.hero-stage[href="${CSS.escape(path)}"], a.card[href="${CSS.escape(path)}"]`);
  return link?.matches('.hero-stage')
    ? (link as HTMLElement)
    : (link?.querySelector<HTMLElement>('.card-picture') ?? null);
}

function mark(swap: Swap, url: string | null | undefined): void {
  const transition = swap.viewTransition;
  if (!transition) {
    return;
  }
  // A page that takes no part ends it; nobody needs to hear of that.
  transition.ready.catch(() => {});
  transition.updateCallbackDone?.catch(() => {});
  const picture = pictureOf(url);
  if (picture) {
    picture.style.viewTransitionName = STAGE;
    const done = () => {
      picture.style.viewTransitionName = '';
    };
    transition.finished.then(done, done);
  } else {
    transition.finished.catch(() => {});
  }
}

window.addEventListener('pageswap', (event) => mark(event as Swap, (event as Swap).activation?.entry?.url));
window.addEventListener('pagereveal', (event) =>
  mark(
    event as Swap,
    (window as { navigation?: { activation?: Swap['activation'] } }).navigation?.activation?.from?.url,
  ),
);
