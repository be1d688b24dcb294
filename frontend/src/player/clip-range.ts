// The two handles over a stretch of a video: what is between them is never shorter nor longer than a clip can be. No document here.

export interface Stretch {
  fromMillis: number;
  toMillis: number;
  leastMillis: number;
  mostMillis: number;
}

export interface Chosen {
  start: number;
  end: number;
}

const clamp = (value: number, least: number, most: number) => Math.max(least, Math.min(most, value));

/** With the first handle at a place: the second goes along where it would be too near or too far. */
export function withStart(
  { fromMillis, toMillis, leastMillis, mostMillis }: Stretch,
  chosen: Chosen,
  to: number,
): Chosen {
  const start = clamp(to, fromMillis, toMillis - leastMillis);
  return { start, end: clamp(chosen.end, start + leastMillis, Math.min(start + mostMillis, toMillis)) };
}

/** The same with the second handle. */
export function withEnd(
  { fromMillis, toMillis, leastMillis, mostMillis }: Stretch,
  chosen: Chosen,
  to: number,
): Chosen {
  const end = clamp(to, fromMillis + leastMillis, toMillis);
  return { end, start: clamp(chosen.start, Math.max(end - mostMillis, fromMillis), end - leastMillis) };
}

/** Where in the stretch a place is: 0 at its beginning, 1 at its end. */
export function share({ fromMillis, toMillis }: Stretch, at: number): number {
  return clamp((at - fromMillis) / Math.max(1, toMillis - fromMillis), 0, 1);
}

/** "1 hour 2 minutes 5 seconds": a place for ears, to the second. */
export function spokenPlace(millis: number, lang: string): string {
  const seconds = Math.max(0, Math.round(millis / 1_000));
  const units = [
    ['hour', Math.floor(seconds / 3_600)],
    ['minute', Math.floor(seconds / 60) % 60],
    ['second', seconds % 60],
  ] as const;
  const said = units.filter(([unit, value]) => value > 0 || (unit === 'second' && seconds === 0));
  return said
    .map(([unit, value]) => new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(value))
    .join(lang.startsWith('zh') ? '' : ' ');
}
