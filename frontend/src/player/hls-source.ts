// HLS: hls.js where the browser has Media Source Extensions, the browser's own player elsewhere.
import type Hls from 'hls.js';
import type { Lifetime } from '../core/lifetime';
import { withParameter } from './addresses';
import { codecName, undecodable } from './codecs';
import { nothing, type Source, type SourceEvents, type Wish } from './source';

/** Nothing is nearer to live than this without stalling now and then. */
const NATIVE_TARGET = 4;

export async function hlsSource(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
): Promise<Source> {
  const url = wish.audioOnly ? withParameter(address, 'audio', 'only') : address;
  const { default: Player } = await import('hls.js');
  if (life.over) {
    return nothing();
  }
  if (Player.isSupported()) {
    return scripted(Player, video, url, wish, life, events);
  }
  if (video.canPlayType('application/vnd.apple.mpegurl')) {
    return native(video, url, life, events);
  }
  events.unsupported([]);
  return nothing();
}

function scripted(
  Player: typeof Hls,
  video: HTMLVideoElement,
  url: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
): Source {
  const stable = wish.latency === 'stable';
  const hls = new Player({
    lowLatencyMode: !stable,
    // Stable: three segments behind the edge, late enough to survive a slow one.
    ...(stable ? { liveSyncDurationCount: 3, liveMaxLatencyDurationCount: 10 } : {}),
    maxLiveSyncPlaybackRate: stable ? 1.05 : 1.25,
    backBufferLength: 30,
  });
  life.atEnd(() => hls.destroy());
  let mediaErrors = 0;
  hls.on(Player.Events.MANIFEST_PARSED, () => {
    pick(wish.height);
    events.changed();
  });
  hls.on(Player.Events.ERROR, (_event, data) => {
    if (!data.fatal) {
      return;
    }
    if (data.details === Player.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) {
      void explain(url, events);
    } else if (data.type === Player.ErrorTypes.MEDIA_ERROR && mediaErrors++ < 2) {
      hls.recoverMediaError();
    } else {
      events.failed();
    }
  });
  hls.loadSource(url);
  hls.attachMedia(video);
  // For diagnosis in the browser's console.
  Object.assign(window, { hls });
  life.atEnd(() => Object.assign(window, { hls: undefined }));

  const pick = (height: number | undefined) => {
    hls.currentLevel = height === undefined ? -1 : hls.levels.findIndex((level) => level.height === height);
  };
  return {
    latency: () => {
      const shown = hls.playingDate?.getTime();
      return shown ? Math.max(0, (Date.now() - shown) / 1_000) : hls.latency > 0 ? hls.latency : undefined;
    },
    target: () => hls.targetLatency ?? NATIVE_TARGET,
    jumpToLive: () => {
      if (hls.liveSyncPosition !== null && hls.liveSyncPosition !== undefined) {
        video.currentTime = hls.liveSyncPosition;
      }
    },
    heights: () => {
      const heights = [...new Set(hls.levels.map((level) => level.height))].filter((height) => height > 0);
      return heights.length > 1 ? heights.sort((a, b) => b - a) : [];
    },
    choose: pick,
    facts: () => {
      const level = hls.levels[hls.currentLevel] ?? hls.levels[0];
      const low = hls.config.lowLatencyMode && hls.latestLevelDetails?.partList;
      const codecs = [level?.videoCodec, level?.audioCodec].filter((codec): codec is string => Boolean(codec));
      return {
        protocol: low ? 'LL-HLS' : 'HLS',
        codecs: codecs.map((codec) => `${codecName(codec)} (${codec})`).join(', '),
        bitrate: level?.averageBitrate || level?.bitrate,
      };
    },
  };
}

/** Asks once more what the stream is made of, to say it in words. */
async function explain(url: string, events: SourceEvents): Promise<void> {
  try {
    const playlist = await (await fetch(url)).text();
    events.unsupported(undecodable(playlist, (type) => MediaSource.isTypeSupported(type)));
  } catch {
    events.unsupported([]);
  }
}

function native(video: HTMLVideoElement, url: string, life: Lifetime, events: SourceEvents): Source {
  video.src = url;
  life.listen(video, 'error', () => events.failed());
  life.atEnd(() => {
    video.removeAttribute('src');
    video.load();
  });
  const edge = () => (video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : undefined);
  return {
    ...nothing(),
    target: () => NATIVE_TARGET,
    latency: () => {
      const end = edge();
      return end === undefined ? undefined : end - video.currentTime;
    },
    jumpToLive: () => {
      const end = edge();
      if (end !== undefined) {
        video.currentTime = Math.max(0, end - NATIVE_TARGET);
      }
    },
    facts: () => ({ protocol: 'HLS', codecs: '', bitrate: undefined }),
  };
}
