// WebRTC by WHEP (draft-ietf-wish-whep): each packet is shown as it comes, some tenths of a second behind. Where that cannot be, it says why,
// and leaves the video element to another source.
import { Lifetime } from '../core/lifetime';
import { whepAddress } from './addresses';
import { codecName } from './codecs';
import type { InstantRefusal, Source, SourceEvents, SourceFacts, Wish } from './source';

/** Who is not connected by then takes another way. */
const CONNECT_MILLIS = 4_000;
/** Who had so long for it after the answer is kept from it by the network. */
const BLOCKED_MILLIS = 2_000;
/** Whoever was connected may lose the network for so long, and no longer. */
const LOST_MILLIS = 3_000;
/** A key frame comes at once where there is one; publishers by WebRTC are asked for theirs. */
const PICTURE_MILLIS = 6_000;
/** Where it means to be, in seconds. */
const TARGET = 0.3;
/** NTP counts from 1900 on (RFC 5905 §6). */
const NTP_EPOCH_MILLIS = 2_208_988_800_000;
/** A clock that is further off is not believed. */
const MOST_SECONDS = 10;

const REFUSALS: InstantRefusal[] = ['b-frames', 'codec', 'sound', 'off'];

/** Undefined where it gives way; what was in its way is told before. */
export async function whepSource(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
): Promise<Source | undefined> {
  const mine = new Lifetime();
  life.atEnd(() => mine.end());
  const refusal = typeof RTCPeerConnection === 'undefined' ? 'browser' : await open(video, address, wish, mine);
  if (typeof refusal === 'string') {
    mine.end();
    if (!life.over) {
      events.refused?.(refusal);
    }
    return undefined;
  }
  return watched(refusal, video, mine, events);
}

/** Connects, or answers why not. */
async function open(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
): Promise<RTCPeerConnection | InstantRefusal> {
  const peer = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
  life.atEnd(() => peer.close());
  const stream = new MediaStream();
  peer.ontrack = ({ track, receiver }) => {
    // The least that the network allows; lips stay with the sound in any case.
    Object.assign(receiver, 'jitterBufferTarget' in receiver ? { jitterBufferTarget: 0 } : { playoutDelayHint: 0 });
    stream.addTrack(track);
  };
  peer.addTransceiver('audio', { direction: 'recvonly' });
  if (!wish.audioOnly) {
    peer.addTransceiver('video', { direction: 'recvonly' });
  }
  const deadline = Date.now() + CONNECT_MILLIS;
  try {
    await peer.setLocalDescription();
    const answer = await fetch(whepAddress(address), {
      method: 'POST',
      headers: { 'Content-Type': 'application/sdp' },
      body: withStereo(peer.localDescription?.sdp ?? ''),
      signal: AbortSignal.any([life.signal, AbortSignal.timeout(CONNECT_MILLIS)]),
    });
    const against = REFUSALS.find((reason) => reason === answer.headers.get('Millrace-Reason'));
    if (answer.status !== 201) {
      return against ?? 'late';
    }
    const session = answer.headers.get('Location');
    if (session) {
      // A page that is left says so by its handshake's goodbye, if it can; this frees the place in any case.
      const place = new URL(session, new URL(address, location.href));
      life.atEnd(() => void fetch(place, { method: 'DELETE', keepalive: true }).catch(() => {}));
    }
    if (against) {
      return against; // what is watched without its sound is less than what is heard a second later
    }
    await peer.setRemoteDescription({ type: 'answer', sdp: await answer.text() });
  } catch {
    return 'late';
  }
  const left = deadline - Date.now();
  if (!(await connected(peer, left, life))) {
    return left > BLOCKED_MILLIS ? 'blocked' : 'late';
  }
  video.srcObject = stream;
  life.atEnd(() => {
    video.srcObject = null;
  });
  return peer;
}

/** Whether the connection stands within a time. */
function connected(peer: RTCPeerConnection, millis: number, life: Lifetime): Promise<boolean> {
  return new Promise((resolve) => {
    const waiting = new Lifetime();
    const end = (stands: boolean) => {
      waiting.end();
      resolve(stands);
    };
    const timer = setTimeout(end, Math.max(0, millis), false);
    waiting.atEnd(() => clearTimeout(timer));
    life.atEnd(() => end(false));
    const look = () => {
      if (peer.connectionState === 'connected' || peer.connectionState === 'failed') {
        end(peer.connectionState === 'connected');
      }
    };
    waiting.listen(peer, 'connectionstatechange', look);
    look();
  });
}

/** Chromium takes both channels of Opus only where the offer asks for them. */
function withStereo(sdp: string): string {
  return sdp.replace(/(a=fmtp:\d+ [^\r\n]*useinbandfec=1)(?![^\r\n]*stereo)/g, '$1;stereo=1');
}

