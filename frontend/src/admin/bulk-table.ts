// <bulk-table>: choose all, see how many are chosen, walk the rows with the arrow keys and choose with the space bar.
import { lang } from '../core/dom';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { ASKING } from '../ui/ask-first';

/** So many are named; the others are counted. */
const NAMED = 5;

class BulkTable extends Island {
  private all: HTMLInputElement | null = null;

  protected enter(life: Lifetime): void {
    this.all = this.querySelector('[data-do="all"]');
    if (this.all) {
      this.all.hidden = false;
    }
    life.listen(this, 'change', (event) => {
      if (event.target === this.all) {
        for (const box of this.boxes()) {
          box.checked = this.all?.checked ?? false;
        }
      }
      this.count();
    });
    life.listen<KeyboardEvent>(this.querySelector('tbody'), 'keydown', (event) => this.key(event));
    life.listen(this, ASKING, () => this.whom());
    this.count();
  }

  private boxes(): HTMLInputElement[] {
    return [...this.querySelectorAll<HTMLInputElement>('tbody input[name="id"]')];
  }

  private count(): void {
    const chosen = this.boxes().filter((box) => box.checked).length;
    const told = this.querySelector<HTMLElement>('[data-fact="chosen"]');
    if (told) {
      told.textContent =
        chosen === 0 ? (told.dataset.none ?? '') : (told.dataset.other ?? '{0}').replace('{0}', String(chosen));
    }
    for (const button of this.querySelectorAll<HTMLButtonElement>('.bulk button')) {
      button.disabled = chosen === 0;
    }
  }

  /** What is about to be done, and to whom: the first of them by name. */
  private whom(): void {
    const told = this.querySelector<HTMLElement>('[data-fact="whom"]');
    if (told) {
      const names = this.boxes()
        .filter((box) => box.checked)
        .map((box) => box.getAttribute('aria-label') ?? '');
      const action = this.querySelector<HTMLSelectElement>('.bulk select')?.selectedOptions[0]?.text;
      const list = new Intl.ListFormat(lang(), { type: 'unit' }).format([
        ...names.slice(0, NAMED),
        ...(names.length > NAMED ? [`+ ${names.length - NAMED}`] : []),
      ]);
      told.textContent = action ? `${action}: ${list}` : list;
      told.hidden = false;
    }
  }

  private key(event: KeyboardEvent): void {
    const row = (event.target as HTMLElement).closest('tr');
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      const next = event.key === 'ArrowDown' ? row?.nextElementSibling : row?.previousElementSibling;
      if (next instanceof HTMLElement) {
        event.preventDefault();
        next.querySelector<HTMLElement>('input[name="id"]')?.focus();
      }
    } else if (event.key === 'Enter' && event.target instanceof HTMLInputElement) {
      event.preventDefault();
      row?.querySelector<HTMLElement>('a')?.click();
    }
  }
}

customElements.define('bulk-table', BulkTable);
