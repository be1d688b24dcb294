// HLS: hls.js where the browser has Media Source Extensions, the browser's own player elsewhere.
import type Hls from 'hls.js';
import { Lifetime } from '../core/lifetime';
import { withParameter } from './addresses';
import type { LoaderConstructor } from './cdn';
import { playsOpus, undecodable } from './codecs';
import {
  besideManaged,
  browserSource,
  choices,
  followPieces,
  hlsSpan,
  playedBy,
  showAt,
  startingLoader,
  throughCdn,
} from './hls-common';
import { withStart } from './key-frame-start';
import { nothing, type Place, type Source, type SourceEvents, type Wish } from './source';
import { startingAt } from './timeline';

/** So far behind live, in seconds, where nobody says what to be. */
const TARGET = 4;

export async function hlsSource(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
  place?: Place,
): Promise<Source> {
  const url = wish.audioOnly ? withParameter(address, 'audio', 'only') : address;
  const [{ default: Player }, loader] = await Promise.all([import('hls.js'), throughCdn(video, url, life)]);
  // AAC for whatever may not know Opus, where the stream has that: a browser by itself, and a screen that it hands an address to.
  const common = withParameter(url, 'sound', 'aac');
  if (!life.over && !wish.browser && Player.isSupported()) {
    return scripted(Player, loader(Player), video, playsOpus() ? url : common, common, wish, life, events, place);
  }
  const { liveByBrowser } = await browserSource();
  return life.over ? nothing() : liveByBrowser(video, common, wish, life, events);
}

function scripted(
  Player: typeof Hls,
  loader: LoaderConstructor,
  video: HTMLVideoElement,
  url: string,
  beside: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
  place: Place | undefined,
): Source {
  const stable = wish.latency === 'stable';
  const hls = new Player({
    lowLatencyMode: !stable,
    loader,
    pLoader: startingLoader(loader, (playlist) =>
      place ? startingAt(playlist, place.wall, place.guessed, Date.now()) : withStart(playlist, !stable),
    ),
    // Stable: three segments behind the edge, late enough to survive a slow one.
    ...(stable ? { liveSyncDurationCount: 3, liveMaxLatencyDurationCount: 10 } : {}),
    maxLiveSyncPlaybackRate: stable ? 1.05 : 1.25,
    backBufferLength: 30,
    // Where there is one, it is Safari's, and the only one that AirPlay goes with.
    preferManagedMediaSource: true,
  });
  life.atEnd(() => hls.destroy());
  let mediaErrors = 0;
  const { heights, choose } = choices(hls);
  followPieces(Player, hls);
  hls.on(Player.Events.MANIFEST_PARSED, () => {
    choose(wish.height);
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
  besideManaged(Player, hls, video, beside, life);
  if (!stable && !place) {
    skipAfterJoin(hls, video, life);
  }
  hls.loadSource(url);
  hls.attachMedia(video);
  // For diagnosis in the browser's console.
  Object.assign(window, { hls });
  life.atEnd(() => Object.assign(window, { hls: undefined }));

  return {
    latency: () => {
      const shown = hls.playingDate?.getTime();
      return shown ? Math.max(0, (Date.now() - shown) / 1_000) : hls.latency > 0 ? hls.latency : undefined;
    },
    target: () => hls.targetLatency ?? TARGET,
    jumpToLive: () => {
      if (hls.liveSyncPosition !== null && hls.liveSyncPosition !== undefined) {
        video.currentTime = hls.liveSyncPosition;
      }
    },
    span: () => hlsSpan(hls, video),
    show: (wall) => showAt(hls, video, wall),
    heights,
    choose,
    facts: () => playedBy(hls, hls.config.lowLatencyMode && hls.latestLevelDetails?.partList ? 'LL-HLS' : 'HLS'),
  };
}

/**
 * Whoever began at a key frame that was far behind plays a little faster until it is made up. What is beyond that, hls.js takes for a
 * viewer who went back on purpose: it is skipped, once, as soon as what lies between is there.
 */
function skipAfterJoin(hls: Hls, video: HTMLVideoElement, life: Lifetime): void {
  const join = new Lifetime();
  life.atEnd(() => join.end());
  const skip = () => {
    const live = hls.liveSyncPosition ?? undefined;
    const segment = hls.latestLevelDetails?.targetduration;
    if (live === undefined || segment === undefined || live - video.currentTime <= segment) {
      join.end();
    } else if (video.buffered.length > 0 && video.buffered.end(video.buffered.length - 1) >= live) {
      join.end();
      video.currentTime = live;
    }
  };
  join.listen(
    video,
    'playing',
    () => {
      // Whoever seeks now does it on purpose.
      join.listen(video, 'seeking', () => join.end());
      join.every(250, skip);
    },
    { once: true },
  );
}

/** Asks once more what the stream is made of, to say it in words. */
export async function explain(url: string, events: SourceEvents): Promise<void> {
  try {
    const playlist = await (await fetch(url)).text();
    events.unsupported(undecodable(playlist, (type) => MediaSource.isTypeSupported(type)));
  } catch {
    events.unsupported([]);
  }
}
