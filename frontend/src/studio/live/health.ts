// How what is sent comes through, from what the browser measures of a connection.

export interface Health {
  width: number;
  height: number;
  fps: number;
  /** Bits per second, of picture and sound. */
  bitrate: number;
  /** From 0 to 1, of what was sent lately. */
  lost: number;
  limited: 'none' | 'cpu' | 'bandwidth';
}

/** What was known a moment before. */
export interface Measure {
  health: Health | undefined;
  bytes: number;
  /** Milliseconds. */
  at: number;
}

export const NOTHING: Measure = { health: undefined, bytes: 0, at: 0 };

/** Reads a report (Identifiers for WebRTC's Statistics API); {@code before} is the measure of about a second ago. */
export function measure(report: Iterable<[string, unknown]>, before: Measure): Measure {
  const all = [...report].map(([, one]) => one as Record<string, unknown> & { type: string });
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  const sent = all.filter(({ type }) => type === 'outbound-rtp');
  const picture = sent.find(({ kind }) => kind === 'video');
  if (!picture) {
    return before;
  }
  const bytes = sent.reduce((sum, one) => sum + number(one.bytesSent) + number(one.headerBytesSent), 0);
  const at = number(picture.timestamp);
  const heard = all.filter(({ type }) => type === 'remote-inbound-rtp');
  const limited = picture.qualityLimitationReason;
  return {
    bytes,
    at,
    health: {
      width: number(picture.frameWidth),
      height: number(picture.frameHeight),
      fps: Math.round(number(picture.framesPerSecond)),
      bitrate:
        before.at > 0 && at > before.at
          ? Math.max(0, ((bytes - before.bytes) * 8_000) / (at - before.at))
          : (before.health?.bitrate ?? 0),
      lost: Math.min(1, Math.max(0, ...heard.map(({ fractionLost }) => number(fractionLost)))),
      limited: limited === 'cpu' || limited === 'bandwidth' ? limited : 'none',
    },
  };
}
