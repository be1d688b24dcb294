// The parts of the page that goes live, by name.
import { setText } from '../../core/dom';

export function part<T extends HTMLElement = HTMLElement>(host: HTMLElement, name: string): T {
  const found = host.querySelector<T>(`[data-part="${name}"]`);
  if (!found) {
    throw new Error(`the page has no ${name}`);
  }
  return found;
}

export function button(host: HTMLElement, name: string): HTMLButtonElement {
  const found = host.querySelector<HTMLButtonElement>(`[data-do="${name}"]`);
  if (!found) {
    throw new Error(`the page has no button ${name}`);
  }
  return found;
}

/** Says something in a part, which is there as long as something is said. */
export function say(host: HTMLElement, name: string, words: string): void {
  setText(host, `[data-part="${name}"]`, words);
  part(host, name).hidden = words === '';
}

/** A text with its places filled. */
export function filled(words: string | undefined, ...values: string[]): string {
  return values.reduce((text, value, at) => text.replace(`{${at}}`, () => value), words ?? '');
}
