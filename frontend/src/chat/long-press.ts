// With a finger: what the mouse finds beside a row.
import type { Lifetime } from '../core/lifetime';

/** A finger that stays so long means the menu. */
const LONG_PRESS_MILLIS = 450;

export function listenForLongPress(log: HTMLElement, life: Lifetime, open: (actions: HTMLElement) => void): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = () => clearTimeout(timer);
  life.listen<PointerEvent>(log, 'pointerdown', (event) => {
    end();
    const actions = (event.target as HTMLElement)
      .closest('.chat-message[data-seq]')
      ?.querySelector<HTMLElement>('.chat-actions');
    if (event.pointerType === 'touch' && actions) {
      timer = setTimeout(() => open(actions), LONG_PRESS_MILLIS);
    }
  });
  for (const kind of ['pointerup', 'pointercancel', 'scroll']) {
    life.listen(log, kind, end, { passive: true });
  }
  life.atEnd(end);
}