/** What plays now, and when it does not any more. */
function watched(peer: RTCPeerConnection, video: HTMLVideoElement, life: Lifetime, events: SourceEvents): Source {
  let measured: Measured = { facts: { protocol: 'WebRTC', codecs: '', bitrate: undefined } };
  let lost: ReturnType<typeof setTimeout> | undefined;
  const fail = () => {
    if (!life.over) {
      events.failed();
    }
  };
  life.listen(peer, 'connectionstatechange', () => {
    clearTimeout(lost);
    if (peer.connectionState === 'disconnected') {
      lost = setTimeout(fail, LOST_MILLIS);
    } else if (peer.connectionState === 'failed' || peer.connectionState === 'closed') {
      fail();
    }
  });
  const unseen = setTimeout(() => {
    if (!life.over) {
      events.refused?.('late');
      fail();
    }
  }, PICTURE_MILLIS);
  life.listen(video, 'loadeddata', () => clearTimeout(unseen), { once: true });
  life.atEnd(() => {
    clearTimeout(lost);
    clearTimeout(unseen);
  });
  life.every(1_000, () => {
    peer
      .getStats()
      .then((report) => {
        measured = measure(report, measured, Date.now());
      })
      .catch(() => {});
  });
  const latency = () => measured.latency;
  return {
    latency,
    target: () => TARGET,
    // There is nothing that could be skipped: what is there is shown.
    jumpToLive: () => {},
    span: () => {
      const now = Date.now();
      const late = latency();
      return late === undefined ? undefined : { shown: now - late * 1_000, from: now, to: now, guessed: true };
    },
    show: () => {},
    heights: () => [],
    choose: () => {},
    facts: () => measured.facts,
  };
}

interface Measured {
  facts: SourceFacts;
  /** Seconds. */
  latency?: number | undefined;
  /** Bytes until a time, in milliseconds. */
  received?: { bytes: number; at: number };
  /** Of the pictures, from the beginning on: seconds, and how many. */
  held?: { seconds: number; count: number };
}

/** What the browser says of a connection, once a second. */
export function measure(report: Iterable<[string, unknown]>, before: Measured, now: number): Measured {
  const all = [...report].map(([, one]) => one as Record<string, unknown> & { type: string });
  const number = (value: unknown) => (typeof value === 'number' ? value : 0);
  const inbound = all.filter(({ type }) => type === 'inbound-rtp');
  const main = inbound.find(({ kind }) => kind === 'video') ?? inbound[0];
  if (!main) {
    return before;
  }
  const pair = all.find(
    ({ type, nominated, state }) => type === 'candidate-pair' && nominated && state === 'succeeded',
  );
  const bytes = inbound.reduce((sum, one) => sum + number(one.bytesReceived), 0);
  const lost = inbound.reduce((sum, one) => sum + number(one.packetsLost), 0);
  const packets = inbound.reduce((sum, one) => sum + number(one.packetsReceived), 0);
  const at = number(main.timestamp);
  const held = { seconds: number(main.jitterBufferDelay), count: number(main.jitterBufferEmittedCount) };
  const since = before.held ?? { seconds: 0, count: 0 };
  const emitted = held.count - since.count;
  const buffer = emitted > 0 ? (held.seconds - since.seconds) / emitted : before.facts.instant?.buffer;
  const trip = typeof pair?.currentRoundTripTime === 'number' ? pair.currentRoundTripTime : undefined;
  const codecs = inbound.flatMap(({ codecId }) =>
    all.filter(({ id }) => codecId !== undefined && id === codecId).map(({ mimeType }) => named(String(mimeType))),
  );
  const last = before.received;
  return {
    held,
    received: { bytes, at },
    latency:
      behind(main.estimatedPlayoutTimestamp, now) ?? (buffer === undefined ? undefined : buffer + (trip ?? 0) / 2),
    facts: {
      protocol: 'WebRTC',
      codecs: codecs.join(', '),
      bitrate: last && at > last.at ? ((bytes - last.bytes) * 8_000) / (at - last.at) : before.facts.bitrate,
      instant: { trip, buffer, loss: packets + lost > 0 ? Math.max(0, lost) / (packets + Math.max(0, lost)) : 0 },
    },
  };
}

/** How far the picture is behind the clock of the sender's reports, where that agrees with ours well enough. */
function behind(playout: unknown, now: number): number | undefined {
  if (typeof playout !== 'number') {
    return undefined;
  }
  const seconds = (now - (playout > NTP_EPOCH_MILLIS ? playout - NTP_EPOCH_MILLIS : playout)) / 1_000;
  return seconds > 0 && seconds < MOST_SECONDS ? seconds : undefined;
}

function named(mimeType: string): string {
  const name = mimeType.replace(/^.*\//, '');
  const known: Record<string, string> = { H264: 'avc1', H265: 'hvc1', AV1: 'av01', VP9: 'vp09', opus: 'opus' };
  return codecName(known[name] ?? name);
}
