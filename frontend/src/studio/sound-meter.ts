// How loud a video element is, drawn as a bar: measured before its sound goes anywhere, and it goes nowhere until somebody wants to hear it.
import type { Lifetime } from '../core/lifetime';

/** Quieter than this is silence. */
const FLOOR_DB = -60;
/** How fast the bar falls, in decibels a second. */
const FALL_DB = 30;
const SHOWN_MILLIS = 50;

export class SoundMeter {
  private readonly gain: GainNode;
  private level = FLOOR_DB;

  constructor(video: HTMLVideoElement, shown: HTMLElement, life: Lifetime) {
    const context = new AudioContext();
    const source = context.createMediaElementSource(video);
    const analyser = context.createAnalyser();
    analyser.fftSize = 2_048;
    this.gain = context.createGain();
    this.gain.gain.value = 0;
    source.connect(analyser);
    analyser.connect(this.gain).connect(context.destination);
    // From here on the sound goes through the context alone, which is silent; a muted element would have nothing to measure.
    video.muted = false;
    void context.resume();
    const samples = new Float32Array(analyser.fftSize);
    life.every(SHOWN_MILLIS, () => {
      analyser.getFloatTimeDomainData(samples);
      const now = decibels(samples);
      this.level = Math.max(now, this.level - (FALL_DB * SHOWN_MILLIS) / 1_000, FLOOR_DB);
      const part = Math.min(1, 1 - this.level / FLOOR_DB);
      shown.style.setProperty('--level', part.toFixed(3));
      shown.dataset.loud = this.level > -3 ? 'hot' : this.level > -9 ? 'high' : 'good';
      shown.setAttribute('aria-valuenow', String(Math.round(this.level)));
      shown.setAttribute('aria-valuetext', `${Math.round(this.level)} dB`);
    });
    life.atEnd(() => void context.close());
  }

  /** Lets it be heard, or not any more; answers which. */
  hear(): boolean {
    const heard = this.gain.gain.value === 0;
    this.gain.gain.value = heard ? 1 : 0;
    return heard;
  }
}

/** The loudest sample, below full scale. */
export function decibels(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) {
    peak = Math.max(peak, Math.abs(sample));
  }
  return peak === 0 ? FLOOR_DB : Math.max(FLOOR_DB, 20 * Math.log10(peak));
}
