// Numbers and times as people of a language write them.

/** 12.3K in English, 1.2万 in Chinese. */
export function count(value: number, lang: string): string {
  if (value < (lang === 'en' ? 1_000 : 10_000)) {
    return String(value);
  }
  return new Intl.NumberFormat(lang, { notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

export function bitrate(bitsPerSecond: number): string {
  return bitsPerSecond >= 1_000_000
    ? `${(bitsPerSecond / 1_000_000).toFixed(1)} Mb/s`
    : `${Math.round(bitsPerSecond / 1_000)} kb/s`;
}

/** 1:02:03, or 2:03. */
export function duration(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** "5 minutes ago" under a day, a date beyond. */
export function ago(at: Date, now: Date, lang: string): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  if (Math.abs(seconds) < 60) {
    return relative.format(seconds, 'second');
  }
  if (Math.abs(seconds) < 3_600) {
    return relative.format(Math.round(seconds / 60), 'minute');
  }
  if (Math.abs(seconds) < 86_400) {
    return relative.format(Math.round(seconds / 3_600), 'hour');
  }
  return new Intl.DateTimeFormat(lang, { dateStyle: 'medium', timeStyle: 'short', hour12: false }).format(at);
}
