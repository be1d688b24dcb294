// The picture of a card becomes the player of the page that it leads to: a view transition between documents, of which directory.css has
// the other half.
import type { Lifetime } from '../core/lifetime';

const PROPERTY = 'view-transition-name';

export function becomePlayer(list: HTMLElement, life: Lifetime): void {
  let named: HTMLElement | undefined;
  life.listen<MouseEvent>(list, 'click', (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) {
      return;
    }
    const link = (event.target as Element).closest('.card, live-hero a');
    const picture = (link?.closest('live-hero') ?? link)?.querySelector<HTMLElement>('.card-picture');
    if (picture) {
      // A page that is gone back to has one already, and two of a name are none.
      named?.style.removeProperty(PROPERTY);
      picture.style.setProperty(PROPERTY, 'stage');
      named = picture;
    }
  });
}
