// "Statistics for nerds": what comes in and how it is played, once a second, in a corner of the player.
import { element } from '../core/dom';
import { bitrate } from '../core/format';
import type { Source } from './source';

export interface StatsTexts {
  title: string;
  close: string;
  protocol: string;
  codecs: string;
  size: string;
  bitrate: string;
  buffer: string;
  latency: string;
  dropped: string;
  rate: string;
  /** Of WebRTC alone, as the next two. */
  trip: string;
  loss: string;
  jitter: string;
}

export class StatsPanel {
  readonly node: HTMLElement;
  private readonly values = new Map<keyof StatsTexts, HTMLElement>();

  constructor(texts: StatsTexts, close: () => void) {
    const button = element('button', 'stats-close', '×');
    button.type = 'button';
    button.setAttribute('aria-label', texts.close);
    button.addEventListener('click', close);
    const rows: (keyof StatsTexts)[] = [
      'protocol',
      'codecs',
      'size',
      'bitrate',
      'buffer',
      'latency',
      'rate',
      'dropped',
      'trip',
      'loss',
      'jitter',
    ];
    const list = element(
      'dl',
      '',
      ...rows.map((row) => {
        const value = element('dd', 'numbers', '–');
        this.values.set(row, value);
        return element('div', '', element('dt', '', texts[row]), value);
      }),
    );
    this.node = element('section', 'player-stats', element('h3', '', texts.title), button, list);
    this.node.setAttribute('aria-label', texts.title);
  }

  update(video: HTMLVideoElement, source: Source | undefined): void {
    const facts = source?.facts();
    const end = video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : undefined;
    const quality = video.getVideoPlaybackQuality?.();
    this.set('protocol', facts?.protocol);
    this.set('codecs', facts?.codecs);
    this.set('size', video.videoWidth > 0 ? `${video.videoWidth} × ${video.videoHeight}` : undefined);
    this.set('bitrate', facts?.bitrate ? bitrate(facts.bitrate) : undefined);
    this.set('buffer', end === undefined ? undefined : `${Math.max(0, end - video.currentTime).toFixed(2)} s`);
    const latency = source?.latency();
    this.set('latency', latency === undefined ? undefined : `${latency.toFixed(2)} s`);
    this.set('rate', `${video.playbackRate.toFixed(2)} ×`);
    const { trip, buffer, loss } = facts?.instant ?? {};
    for (const row of ['trip', 'loss', 'jitter'] as const) {
      this.values.get(row)?.parentElement?.toggleAttribute('hidden', facts?.instant === undefined);
    }
    this.set('trip', trip === undefined ? undefined : `${Math.round(trip * 1_000)} ms`);
    this.set('loss', loss === undefined ? undefined : `${(loss * 100).toFixed(1)} %`);
    this.set('jitter', buffer === undefined ? undefined : `${Math.round(buffer * 1_000)} ms`);
    this.set('dropped', quality ? `${quality.droppedVideoFrames} / ${quality.totalVideoFrames}` : undefined);
  }

  private set(row: keyof StatsTexts, text: string | undefined): void {
    const value = this.values.get(row);
    if (value) {
      value.textContent = text || '–';
    }
  }
}
