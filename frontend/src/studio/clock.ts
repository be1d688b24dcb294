/** "1:02:03", "2:03", or seconds alone, as milliseconds; undefined for what is no time. The site reads them alike. */
export function clockMillis(typed: string): number | undefined {
  const match = /^(?:(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})|(\d{1,6}))$/.exec(typed.trim());
  if (!match) {
    return undefined;
  }
  const [, hours = '0', minutes = '0', seconds = '0', alone] = match;
  return alone === undefined
    ? ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000
    : Number(alone) * 1_000;
}
