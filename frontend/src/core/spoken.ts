// Times for ears.

/** "1 hour 2 minutes", "42 seconds": for ears. The two largest units. */
export function spokenLength(millis: number, lang: string): string {
  const seconds = Math.max(0, Math.round(millis / 1_000));
  const units = [
    ['hour', Math.floor(seconds / 3_600)],
    ['minute', Math.floor(seconds / 60) % 60],
    ['second', seconds % 60],
  ] as const;
  const first = units.findIndex(([, value]) => value > 0);
  const said = first < 0 ? [units[2]] : units.slice(first, first + 2).filter(([, value]) => value > 0);
  return said
    .map(([unit, value]) => new Intl.NumberFormat(lang, { style: 'unit', unit, unitDisplay: 'long' }).format(value))
    .join(lang.startsWith('zh') ? '' : ' ');
}
