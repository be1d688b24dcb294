// Where a stream is, told from the address of its multivariant playlist.

/** The address with a parameter more. */
export function withParameter(address: string, name: string, value: string): string {
  return `${address}${address.includes('?') ? '&' : '?'}${name}=${value}`;
}

/** The same stream over a WebSocket, as FLV. */
export function webSocketAddress(address: string, audioOnly: boolean): string {
  const flv = address.replace(/^http/, 'ws').replace(/\.m3u8(?=\?|$)/, '.flv');
  return audioOnly ? withParameter(flv, 'audio', 'only') : flv;
}

/** Where the same stream is asked for by WebRTC. */
export function whepAddress(address: string): string {
  return address.replace(/\.m3u8(?=\?|$)/, '/whep');
}

/** The same stream in MPEG-TS, which is what a Cast receiver takes a playlist for that nobody described to it. */
export function castAddress(address: string): string {
  return address.replace(/\.m3u8(?=\?|$)/, '.ts.m3u8');
}

/** All of the broadcast so far, from its first picture on. */
export function recordAddress(address: string): string {
  return address.replace(/\.m3u8(?=\?|$)/, '.record.m3u8');
}

/** Small pictures of a video, or of what is kept of a broadcast that is on. */
export function storyboardAddress(address: string): string {
  return address.replace(/(\/index)?\.m3u8(?=\?|$)/, (_whole, index) =>
    index ? '/storyboard.vtt' : '.storyboard.vtt',
  );
}
