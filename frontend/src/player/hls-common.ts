// What is alike whatever hls.js plays: what is live, or what was kept of it.
import type Hls from 'hls.js';
import type {
  LevelDetails,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  PlaylistLoaderConstructor,
  PlaylistLoaderContext,
} from 'hls.js';
import type { Lifetime } from '../core/lifetime';
import type { LoaderConstructor } from './cdn';
import { codecName } from './codecs';
import { trueDate } from './hls-dates';
import type { Source, SourceFacts, Span } from './source';
import { mediaAt, type Piece, wallAt } from './timeline';

/**
 * Loads playlists, and writes into the first one of the pictures where to begin.
 *
 * @param each what becomes of every list behind that
 */
export function startingLoader(
  Base: LoaderConstructor,
  begin: (playlist: string) => string,
  each: (playlist: string) => string = (playlist) => playlist,
): PlaylistLoaderConstructor {
  let begun = false;
  class StartingLoader extends Base {
    override load(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
    ): void {
      super.load(context, config, {
        ...callbacks,
        onSuccess: (response, stats, loaded, network) => {
          if (!begun && (context as PlaylistLoaderContext).type === 'level' && typeof response.data === 'string') {
            begun = true;
            response.data = begin(response.data);
          }
          if (typeof response.data === 'string') {
            response.data = each(response.data);
          }
          callbacks.onSuccess(response, stats, loaded, network);
        },
      });
    }
  }
  return StartingLoader as unknown as PlaylistLoaderConstructor;
}

/** Begins to ask where media is fetched, as soon as it is known that it will be: through a cache, where the page names one. */
export async function throughCdn(
  video: HTMLVideoElement,
  address: string,
  life: Lifetime,
): Promise<(Player: typeof Hls) => LoaderConstructor> {
  const origin = video.closest<HTMLElement>('[data-cdn]')?.dataset.cdn;
  const cdn = origin ? (await import('./cdn')).Cdn.of(origin, address, life) : undefined;
  return (Player) => cdn?.loader(Player) ?? (Player.DefaultConfig.loader as LoaderConstructor);
}

/** What plays without a Media Source is fetched where it is needed. */
export const browserSource = () => import('./browser-source');

/** For AirPlay the address stands beside a Managed Media Source, once that has opened. */
export function besideManaged(
  Player: typeof Hls,
  hls: Hls,
  video: HTMLVideoElement,
  address: string,
  life: Lifetime,
): void {
  if ('ManagedMediaSource' in window) {
    hls.on(Player.Events.MEDIA_ATTACHED, () =>
      browserSource()
        .then(({ offerAddress }) => offerAddress(video, address, life))
        .catch(() => {}),
    );
  }
}

/** The pictures to choose from. */
export function choices(hls: Hls): Pick<Source, 'heights' | 'choose'> {
  return {
    heights: () => {
      const heights = [...new Set(hls.levels.map((level) => level.height))].filter((height) => height > 0);
      return heights.length > 1 ? heights.sort((a, b) => b - a) : [];
    },
    choose: (height) => {
      hls.currentLevel = height === undefined ? -1 : hls.levels.findIndex((level) => level.height === height);
    },
  };
}

export function playedBy(hls: Hls, protocol: string): SourceFacts {
  const level = hls.levels[hls.currentLevel] ?? hls.levels[0];
  const codecs = [level?.videoCodec, level?.audioCodec].filter((codec): codec is string => Boolean(codec));
  return {
    protocol,
    codecs: codecs.map((codec) => `${codecName(codec)} (${codec})`).join(', '),
    bitrate: level?.averageBitrate || level?.bitrate,
  };
}

const known = new WeakMap<LevelDetails, Piece[]>();

/** Looks at the pieces of a list anew when hls.js has found that they begin elsewhere than the list said: behind a break they mostly do. */
export function followPieces(Player: typeof Hls, hls: Hls): void {
  hls.on(Player.Events.LEVEL_PTS_UPDATED, (_event, { details }) => known.delete(details));
}

/** The pieces of the list that is played; empty before it was read. */
export function hlsPieces(hls: Hls): Piece[] {
  const details = hls.latestLevelDetails;
  if (!details) {
    return [];
  }
  let pieces = known.get(details);
  if (!pieces) {
    let end: number | undefined;
    pieces = details.fragments.flatMap((fragment) => {
      const { start, duration, programDateTime, gap } = fragment;
      const said = trueDate(fragment) ?? end;
      end = said === undefined ? undefined : said + duration * 1_000;
      const wall = said ?? programDateTime;
      return wall === null || gap ? [] : [{ start, duration, wall }];
    });
    known.set(details, pieces);
  }
  return pieces;
}

/** From the list's beginning, or from what the browser still has before that. */
export function hlsSpan(hls: Hls, video: HTMLVideoElement): Span | undefined {
  const pieces = hlsPieces(hls);
  const first = pieces[0];
  const shown = wallAt(pieces, video.currentTime);
  const to = wallAt(pieces, hls.latestLevelDetails?.edge ?? 0);
  if (!first || shown === undefined || to === undefined) {
    return undefined;
  }
  let from = first.wall;
  for (let i = 0; i < video.buffered.length; i++) {
    if (video.buffered.start(i) <= video.currentTime && video.currentTime <= video.buffered.end(i)) {
      from = Math.min(from, wallAt(pieces, video.buffered.start(i)) ?? from);
    }
  }
  return { shown, from, to };
}

export function showAt(hls: Hls, video: HTMLVideoElement, wall: number): void {
  const pieces = hlsPieces(hls);
  const first = pieces[0];
  const media = first && wall < first.wall ? first.start - (first.wall - wall) / 1_000 : mediaAt(pieces, wall);
  if (media !== undefined) {
    video.currentTime = Math.max(0, media);
  }
}
