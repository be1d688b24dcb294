// A chat beside a picture can be away; in the studio and in a window of its own it is what one came for.
import type { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';

/** Where the page has an arrangement without the chat, as its style sheet says. */
const CAN_HIDE = '(min-width: 1000px), (orientation: landscape) and (max-height: 500px)';

export function enterHiding(host: HTMLElement, life: Lifetime): void {
  if (!host.closest('.watch-chat')) {
    return;
  }
  let away = remembered('chat-hidden', false);
  const arrange = (fits: boolean) => {
    if (fits && away) {
      document.body.dataset.chat = 'hidden';
    } else {
      delete document.body.dataset.chat;
    }
  };
  const hide = host.querySelector<HTMLElement>('.chat-hide');
  if (hide) {
    hide.hidden = false; // it does nothing without a script
  }
  const turn = (on: boolean) => {
    away = on;
    remember('chat-hidden', on);
    arrange(true);
    (on ? document.querySelector<HTMLElement>('.chat-show') : hide)?.focus();
  };
  life.listen(hide, 'click', () => turn(true));
  life.listen(document, 'click', (event) => {
    if ((event.target as HTMLElement).closest?.('.chat-show')) {
      turn(false);
    }
  });
  // What is remembered of a wide page is kept for it while the phone is held upright.
  const fits = matchMedia(CAN_HIDE);
  life.listen(fits, 'change', () => arrange(fits.matches));
  arrange(fits.matches);
}
