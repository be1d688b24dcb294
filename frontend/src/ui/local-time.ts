// <local-time datetime>: a moment, as the reader's clock and calendar say it. The server wrote it in UTC. Where it stands within a
// sentence, data-in is that sentence.
import { lang } from '../core/dom';
import { ago, moment } from '../core/format';

class LocalTime extends HTMLElement {
  connectedCallback(): void {
    const at = new Date(this.getAttribute('datetime') ?? '');
    if (!Number.isNaN(at.getTime())) {
      this.textContent = (this.dataset.in ?? '{0}').replace('{0}', ago(at, new Date(), lang()));
      this.title = moment(at, lang());
    }
  }
}

customElements.define('local-time', LocalTime);
