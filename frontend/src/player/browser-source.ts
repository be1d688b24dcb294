// The browser's own player of HLS: where it has no Media Source Extensions, and where it hands an address to a screen.
import { element } from '../core/dom';
import type { Lifetime } from '../core/lifetime';
import { castAddress, withParameter } from './addresses';
import {
  type Beginning,
  type KeptSource,
  nothing,
  nothingKept,
  type Source,
  type SourceEvents,
  type Wish,
} from './source';

/** Nothing is nearer to live than this, in seconds, without stalling now and then. */
const TARGET = 4;

const facts = () => ({ protocol: 'HLS', codecs: '', bitrate: undefined });

/** The last place that can be shown. */
const edge = ({ seekable }: HTMLVideoElement) => (seekable.length > 0 ? seekable.end(seekable.length - 1) : undefined);

/** What is live. */
export function liveByBrowser(
  video: HTMLVideoElement,
  address: string,
  wish: Wish,
  life: Lifetime,
  events: SourceEvents,
): Source {
  const cast = wish.browser && !('webkitShowPlaybackTargetPicker' in video);
  if (!play(video, cast ? castAddress(address) : address, life, events)) {
    return nothing();
  }
  return {
    ...nothing(),
    target: () => TARGET,
    latency: () => {
      const end = edge(video);
      // How far behind a screen is, nobody says.
      return end === undefined || wish.browser ? undefined : end - video.currentTime;
    },
    jumpToLive: () => {
      const end = edge(video);
      if (end !== undefined) {
        video.currentTime = Math.max(0, end - TARGET);
      }
    },
    facts,
  };
}

/** Some browsers know the wall clock at the beginning, where the list says so. */
interface Dated {
  getStartDate?(): Date;
}

/** A video, or the past of what is live. */
export function keptByBrowser(
  video: HTMLVideoElement,
  address: string,
  begin: Beginning,
  life: Lifetime,
  events: SourceEvents,
): KeptSource {
  // Chromium goes nowhere in a list that grows: it gets one that begins where it shall, and another one to go elsewhere.
  let from = 'wall' in begin && !('getStartDate' in video) ? begin.wall : undefined;
  const since = (wall: number) =>
    withParameter(address, 'window', String(Math.max(1, Math.ceil((Date.now() - wall) / 1_000))));
  if (!play(video, from === undefined ? address : since(from), life, events)) {
    return nothingKept();
  }
  const beginning = () => {
    const at = from ?? (video as Dated).getStartDate?.().getTime();
    return at === undefined || Number.isNaN(at) ? undefined : at;
  };
  const show = (wall: number) => {
    const at = beginning();
    if (from !== undefined) {
      from = wall;
      video.src = since(wall);
      void video.play().catch(() => {});
    } else if (at !== undefined) {
      video.currentTime = Math.max(0, (wall - at) / 1_000);
    }
  };
  life.listen(
    video,
    'loadedmetadata',
    () => {
      if ('media' in begin) {
        video.currentTime = begin.media;
      } else if (from === undefined) {
        show(begin.wall);
      }
    },
    { once: true },
  );
  const span = () => {
    const at = beginning();
    const shown = (at ?? 0) + video.currentTime * 1_000;
    if (from !== undefined) {
      return { shown, from: 0, to: Date.now() };
    }
    const end = edge(video);
    return at === undefined || end === undefined ? undefined : { shown, from: at, to: at + end * 1_000 };
  };
  return {
    ...nothingKept(),
    span,
    show,
    wall: () => span()?.shown,
    complete: () => Number.isFinite(video.duration),
    facts,
  };
}

/** Plays it until the end of the lifetime, where the browser can. */
function play(video: HTMLVideoElement, address: string, life: Lifetime, events: SourceEvents): boolean {
  if (!video.canPlayType('application/vnd.apple.mpegurl')) {
    events.unsupported([]);
    return false;
  }
  // What it handed to a screen by itself it plays already, and would begin anew when it is told again.
  const handed = video.networkState > 0 && video.currentSrc === new URL(address, location.href).href;
  if (!handed) {
    video.disableRemotePlayback = false;
    video.src = address;
  }
  life.listen(video, 'error', () => events.failed());
  life.atEnd(() => {
    video.removeAttribute('src');
    video.load();
  });
  return true;
}

/**
 * AirPlay fetches an address, and there is none in a Managed Media Source: Safari takes the one that stands beside it, and finds screens only
 * then. Not before that source has opened, or it would be played in its place.
 */
export function offerAddress(video: HTMLVideoElement, address: string, life: Lifetime): void {
  // Our player has put its own there, unless it plays otherwise.
  if (life.over || !video.querySelector('source')) {
    return;
  }
  const beside = element('source', '');
  beside.type = 'application/x-mpegURL';
  beside.src = address;
  video.append(beside);
  video.disableRemotePlayback = false;
  life.atEnd(() => beside.remove());
}
