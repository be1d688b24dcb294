// What is read from descriptions of WebRTC (RFC 8866), and changed in them.

/** Where an answer says that the server is, in the words of a person: {@code 192.0.2.7:8189 (UDP)}. */
export function offeredAddresses(sdp: string): string[] {
  const found = [...sdp.matchAll(/^a=candidate:\S+ 1 (udp|tcp) \d+ (\S+) (\d+) typ /gim)].map(
    ([, transport, address, port]) =>
      `${address?.includes(':') ? `[${address}]` : address}:${port} (${transport?.toUpperCase()})`,
  );
  return [...new Set(found)];
}

/** Has a browser send both channels of Opus: it does so only where the answer asks for them (RFC 7587 §7). */
export function wantingStereo(answer: string): string {
  const payload = /^a=rtpmap:(\d+) opus\/48000\/2/im.exec(answer)?.[1];
  if (!payload) {
    return answer;
  }
  const wish = 'stereo=1;maxaveragebitrate=128000';
  const parameters = new RegExp(`^a=fmtp:${payload} (.*?)\\r?$`, 'm');
  if (!parameters.test(answer)) {
    return answer.replace(new RegExp(`^(a=rtpmap:${payload} .*?)\\r?$`, 'm'), `$1\r\na=fmtp:${payload} ${wish}\r`);
  }
  return answer.replace(parameters, (line, known: string) =>
    known.includes('stereo=1') ? line : `a=fmtp:${payload} ${known};${wish}\r`,
  );
}

/** The order in which browsers are to try: what every viewer's browser shows comes first, and H.264 in one packet after another. */
export function preferred(codecs: RTCRtpCodec[]): RTCRtpCodec[] {
  const order = ['video/h264', 'video/vp9', 'video/av1', 'video/h265', 'video/vp8'];
  const rank = ({ mimeType, sdpFmtpLine = '' }: RTCRtpCodec) => {
    const at = order.indexOf(mimeType.toLowerCase());
    return (at < 0 ? order.length : at) * 2 + (at === 0 && !/packetization-mode=1/.test(sdpFmtpLine) ? 1 : 0);
  };
  return codecs.toSorted((a, b) => rank(a) - rank(b));
}
