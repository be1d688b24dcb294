// <encoder-panel data-channel>: what the encoder sends, as it changes.

import { element, icon, lang, setText, texts } from '../core/dom';
import { bitrate, count, decimal } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';
import type { EncoderEvent } from '../wire/studio';

class EncoderPanel extends Island {
  protected enter(life: Lifetime): void {
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'encoder') {
          this.show(event);
        }
      }),
    );
  }

  private show(now: EncoderEvent): void {
    const words = texts(this);
    this.dataset.state = now.state;
    const state = this.querySelector<HTMLElement>('.state');
    if (state) {
      state.dataset.state = now.state;
    }
    setText(this, '.state', words[`state.${now.state}`] ?? now.state);
    setText(this, '[data-fact="encoder"]', now.encoder?.name || '–');
    setText(this, '[data-fact="video"]', now.video ? `${now.video.codec} ${now.video.width}×${now.video.height}` : '–');
    setText(this, '[data-fact="fps"]', now.frameRate > 0 ? String(Math.round(now.frameRate)) : '–');
    setText(
      this,
      '[data-fact="audio"]',
      now.audio ? `${now.audio.codec} ${(now.audio.sampleRate / 1_000).toString()} kHz` : '–',
    );
    setText(this, '[data-fact="bitrate"]', now.bitrate > 0 ? bitrate(now.bitrate) : '–');
    const seconds = this.querySelector<HTMLElement>('[data-fact="interval"]')?.dataset.in ?? '{0}';
    setText(
      this,
      '[data-fact="interval"]',
      now.keyIntervalMillis > 0 ? seconds.replace('{0}', decimal(now.keyIntervalMillis / 1_000, lang())) : '–',
    );
    setText(this, '[data-fact="viewers"]', count(now.viewers, lang()));
    this.health(now.repairs, words);
    const warnings = this.querySelector('.warnings');
    const said = [
      ...now.warnings.map((warning) => words[`warning.${warning}`] ?? warning),
      ...now.leftOut.map((part) => (words[`leftout.${part.kind}`] ?? '{0}').replace('{0}', part.what)),
    ];
    const wanted = said.join(' ');
    if (warnings instanceof HTMLElement && warnings.dataset.shown !== wanted) {
      warnings.dataset.shown = wanted;
      warnings.replaceChildren(
        ...said.map((text) => element('div', 'note note-warn small', icon('circle-alert'), text)),
      );
    }
  }

  private health(repairs: Record<string, number>, words: Record<string, string>): void {
    const kinds = Object.entries(repairs);
    this.querySelector('.health .none')?.toggleAttribute('hidden', kinds.length > 0);
    const list = this.querySelector('.repairs');
    list?.toggleAttribute('hidden', kinds.length === 0);
    list?.replaceChildren(
      ...kinds.map(([kind, times]) =>
        element(
          'div',
          '',
          element('dt', '', words[`repair.${kind}`] ?? kind),
          element('dd', 'numbers', count(times, lang())),
        ),
      ),
    );
  }
}

customElements.define('encoder-panel', EncoderPanel);
