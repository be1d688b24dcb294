// Which pictures move: the large one after a moment (<live-hero data-src>), and that of a card on which a mouse rests. What plays is fetched
// when the first one does. Nothing moves for whoever wants less motion or less traffic.
import { Island } from '../core/island';
import { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';

const HERO_MILLIS = 1_000;
const HOVER_MILLIS = 400;

function wanted(): boolean {
  const { connection } = navigator as { connection?: { saveData?: boolean } };
  return !connection?.saveData && !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

async function move(box: Element, address: string, life: Lifetime): Promise<void> {
  try {
    const { movePicture } = await import('./moving-picture');
    if (!life.over) {
      await movePicture(box, address, life);
    }
  } catch {
    life.end(); // the script did not load
  }
}

/** While it is in view, in a window that is seen, and nobody stopped it. */
class LiveHero extends Island {
  private moving: Lifetime | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private inView = false;

  protected enter(life: Lifetime): void {
    const button = this.querySelector<HTMLButtonElement>('.hero-motion');
    if (!this.dataset.src || !button || !wanted()) {
      return;
    }
    button.hidden = false;
    this.name(button);
    life.listen(button, 'click', () => {
      remember('hero-moves', !remembered('hero-moves', true));
      this.name(button);
      this.look();
    });
    const watcher = new IntersectionObserver(
      (seen) => {
        this.inView = seen.some((entry) => entry.isIntersecting);
        this.look();
      },
      { threshold: 0.4 },
    );
    watcher.observe(this);
    life.atEnd(() => watcher.disconnect());
    life.listen(document, 'visibilitychange', () => this.look());
    life.atEnd(() => this.still());
  }

  private name(button: HTMLButtonElement): void {
    const moves = remembered('hero-moves', true);
    button.setAttribute('aria-label', (moves ? this.dataset.stop : this.dataset.go) ?? '');
    button.toggleAttribute('data-stopped', !moves);
  }

  private look(): void {
    if (!this.inView || document.visibilityState === 'hidden' || !remembered('hero-moves', true)) {
      this.still();
    } else if (!this.moving && this.timer === undefined) {
      this.timer = setTimeout(() => this.start(), HERO_MILLIS);
    }
  }

  private start(): void {
    const box = this.querySelector('.card-picture');
    if (box) {
      this.moving = new Lifetime();
      void move(box, this.dataset.src ?? '', this.moving);
    }
  }

  private still(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.moving?.end();
    this.moving = undefined;
  }
}

/**
 * The card's picture moves while a mouse rests on it; one at a time.
 *
 * @returns whether a mouse rests on one now
 */
export function moveUnderMouse(list: HTMLElement, life: Lifetime): () => boolean {
  let card: Element | null = null;
  let moving: Lifetime | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const leave = () => {
    clearTimeout(timer);
    moving?.end();
    moving = undefined;
    card = null;
  };
  life.atEnd(leave);
  life.listen(document, 'visibilitychange', leave);
  life.listen(list, 'pointerleave', leave);
  life.listen<PointerEvent>(list, 'pointerover', (event) => {
    const over = (event.target as Element).closest('[data-card]');
    if (over === card) {
      return;
    }
    leave();
    const box = over?.querySelector('.card .card-picture[data-moves]');
    const channel = over?.getAttribute('data-card');
    if (event.pointerType === 'mouse' && over && box && channel && list.dataset.media && wanted()) {
      const address = list.dataset.media.replace('*', channel);
      card = over;
      timer = setTimeout(() => {
        moving = new Lifetime();
        void move(box, address, moving);
      }, HOVER_MILLIS);
    }
  });
  return () => card !== null;
}

customElements.define('live-hero', LiveHero);
