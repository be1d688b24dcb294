// <stream-check data-channel>: what has come from the encoder so far, ticked off as it arrives.
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';
import { done } from './stream-steps';

class StreamCheck extends Island {
  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'encoder') {
          for (const [step, is] of Object.entries(done(event))) {
            this.tick(step, is);
          }
        }
      }),
    );
  }

  private tick(step: string, is: boolean): void {
    const line = this.querySelector<HTMLElement>(`[data-step="${step}"]`);
    const said = line?.querySelector<HTMLElement>('[data-said]');
    if (line && said && line.hasAttribute('data-done') !== is) {
      line.toggleAttribute('data-done', is);
      said.textContent = (is ? this.dataset.done : this.dataset.open) ?? '';
    }
  }
}

customElements.define('stream-check', StreamCheck);
