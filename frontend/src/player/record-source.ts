// What was kept of a broadcast, from its first picture on: a video, or the past of what is live. Its list grows while it is recorded.
import type Hls from 'hls.js';
import type { Lifetime } from '../core/lifetime';
import {
  choices,
  followPieces,
  hlsPieces,
  hlsSpan,
  offerAddress,
  playAddress,
  playedBy,
  showAt,
  startingLoader,
} from './hls-common';
import { explain } from './hls-source';
import { nothing, type Place, type Source, type SourceEvents, type Wish } from './source';
import { startingAt } from './timeline';

/** Where to begin: at a wall clock time, or so many seconds into the media. */
export type Beginning = Place | { media: number };

export interface KeptSource extends Source {
  /** The wall clock of a place in the media, in milliseconds; undefined while it is not known. */
  wall(): number | undefined;
  /** Its first place, in seconds of media. */
  first(): number;
  /** Nothing is added to it any more. */
  complete(): boolean;
}

/**
 * hls.js takes what is a hair before the first piece of a list that grows for something that has left it, and goes elsewhere in it: the list of
 * the sound begins a frame of sound later than that of the pictures.
 */
const WITHIN_SECONDS = 0.1;

/** So much that was seen stays in the browser, for those who go back a little. */
const BACK_BUFFER_SECONDS = 60;

export async function recordSource(
  video: HTMLVideoElement,
  address: string,
  begin: Beginning,
  wish: Pick<Wish, 'height' | 'browser'>,
  life: Lifetime,
  events: SourceEvents,
): Promise<KeptSource> {
  if (wish.browser) {
    return native(video, address, begin, life, events);
  }
  const { default: Player } = await import('hls.js');
  if (life.over) {
    return { ...nothing(), wall: () => undefined, first: () => 0, complete: () => true };
  }
  if (Player.isSupported()) {
    return scripted(Player, video, address, begin, wish.height, life, events);
  }
  if (!video.canPlayType('application/vnd.apple.mpegurl')) {
    events.unsupported([]);
    return { ...nothing(), wall: () => undefined, first: () => 0, complete: () => true };
  }
  return native(video, address, begin, life, events);
}

function scripted(
  Player: typeof Hls,
  video: HTMLVideoElement,
  address: string,
  begin: Beginning,
  height: number | undefined,
  life: Lifetime,
  events: SourceEvents,
): KeptSource {
  const hls = new Player({
    lowLatencyMode: false,
    backBufferLength: BACK_BUFFER_SECONDS,
    preferManagedMediaSource: true,
    ...('media' in begin
      ? { startPosition: Math.max(begin.media, WITHIN_SECONDS) }
      : {
          pLoader: startingLoader(Player, (playlist) => startingAt(playlist, begin.wall, begin.guessed, Date.now())),
        }),
  });
  life.atEnd(() => hls.destroy());
  const { heights, choose } = choices(hls);
  followPieces(Player, hls);
  offerAddress(Player, hls, video, address, life);
  let mediaErrors = 0;
  hls.on(Player.Events.MANIFEST_PARSED, () => {
    choose(height);
    events.changed();
  });
  hls.on(Player.Events.ERROR, (_event, data) => {
    if (!data.fatal) {
      return;
    }
    if (data.details === Player.ErrorDetails.MANIFEST_INCOMPATIBLE_CODECS_ERROR) {
      void explain(address, events);
    } else if (data.type === Player.ErrorTypes.MEDIA_ERROR && mediaErrors++ < 2) {
      hls.recoverMediaError();
    } else {
      events.failed();
    }
  });
  hls.loadSource(address);
  hls.attachMedia(video);
  // For diagnosis in the browser's console.
  Object.assign(window, { hls });
  life.atEnd(() => Object.assign(window, { hls: undefined }));
  return {
    ...nothing(),
    span: () => {
      const span = hlsSpan(hls, video);
      const from = hlsPieces(hls)[0]?.wall;
      return span && from !== undefined ? { ...span, from } : undefined;
    },
    show: (wall) => showAt(hls, video, Math.max(wall, (hlsPieces(hls)[0]?.wall ?? 0) + WITHIN_SECONDS * 1_000)),
    wall: () => hlsSpan(hls, video)?.shown,
    first: () => (hlsPieces(hls)[0]?.start ?? 0) + WITHIN_SECONDS,
    complete: () => hls.latestLevelDetails?.live === false,
    heights,
    choose,
    facts: () => playedBy(hls, 'HLS'),
  };
}

/** The browser knows the wall clock at the beginning, where it says so. */
interface Dated {
  getStartDate?(): Date;
}

function native(
  video: HTMLVideoElement,
  address: string,
  begin: Beginning,
  life: Lifetime,
  events: SourceEvents,
): KeptSource {
  playAddress(video, address, life, events);
  const beginning = () => {
    const at = (video as Dated).getStartDate?.().getTime();
    return at === undefined || Number.isNaN(at) ? undefined : at;
  };
  const show = (wall: number) => {
    const at = beginning();
    if (at !== undefined) {
      video.currentTime = Math.max(0, (wall - at) / 1_000);
    }
  };
  life.listen(
    video,
    'loadedmetadata',
    () => {
      if ('media' in begin) {
        video.currentTime = begin.media;
      } else {
        show(begin.wall);
      }
    },
    { once: true },
  );
  const span = () => {
    const at = beginning();
    const end = video.seekable.length > 0 ? video.seekable.end(video.seekable.length - 1) : undefined;
    return at === undefined || end === undefined
      ? undefined
      : { shown: at + video.currentTime * 1_000, from: at, to: at + end * 1_000 };
  };
  return {
    ...nothing(),
    span,
    show,
    wall: () => span()?.shown,
    first: () => 0,
    complete: () => Number.isFinite(video.duration),
    facts: () => ({ protocol: 'HLS', codecs: '', bitrate: undefined }),
  };
}
