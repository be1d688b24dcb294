// <bulk-table>: choose all, see how many are chosen, walk the rows with the arrow keys and choose with the space bar.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

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
