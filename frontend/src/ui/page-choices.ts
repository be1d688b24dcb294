// How pages look, as somebody chose: <rail-fold> and <cards-size> around a button. Kept in cookies, which the server reads.
import { keepCookie } from '../core/cookies';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

function keep(name: string, value: string): void {
  document.documentElement.dataset[name] = value;
  keepCookie(name, value);
}

/** A button that does one of two things, and is named for what it would do. */
abstract class Choice extends Island {
  protected enter(life: Lifetime): void {
    this.hidden = false;
    const button = this.querySelector('button');
    const name = () => {
      const label = this.label();
      button?.setAttribute('aria-label', label);
      button?.setAttribute('title', label);
    };
    life.listen(button, 'click', () => {
      this.turn();
      name();
    });
    life.listen(window, 'resize', name);
    name();
  }

  protected abstract label(): string;
  protected abstract turn(): void;
}

class RailFold extends Choice {
  /** By choice, or because the window is narrow. */
  private folded(): boolean {
    return (this.closest<HTMLElement>('.rail')?.offsetWidth ?? 0) < 120;
  }

  protected label(): string {
    return (this.folded() ? this.dataset.unfold : this.dataset.fold) ?? '';
  }

  protected turn(): void {
    keep('rail', this.folded() ? 'open' : 'folded');
  }
}

class CardsSize extends Choice {
  private small(): boolean {
    return document.documentElement.dataset.cards === 'small';
  }

  protected label(): string {
    return (this.small() ? this.dataset.large : this.dataset.small) ?? '';
  }

  protected turn(): void {
    keep('cards', this.small() ? 'auto' : 'small');
  }
}

customElements.define('rail-fold', RailFold);
customElements.define('cards-size', CardsSize);
