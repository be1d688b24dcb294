// Elements whose every stay in the page is a lifetime.
import { Lifetime } from './lifetime';

/** An element that hangs something on the page: each stay of it in the page is a lifetime. */
export abstract class Island extends HTMLElement {
  private life: Lifetime | undefined;

  connectedCallback(): void {
    this.life?.end();
    this.life = new Lifetime();
    this.enter(this.life);
  }

  disconnectedCallback(): void {
    this.life?.end();
    this.life = undefined;
  }

  /** It is in the page; until the end of the lifetime. */
  protected abstract enter(life: Lifetime): void;
}
