// <share-panel>: offers the system's own way to share where there is one.

class SharePanel extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector<HTMLButtonElement>('[data-do="share"]');
    if (button && typeof navigator.share === 'function') {
      button.hidden = false;
      button.addEventListener('click', () => {
        navigator.share({ title: document.title, url: this.dataset.url ?? location.href }).catch(() => {});
      });
    }
  }
}

customElements.define('share-panel', SharePanel);
