// Numbers and times as people of a language write them. The server writes them alike (BriefNumbers), before a script is here.

/** 12.3K in English, 1.2万 in Chinese; never more than there are. */
export function count(value: number, lang: string): string {
  if (value < (lang === 'en' ? 1_000 : 10_000)) {
    return String(value);
  }
  // The rounding is younger than the compiler's list of options.
  const options = { notation: 'compact', maximumFractionDigits: 1, roundingMode: 'trunc' } as Intl.NumberFormatOptions;
  return new Intl.NumberFormat(lang, options).format(value);
}

/** As OBS says it. */
export function bitrate(bitsPerSecond: number): string {
  const mega = bitsPerSecond >= 1_000_000;
  const format = new Intl.NumberFormat('en', { maximumFractionDigits: mega ? 1 : 0, useGrouping: false });
  return mega ? `${format.format(bitsPerSecond / 1_000_000)} Mbps` : `${format.format(bitsPerSecond / 1_000)} kbps`;
}

/** 2, or 2.5: with a tenth where there is one. */
export function decimal(value: number, lang: string): string {
  return new Intl.NumberFormat(lang, { maximumFractionDigits: 1, useGrouping: false }).format(value);
}

/** 1:02:03, or 2:03. */
export function duration(millis: number): string {
  const seconds = Math.max(0, Math.floor(millis / 1_000));
  const two = (value: number) => String(value).padStart(2, '0');
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor(seconds / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** 25 Nov 2026, 14:30, or 2026年11月25日 14:30; "medium" says the seconds as well. */
export function moment(at: Date, lang: string, timeStyle: 'short' | 'medium' = 'short'): string {
  const chinese = lang.startsWith('zh');
  return new Intl.DateTimeFormat(chinese ? lang : 'en-GB', {
    dateStyle: chinese ? 'long' : 'medium',
    timeStyle,
    hourCycle: 'h23',
  }).format(at);
}

/** By so many seconds the server's clock may be before the reader's: what is that little to come is now. */
const CLOCKS_DIFFER = 5;

/** "5 minutes ago" under a day, a date beyond. What is still to come has a date as well: "until in 3 hours" is no language. */
export function ago(at: Date, now: Date, lang: string): string {
  const seconds = Math.round((at.getTime() - now.getTime()) / 1_000);
  const relative = new Intl.RelativeTimeFormat(lang, { numeric: 'auto' });
  if (seconds > CLOCKS_DIFFER && seconds < 60) {
    return moment(at, lang, 'medium');
  }
  if (Math.abs(seconds) < 60) {
    return relative.format(Math.min(0, seconds), 'second');
  }
  if (seconds < 0 && seconds > -3_570) {
    return relative.format(Math.round(seconds / 60), 'minute');
  }
  if (seconds < 0 && seconds > -84_600) {
    return relative.format(Math.round(seconds / 3_600), 'hour');
  }
  return moment(at, lang);
}

/** 00:42, 1:02:03: how far behind something is. */
export function clock(millis: number): string {
  const text = duration(millis);
  return text.length < 5 ? `0${text}` : text;
}
