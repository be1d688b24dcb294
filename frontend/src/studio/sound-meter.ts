// How loud a video element is, drawn as a bar: measured before its sound goes anywhere, and it goes nowhere until somebody wants to hear it.
import type { Lifetime } from '../core/lifetime';
import { decibels, Level } from '../player/sound-level';

const SHOWN_MILLIS = 50;

export class SoundMeter {
  private readonly gain: GainNode;
  private readonly level = new Level();

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
      this.level.follow(decibels(samples), SHOWN_MILLIS);
      const now = this.level.decibels;
      shown.style.setProperty('--level', this.level.part.toFixed(3));
      shown.dataset.loud = now > -3 ? 'hot' : now > -9 ? 'high' : 'good';
      shown.setAttribute('aria-valuenow', String(Math.round(now)));
      shown.setAttribute('aria-valuetext', `${Math.round(now)} dB`);
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
