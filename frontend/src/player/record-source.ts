// What was kept of a broadcast, from its first picture on: a video, or the past of what is live. Its list grows while it is recorded.
import type Hls from 'hls.js';
import type { Lifetime } from '../core/lifetime';
import type { LoaderConstructor } from './cdn';
import {
  besideManaged,
  browserSource,
  choices,
  followPieces,
  hlsPieces,
  hlsSpan,
  playedBy,
  showAt,
  startingLoader,
  throughCdn,
} from './hls-common';
import { straightDates } from './hls-dates';
import { explain } from './hls-source';
import { type Beginning, type KeptSource, nothing, nothingKept, type SourceEvents, type Wish } from './source';
import { startingAt } from './timeline';

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
  const [{ default: Player }, loader] = await Promise.all([import('hls.js'), throughCdn(video, address, life)]);
  if (!life.over && !wish.browser && Player.isSupported()) {
    return scripted(Player, loader(Player), video, address, begin, wish.height, life, events);
  }
  const { keptByBrowser } = await browserSource();
  return life.over ? nothingKept() : keptByBrowser(video, address, begin, life, events);
}

function scripted(
  Player: typeof Hls,
  loader: LoaderConstructor,
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
    loader,
    ...('media' in begin ? { startPosition: Math.max(begin.media, WITHIN_SECONDS) } : {}),
    pLoader: startingLoader(
      loader,
      (playlist) => ('media' in begin ? playlist : startingAt(playlist, begin.wall, begin.guessed, Date.now())),
      straightDates,
    ),
  });
  life.atEnd(() => hls.destroy());
  const { heights, choose } = choices(hls);
  followPieces(Player, hls);
  besideManaged(Player, hls, video, address, life);
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
