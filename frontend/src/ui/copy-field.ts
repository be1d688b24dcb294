// <copy-field data-copy data-copied> around a read-only input: adds a button that copies the real value.
import { element, icon } from '../core/dom';

const SHOWN_MILLIS = 2_000;

class CopyField extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    if (!input || this.querySelector('button')) {
      return;
    }
    const label = element('span', '', this.dataset.copy ?? 'Copy');
    const button = element('button', 'button', icon('copy'), label);
    // Several of them stand on one page: whoever hears them in a list hears what each copies.
    const what = input.labels?.[0]?.textContent?.trim();
    if (what) {
      button.append(element('span', 'visually-hidden', ` ${what}`));
    }
    button.type = 'button';
    button.setAttribute('aria-live', 'polite');
    button.addEventListener('click', async () => {
      if (await copy(input)) {
        label.textContent = this.dataset.copied ?? 'Copied';
        setTimeout(() => {
          label.textContent = this.dataset.copy ?? 'Copy';
        }, SHOWN_MILLIS);
      }
    });
    this.append(button);
  }
}

/** The clipboard needs a secure page; elsewhere the text is selected and copied the old way. */
async function copy(input: HTMLInputElement): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    input.focus();
    input.select();
    return document.execCommand('copy');
  }
}

customElements.define('copy-field', CopyField);
