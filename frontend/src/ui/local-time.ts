// <local-time datetime>: a moment, as the reader's clock and calendar say it. The server wrote it in UTC.
import { lang } from '../core/dom';
import { ago } from '../core/format';

class LocalTime extends HTMLElement {
  connectedCallback(): void {
    const at = new Date(this.getAttribute('datetime') ?? '');
    if (!Number.isNaN(at.getTime())) {
      this.textContent = ago(at, new Date(), lang());
      this.title = at.toLocaleString(lang());
    }
  }
}

customElements.define('local-time', LocalTime);
