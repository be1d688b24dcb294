// Bars that show what is heard, by bands from low to high. What they measure is a copy: the sound itself goes its own way.
import type { Lifetime } from '../core/lifetime';
import { bands, FLOOR_DB, Level } from './sound-level';

const SHOWN_MILLIS = 50;
/** Edges of the bands: of 512 steps of 47 Hz at 48 kHz. */
const EDGES = [1, 4, 9, 22, 64, 220];
/** Speech and music lie so far below full scale in any one step of the spectrum. */
const LIFT_DB = 22;

/** A browser that gives a copy of what an element plays; others reroute its sound, and a graph that stops would silence it. */
export interface Copied extends HTMLMediaElement {
  captureStream?(): MediaStream;
}

/** Shows the sound of an element until the end; false when there is none to be had. */
export function showSound(video: Copied, bars: HTMLElement[], life: Lifetime): boolean {
  const copy = video.captureStream?.();
  const sound = copy?.getAudioTracks() ?? [];
  // A copy that nobody stops goes on being made.
  const stop = () => {
    for (const track of copy?.getTracks() ?? []) {
      track.stop();
    }
  };
  if (sound.length === 0) {
    stop();
    return false;
  }
  life.atEnd(stop);
  const context = new AudioContext();
  life.atEnd(() => void context.close());
  const analyser = context.createAnalyser();
  analyser.fftSize = 1_024;
  analyser.smoothingTimeConstant = 0.4;
  context.createMediaStreamSource(new MediaStream(sound)).connect(analyser);
  const spectrum = new Float32Array(analyser.frequencyBinCount);
  const levels = bars.map(() => new Level());
  life.every(SHOWN_MILLIS, () => {
    analyser.getFloatFrequencyData(spectrum);
    const heard = bands(spectrum, EDGES, LIFT_DB);
    levels.forEach((level, at) => {
      level.follow(heard[at] ?? FLOOR_DB, SHOWN_MILLIS);
      bars[at]?.style.setProperty('--level', level.part.toFixed(3));
    });
  });
  life.atEnd(() => {
    for (const bar of bars) {
      bar.style.removeProperty('--level');
    }
  });
  return true;
}
