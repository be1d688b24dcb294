// What comes after a video: offered at its end, and played a few seconds later unless somebody does not want it.
import { setText } from '../core/dom';
import { Lifetime } from '../core/lifetime';

const SECONDS = 8;

export function offerNext(panel: HTMLElement, next: { href: string; title: string }, life: Lifetime): void {
  const offer = new Lifetime();
  life.atEnd(() => offer.end());
  offer.atEnd(() => {
    panel.hidden = true;
  });
  let left = SECONDS;
  const say = () =>
    setText(panel, '[data-fact="next-in"]', (panel.dataset.in ?? '{0}').replace('{0}', String(Math.max(0, left))));
  setText(panel, '[data-fact="next"]', next.title);
  const link = panel.querySelector('a');
  if (link) {
    link.href = next.href;
  }
  offer.listen(panel.querySelector('button'), 'click', () => offer.end());
  offer.listen<KeyboardEvent>(document, 'keydown', ({ key }) => key === 'Escape' && offer.end());
  // Whoever goes back has not had enough of this one.
  offer.listen(panel.closest('video-player')?.querySelector('video'), 'seeking', () => offer.end());
  offer.listen(panel.closest('video-player')?.querySelector('video'), 'playing', () => offer.end());
  offer.every(1_000, () => {
    left--;
    say();
    // A page that nobody looks at stays where it is.
    if (left <= 0 && !document.hidden) {
      offer.end();
      location.assign(next.href);
    }
  });
  say();
  panel.hidden = false;
}
