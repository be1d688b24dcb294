// A danmaku is written on the picture where the chat is out of sight or far: in full screen and in the theatre. The chat sends it.
import type { Lifetime } from '../core/lifetime';

/** What is asked of the chat, and what it answers: a refusal, or nothing. */
export const SAY = 'millrace:say';
export const SAID = 'millrace:said';

export function enterSaying(host: HTMLElement, life: Lifetime): void {
  const form = host.querySelector<HTMLFormElement>('.player-say');
  const input = form?.querySelector('input');
  const said = form?.querySelector<HTMLElement>('.player-said');
  if (!form || !input || !said) {
    return;
  }
  life.listen(form, 'submit', (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (text !== '') {
      document.dispatchEvent(new CustomEvent(SAY, { detail: { text } }));
    }
  });
  life.listen<CustomEvent<{ refusal?: string }>>(document, SAID, (event) => {
    said.textContent = event.detail.refusal ?? '';
    if (!event.detail.refusal) {
      input.value = '';
    }
  });
}
