// <encoder-panel data-channel>: what the encoder sends, as it changes; how long and before how many; what could be better.
import { element, icon, lang, setText, texts } from '../core/dom';
import { bitrate, count, decimal, duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { pageSocket } from '../wire/page-socket';
import type { EncoderEvent, HistoryEvent, Link } from '../wire/studio';
import { draw } from './curve';

/** Ten minutes. */
const MOST = 300;
/** So wide from the start: a curve fills its place within a quarter of a minute. */
const LEAST = 8;
/** What a viewer waits for at most before there is a picture, without a word about it. */
const GOOD_INTERVAL_MILLIS = 2_500;
const FAIR_INTERVAL_MILLIS = 4_500;

class EncoderPanel extends Island {
  private startedAt: number | undefined;
  private stepMillis = 2_000;
  private bitrates: number[] = [];
  private frameRates: number[] = [];
  private drawnAt = 0;

  protected enter(life: Lifetime): void {
    this.startedAt = this.dataset.startedAt ? Date.parse(this.dataset.startedAt) : undefined;
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'encoder') {
          this.show(event);
        } else if (event.type === 'history') {
          this.recall(event);
        }
      }),
    );
    life.every(1_000, () => this.tick());
    this.tick();
  }

  private tick(): void {
    if (this.startedAt !== undefined) {
      setText(this, '[data-fact="uptime"]', duration(Date.now() - this.startedAt));
    }
  }

  private show(now: EncoderEvent): void {
    const words = texts(this);
    this.dataset.state = now.state;
    this.startedAt = now.startedAt ? Date.parse(now.startedAt) : undefined;
    const state = this.querySelector<HTMLElement>('.state');
    if (state) {
      state.dataset.state = now.state;
    }
    setText(this, '.state', words[`state.${now.state}`] ?? now.state);
    setText(this, '[data-fact="encoder"]', now.program || '–');
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
    this.judge(now.keyIntervalMillis, words);
    setText(this, '[data-fact="viewers"]', count(now.viewers, lang()));
    setText(this, '[data-fact="peak"]', count(now.peakViewers, lang()));
    const one = new Intl.PluralRules(lang()).select(now.viewers) === 'one';
    const watching = words[now.viewers === 0 ? 'watching.none' : one ? 'watching.one' : 'watching.other'] ?? '';
    setText(document, '[data-fact="watching"]', watching.replace('{0}', count(now.viewers, lang())));
    this.tick();
    this.remember(now);
    this.health(now.repairs, words);
    this.link(now.link);
    this.issues(now, words);
    this.querySelector('.health .none')?.toggleAttribute(
      'hidden',
      Object.keys(now.repairs).length + now.warnings.length + now.leftOut.length > 0,
    );
  }

  /** Says of the key interval whether viewers wait for it. */
  private judge(millis: number, words: Record<string, string>): void {
    const verdict = this.querySelector<HTMLElement>('[data-fact="verdict"]');
    if (verdict) {
      const how = millis <= GOOD_INTERVAL_MILLIS ? 'good' : millis <= FAIR_INTERVAL_MILLIS ? 'fair' : 'long';
      verdict.hidden = millis <= 0;
      verdict.dataset.verdict = how;
      verdict.textContent = words[`interval.${how}`] ?? '';
    }
  }

  // ---- the curves ---------------------------------------------------------------------------------------------

  private recall(history: HistoryEvent): void {
    this.stepMillis = history.stepMillis;
    this.bitrates = history.bitrates;
    this.frameRates = history.frameRates;
    this.drawnAt = Date.now();
    this.drawCurves();
  }

  /** One sample for each step, as the server keeps them. */
  private remember(now: EncoderEvent): void {
    if (now.state === 'OFFLINE' || now.state === 'ENDED') {
      this.bitrates = [];
      this.frameRates = [];
    } else if (Date.now() - this.drawnAt >= this.stepMillis) {
      this.drawnAt = Date.now();
      this.bitrates = [...this.bitrates, now.bitrate / 1_000].slice(-MOST);
      this.frameRates = [...this.frameRates, now.frameRate].slice(-MOST);
      this.drawCurves();
    }
  }

  private drawCurves(): void {
    for (const [name, values] of [
      ['bitrate', this.bitrates],
      ['fps', this.frameRates],
    ] as const) {
      const svg = this.querySelector<SVGSVGElement>(`svg[data-curve="${name}"]`);
      if (svg) {
        draw(svg, values, Math.min(MOST, Math.max(LEAST, values.length)));
      }
    }
  }

  // ---- what could be better -----------------------------------------------------------------------------------

  private issues(now: EncoderEvent, words: Record<string, string>): void {
    const found = [
      ...now.warnings.map((warning) => {
        const measured = now.measured[warning];
        return {
          text: words[`warning.${warning}`] ?? warning,
          figures: measured
            ? (words.measured ?? '{0} {1}').replace('{0}', measured.is).replace('{1}', measured.wanted)
            : '',
        };
      }),
      ...now.leftOut.map((part) => ({
        text: (words[`leftout.${part.kind}`] ?? '{0}').replace('{0}', part.what),
        figures: '',
      })),
    ];
    const warnings = this.querySelector<HTMLElement>('.warnings');
    const wanted = JSON.stringify(found);
    if (warnings && warnings.dataset.shown !== wanted) {
      warnings.dataset.shown = wanted;
      warnings.replaceChildren(
        ...found.map(({ text, figures }) => {
          const said = element('div', '', element('span', '', text));
          if (figures) {
            said.append(element('div', 'issue-figures numbers', figures));
          }
          return element('div', 'note note-warn small', icon('circle-alert'), said);
        }),
      );
    }
  }

  private link(link: Link | null): void {
    const place = this.querySelector<HTMLElement>('.link-quality');
    place?.toggleAttribute('hidden', !link);
    if (!place || !link) {
      return;
    }
    const values: Record<string, string | undefined> = {
      roundTrip: link.roundTripMillis?.toString(),
      lost: link.lostPercent.toFixed(1),
      retransmitted: count(link.retransmitted, lang()),
      dropped: count(link.dropped, lang()),
      buffered: link.bufferedMillis?.toString(),
    };
    for (const fact of place.querySelectorAll<HTMLElement>('[data-link]')) {
      const value = values[fact.dataset.link ?? ''];
      fact.textContent = value === undefined ? '–' : (fact.dataset.in ?? '{0}').replace('{0}', value);
    }
  }

  private health(repairs: Record<string, number>, words: Record<string, string>): void {
    const kinds = Object.entries(repairs);
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
