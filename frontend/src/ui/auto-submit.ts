// <auto-submit> around a form: sends it as soon as something is chosen; its button is for pages without scripts.

class AutoSubmit extends HTMLElement {
  connectedCallback(): void {
    const form = this.querySelector('form');
    const button = form?.querySelector<HTMLElement>('button');
    if (form && button) {
      button.hidden = true;
      form.addEventListener('change', () => form.requestSubmit());
    }
  }
}

customElements.define('auto-submit', AutoSubmit);
