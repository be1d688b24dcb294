// <file-field> around a file input that is drawn by the page, in the page's language: shows the name of what was chosen.

class FileField extends HTMLElement {
  connectedCallback(): void {
    const input = this.querySelector('input');
    const name = this.querySelector('.file-name');
    input?.addEventListener('change', () => {
      if (name && input.files?.[0]) {
        name.textContent = input.files[0].name;
      }
    });
  }
}

customElements.define('file-field', FileField);
