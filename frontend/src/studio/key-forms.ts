// A stream key in the forms that other programs take.

/** What Larix Broadcaster takes from a camera or a link: one connection, ready to go. */
export function larixLink(server: string, key: string, name: string): string {
  const parts = { url: `${server}/${key}`, name, mode: 'av' };
  return `larix://set/v1?${Object.entries(parts)
    .map(([part, value]) => `conn[][${part}]=${encodeURIComponent(value)}`)
    .join('&')}`;
}

/** OBS keeps this as service.json in the folder of a profile. */
export function obsService(server: string, key: string): string {
  return JSON.stringify({ type: 'rtmp_custom', settings: { server, key } });
}
