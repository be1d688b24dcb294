// How loud something is, in decibels below full scale, and as meters show it: up at once, down slowly.

/** Quieter than this is silence. */
export const FLOOR_DB = -60;
/** How fast a meter falls, in decibels a second. */
const FALL_DB = 30;

/** The loudest sample. */
export function decibels(samples: Float32Array): number {
  let peak = 0;
  for (const sample of samples) {
    peak = Math.max(peak, Math.abs(sample));
  }
  return peak === 0 ? FLOOR_DB : Math.max(FLOOR_DB, 20 * Math.log10(peak));
}

/** A level that follows what it is told. */
export class Level {
  decibels = FLOOR_DB;

  follow(now: number, millis: number): void {
    this.decibels = Math.max(now, this.decibels - (FALL_DB * millis) / 1_000, FLOOR_DB);
  }

  /** From 0, silence, to 1, full scale. */
  get part(): number {
    return Math.min(1, 1 - this.decibels / FLOOR_DB);
  }
}

/** The loudest of each band of a spectrum, in decibels and so many louder; a band goes from one edge to before the next. */
export function bands(spectrum: Float32Array, edges: number[], lift: number): number[] {
  return edges
    .slice(0, -1)
    .map((from, at) => Math.max(FLOOR_DB, lift + Math.max(...spectrum.subarray(from, edges[at + 1]))));
}
