// FLV over a WebSocket, each frame as it comes: the lowest latency, for networks that can keep up.
import mpegts from 'mpegts.js';
import type { Lifetime } from '../core/lifetime';
import { webSocketAddress } from './addresses';
import { codecName } from './codecs';
import { FlvSocket } from './flv-socket';
import type { Source, SourceEvents, Wish } from './source';

const TARGET = 0.5;
/** Beyond this the picture runs a little faster until it has caught up. */
const CATCH_UP = 0.9;
/** Beyond this it jumps. */
const JUMP = 3;

/** Undefined where the browser has no Media Source Extensions, or not for this. */
export function flvSource(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
): Source | undefined {
  if (!mpegts.isSupported()) {
    return undefined;
  }
  mpegts.LoggingControl.enableAll = false;
  const player = mpegts.createPlayer(
    { type: 'flv', isLive: true, url: webSocketAddress(address, wish.audioOnly) },
    {
      customLoader: FlvSocket,
      enableStashBuffer: false,
      liveSync: true,
      liveSyncTargetLatency: TARGET,
      liveSyncMaxLatency: CATCH_UP,
      liveSyncPlaybackRate: 1.15,
      autoCleanupSourceBuffer: true,
      autoCleanupMaxBackwardDuration: 40,
      autoCleanupMinBackwardDuration: 20,
    },
  );
  let facts = { codecs: '', bitrate: undefined as number | undefined };
  player.on(mpegts.Events.ERROR, (_type: string, detail: string) => {
    if (
      detail === mpegts.ErrorDetails.MEDIA_CODEC_UNSUPPORTED ||
      detail === mpegts.ErrorDetails.MEDIA_FORMAT_UNSUPPORTED
    ) {
      events.unsupported([]);
    } else {
      events.failed();
    }
  });
  // The server ended the stream, or went away.
  player.on(mpegts.Events.LOADING_COMPLETE, () => events.failed());
  player.on(mpegts.Events.MEDIA_INFO, (info: { videoCodec?: string; audioCodec?: string }) => {
    const codecs = [info.videoCodec, info.audioCodec].filter((codec): codec is string => Boolean(codec));
    facts = { ...facts, codecs: codecs.map((codec) => `${codecName(codec)} (${codec})`).join(', ') };
  });
  player.on(mpegts.Events.STATISTICS_INFO, (info: { speed?: number }) => {
    facts = { ...facts, bitrate: info.speed === undefined ? undefined : info.speed * 8_000 };
  });
  life.atEnd(() => player.destroy());
  player.attachMediaElement(video);
  player.load();
  const end = () => (video.buffered.length > 0 ? video.buffered.end(video.buffered.length - 1) : undefined);
  const behind = () => {
    const edge = end();
    return edge === undefined ? undefined : Math.max(0, edge - video.currentTime);
  };
  const jump = () => {
    const edge = end();
    if (edge !== undefined) {
      video.currentTime = Math.max(0, edge - TARGET);
    }
  };
  // Joining starts at a key frame, which may be seconds old: what is there already is skipped.
  life.every(1_000, () => {
    if (!video.paused && (behind() ?? 0) > JUMP) {
      jump();
    }
  });
  const joined = () => {
    if ((behind() ?? 0) > CATCH_UP) {
      jump();
    }
  };
  life.listen(video, 'loadeddata', joined, { once: true });
  return {
    latency: behind,
    target: () => TARGET,
    jumpToLive: jump,
    // Frames say nothing of the wall clock: the newest has just come.
    span: () => {
      const late = behind();
      const now = Date.now();
      return late === undefined ? undefined : { shown: now - late * 1_000, from: now, to: now, guessed: true };
    },
    show: jump,
    heights: () => [],
    choose: () => {},
    facts: () => ({ protocol: 'WebSocket-FLV', ...facts }),
  };
}
