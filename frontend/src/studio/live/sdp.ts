// What is read from descriptions of WebRTC (RFC 8866), and changed in them.

/** Where an answer says that the server is, in the words of a person: {@code 192.0.2.7:8189 (UDP)}. */
export function offeredAddresses(sdp: string): string[] {
  const found = [...sdp.matchAll(/^a=candidate:\S+ 1 (udp|tcp) \d+ (\S+) (\d+) typ /gim)].map(
    ([, transport, address, port]) =>
      `${address?.includes(':') ? `[${address}]` : address}:${port} (${transport?.toUpperCase()})`,
  );
  return [...new Set(found)];
}

/**
 * An answer with what its browser is to know of the way it sends. Both channels of Opus are sent only where the answer asks for them (RFC 7587 §7);
 * and Chromium begins with a quarter of a picture where nothing tells it that the connection will carry more.
 */
export function wishing(answer: string): string {
  const sound = withParameters(answer, /^a=rtpmap:(\d+) opus\/48000\/2/im, 'stereo=1;maxaveragebitrate=128000');
  return withParameters(sound, /^a=rtpmap:(\d+) H264\/90000/im, 'x-google-start-bitrate=1500');
}

function withParameters(sdp: string, which: RegExp, wish: string): string {
  const payload = which.exec(sdp)?.[1];
  if (!payload) {
    return sdp;
  }
  const parameters = new RegExp(`^a=fmtp:${payload} (.*?)\\r?$`, 'm');
  if (!parameters.test(sdp)) {
    return sdp.replace(new RegExp(`^(a=rtpmap:${payload} .*?)\\r?$`, 'm'), `$1\r\na=fmtp:${payload} ${wish}\r`);
  }
  return sdp.replace(parameters, (line, known: string) =>
    known.includes(wish) ? line : `a=fmtp:${payload} ${known};${wish}\r`,
  );
}

/** The order in which browsers are to try: what every viewer's browser shows comes first, and H.264 in one packet after another. */
export function preferred(codecs: RTCRtpCodec[]): RTCRtpCodec[] {
  const order = ['video/h264', 'video/vp9', 'video/av1', 'video/h265', 'video/vp8'];
  const rank = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec) => {
    const at = order.indexOf(mimeType.toLowerCase());
    return (at < 0 ? order.length : at) * 2 + (at === 0 && !/packetization-mode=1/.test(sdpFmtpLine) ? 1 : 0);
  };
  return [...codecs].sort((a, b) => rank(a) - rank(b));
}
