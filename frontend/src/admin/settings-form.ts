// <settings-form>: one form of all settings. Its bar tells what changed; typing into the search leaves what fits.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

interface Words {
  one: string;
  other: string;
  none: string;
  found: string;
}

const NAMED = 3;

class SettingsForm extends Island {
  private words: Words = { one: '', other: '', none: '', found: '' };
  private sent = false;

  protected enter(life: Lifetime): void {
    const form = this.querySelector('form');
    this.words = { ...this.words, ...JSON.parse(this.querySelector('script')?.textContent ?? '{}') };
    const find = this.querySelector<HTMLInputElement>('#setting-find');
    find?.parentElement?.removeAttribute('hidden');
    life.listen(find, 'input', () => this.filter(find?.value ?? ''));
    // The search is no field of the form: Enter in it saves nothing.
    life.listen<KeyboardEvent>(find, 'keydown', (event) => {
      if (event.key === 'Enter' || (event.key === 'Escape' && find?.value)) {
        event.preventDefault();
      }
      if (event.key === 'Escape' && find) {
        find.value = '';
        this.filter('');
      }
    });
    life.listen(form, 'input', () => this.tell());
    life.listen(form, 'change', () => this.tell());
    life.listen(form, 'reset', (event) => {
      event.preventDefault();
      this.discard();
    });
    life.listen(form, 'submit', () => {
      this.sent = true;
    });
    life.listen(this, 'click', (event) => this.back(event));
    life.listen<BeforeUnloadEvent>(window, 'beforeunload', (event) => {
      if (!this.sent && this.changed().length > 0) {
        event.preventDefault();
      }
    });
    this.tell();
  }

  private settings(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>('[data-setting]')];
  }

  private changed(): HTMLElement[] {
    return this.settings().filter(
      (setting) => fields(setting).some(isFile) || value(setting) !== (setting.dataset.stored ?? ''),
    );
  }

  /** What changed, by name: three, and how many more. */
  private tell(): void {
    const changed = this.changed();
    for (const setting of this.settings()) {
      setting.toggleAttribute('data-changed', changed.includes(setting));
      const back = setting.querySelector<HTMLElement>('[data-do="default"]');
      if (back) {
        back.hidden = value(setting) === (setting.dataset.otherwise ?? '');
      }
    }
    const lang = document.documentElement.lang || 'en';
    const list = new Intl.ListFormat(lang, { type: 'unit', style: 'short' }).format([
      ...changed.slice(0, NAMED).map(name),
      ...(changed.length > NAMED ? ['…'] : []),
    ]);
    const text = new Intl.PluralRules(lang).select(changed.length) === 'one' ? this.words.one : this.words.other;
    const say = this.querySelector<HTMLElement>('[data-fact="changes"]');
    if (say) {
      say.textContent =
        changed.length === 0
          ? this.words.none
          : text.replace(/\{([01])\}/g, (_, at) => (at === '0' ? String(changed.length) : list));
    }
    this.querySelector('.settings-bar')?.toggleAttribute('data-changed', changed.length > 0);
    this.querySelector('[data-do="discard"]')?.toggleAttribute('hidden', changed.length === 0);
  }

  private discard(): void {
    for (const setting of this.changed()) {
      put(setting, setting.dataset.stored ?? '');
    }
    this.tell();
  }

  private back(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest('[data-do="default"]') : null;
    const setting = button?.closest<HTMLElement>('[data-setting]');
    if (setting) {
      put(setting, setting.dataset.otherwise ?? '');
      fields(setting)[0]?.focus();
      this.tell();
    }
  }

  private filter(asked: string): void {
    const words = asked.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    for (const section of this.querySelectorAll<HTMLElement>('section')) {
      let here = 0;
      for (const setting of section.querySelectorAll<HTMLElement>('[data-setting]')) {
        const text = `${section.querySelector('h2')?.textContent} ${setting.textContent}`.toLocaleLowerCase();
        setting.hidden = !words.every((word) => text.includes(word));
        here += setting.hidden ? 0 : 1;
      }
      section.hidden = here === 0;
      found += here;
    }
    let none = this.querySelector<HTMLElement>('.setting-none');
    if (found === 0 && !none) {
      none = document.createElement('p');
      none.className = 'setting-none quiet';
      none.setAttribute('role', 'status');
      none.textContent = this.words.found;
      this.querySelector('#setting-find')?.parentElement?.after(none);
    } else if (found > 0) {
      none?.remove();
    }
  }
}

const isFile = (field: Field) => field instanceof HTMLInputElement && field.type === 'file' && field.value !== '';

const name = (setting: HTMLElement) => setting.querySelector('.setting-name')?.textContent?.trim() ?? '';

const fields = (setting: HTMLElement) => [...setting.querySelectorAll<Field>('input, textarea, select')];

/** What the form would send for it; a picture is what is stored, until somebody asks to remove it. */
function value(setting: HTMLElement): string {
  const all = fields(setting);
  const first = all[0];
  if (first instanceof HTMLInputElement && first.type === 'file') {
    return all.some((field) => field instanceof HTMLInputElement && field.checked)
      ? ''
      : (setting.dataset.stored ?? '');
  }
  if (first instanceof HTMLInputElement && first.type === 'radio') {
    return all.find((field) => field instanceof HTMLInputElement && field.checked)?.value ?? '';
  }
  return first?.value ?? '';
}

function put(setting: HTMLElement, wanted: string): void {
  for (const field of fields(setting)) {
    if (field instanceof HTMLInputElement && field.type === 'radio') {
      field.checked = field.value === wanted;
    } else if (field instanceof HTMLInputElement && field.type === 'checkbox') {
      field.checked = false;
    } else if (field instanceof HTMLInputElement && field.type === 'file') {
      field.value = '';
      // For the field alone, which says what is chosen.
      field.dispatchEvent(new Event('change'));
    } else {
      field.value = wanted;
    }
  }
}

customElements.define('settings-form', SettingsForm);
