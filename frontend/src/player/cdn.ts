// What not everybody may have can be fetched through a cache: by an address that is good for a minute, and the same for all, in the place of the
// ticket. hls.js knows the addresses behind the ticket alone; where each is fetched is decided when it is.
import type Hls from 'hls.js';
import type {
  HlsConfig,
  Loader,
  LoaderCallbacks,
  LoaderConfiguration,
  LoaderContext,
  LoaderResponse,
  LoaderStats,
} from 'hls.js';
import type { Lifetime } from '../core/lifetime';

/** More often than a viewer is counted for, and than an address ends. */
const ASK_MILLIS = 20_000;
/** Not all at once. */
const APART_MILLIS = 5_000;
/** What plays waits so long for the first address. */
const FIRST_MILLIS = 1_000;
/** A cache that did not answer is left alone for so long. */
const DOWN_MILLIS = 30_000;

export type LoaderConstructor = new (config: HlsConfig) => Loader<LoaderContext>;

/** What an address behind a ticket is of: the live stream, or the video; and the query of its viewer. */
const TICKETED = /^(.+?)\/t\/([^/]+)(\/live\/[^/.?]+|\/videos\/[^/.?]+)([^?]*)(?:\?(.*))?$/;

/** These are of what was kept of a stream that is live, which has an address of its own. */
const KEPT = /^\.(record\.m3u8|storyboard\.vtt)/;

export class Cdn {
  private path: string | undefined;
  private downUntil = 0;
  private asking: Promise<void> | undefined;
  private readonly begun: Promise<void>;

  private constructor(
    private readonly origin: string,
    private readonly subject: string,
    private readonly ticketed: string,
    private readonly query: string,
    life: Lifetime,
  ) {
    this.begun = Promise.race([this.ask(), new Promise<void>((done) => setTimeout(done, FIRST_MILLIS))]);
    let timer: ReturnType<typeof setTimeout>;
    const later = () => {
      timer = setTimeout(
        () => {
          void this.ask();
          later();
        },
        ASK_MILLIS - APART_MILLIS * Math.random(),
      );
    };
    later();
    life.atEnd(() => clearTimeout(timer));
  }

  /**
   * @param origin of the cache, without a slash behind it
   * @param address behind a ticket; nothing comes of another
   */
  static of(origin: string, address: string, life: Lifetime): Cdn | undefined {
    const [, base, ticket, subject, , query] = TICKETED.exec(address) ?? [];
    if (base === undefined || subject === undefined) {
      return undefined;
    }
    const viewer = new URLSearchParams(query).get('v');
    return new Cdn(origin, subject, `${base}/t/${ticket}`, viewer ? `?v=${viewer}` : '', life);
  }

  /** Done when the first address is there, or it is not worth more of a wait. */
  first(): Promise<void> {
    return this.begun;
  }

  /** Where an address is fetched now. */
  wire(address: string): string {
    const rest = address.startsWith(this.ticketed) ? address.slice(this.ticketed.length) : '';
    const behind = rest.slice(this.subject.length);
    const ours = rest.startsWith(this.subject) && /^[/.]/.test(behind) && !KEPT.test(behind);
    return ours && this.path && Date.now() >= this.downUntil
      ? `${this.origin}${this.path}${withoutViewer(rest)}`
      : address;
  }

  /** Something could not be fetched there. Done when it is worth another try: with another address, or without the cache. */
  async failed(wire: string): Promise<void> {
    const { path } = this;
    if (!path || !wire.startsWith(`${this.origin}${path}/`)) {
      return; // there is another already
    }
    await this.ask();
    if (this.path === path) {
      this.downUntil = Date.now() + DOWN_MILLIS;
    }
  }

  loader(Player: typeof Hls): LoaderConstructor {
    return cdnLoader(Player, this);
  }

  private ask(): Promise<void> {
    this.asking ??= this.asked().finally(() => {
      this.asking = undefined;
    });
    return this.asking;
  }

  private async asked(): Promise<void> {
    try {
      const answer = await fetch(`${this.ticketed}${this.subject}/signed.json${this.query}`);
      this.path = answer.ok ? ((await answer.json()) as { path: string }).path : undefined;
    } catch {
      // The network is away: what there is may be good yet.
    }
  }
}

/** Everybody asks for the same. */
function withoutViewer(address: string): string {
  const [path, query] = address.split('?', 2) as [string, string?];
  const rest = (query ?? '').split('&').filter((each) => each && !each.startsWith('v='));
  return rest.length > 0 ? `${path}?${rest.join('&')}` : path;
}

/** A loader of hls.js that goes by the cache, and without it when that does not answer. */
function cdnLoader(Player: typeof Hls, cdn: Cdn): LoaderConstructor {
  const Base = Player.DefaultConfig.loader as LoaderConstructor;
  return class CdnLoader implements Loader<LoaderContext> {
    context: LoaderContext | null = null;
    stats: LoaderStats;
    private inner: Loader<LoaderContext>;
    private over = false;

    constructor(private readonly config: HlsConfig) {
      this.inner = new Base(config);
      this.stats = this.inner.stats;
    }

    load(context: LoaderContext, config: LoaderConfiguration, callbacks: LoaderCallbacks<LoaderContext>): void {
      this.context = context;
      void cdn.first().then(() => this.go(context, config, callbacks));
    }

    private go(
      context: LoaderContext,
      config: LoaderConfiguration,
      callbacks: LoaderCallbacks<LoaderContext>,
      again = false,
    ): void {
      if (this.over) {
        return;
      }
      const { onSuccess, onError, onTimeout, onAbort, onProgress } = callbacks;
      const wire = cdn.wire(context.url);
      /** Whether it is tried once more. */
      const retried = () => {
        if (again || wire === context.url || this.over) {
          return false;
        }
        void cdn.failed(wire).then(() => {
          if (!this.over) {
            // A loader loads once; hls.js looks at the numbers of the first.
            this.inner.destroy();
            this.inner = new Base(this.config);
            this.inner.stats = Object.assign(this.stats, this.inner.stats);
            this.go(context, config, callbacks, true);
          }
        });
        return true;
      };
      this.inner.load({ ...context, url: wire }, config, {
        onSuccess: (response: LoaderResponse, stats, _, network) =>
          // Whatever is named inside is behind the ticket, too.
          onSuccess({ ...response, url: context.url }, stats, context, network),
        onError: (error, _, network, stats) => retried() || onError(error, context, network, stats),
        onTimeout: (stats, _, network) => retried() || onTimeout(stats, context, network),
        ...(onAbort && { onAbort: (stats, _, network) => onAbort(stats, context, network) }),
        ...(onProgress && {
          onProgress: (stats, _, data, network) => onProgress(stats, context, data, network),
        }),
      });
    }

    abort(): void {
      this.over = true;
      this.inner.abort();
    }

    destroy(): void {
      this.over = true;
      this.inner.destroy();
    }

    getCacheAge(): number | null {
      return this.inner.getCacheAge?.() ?? null;
    }

    getResponseHeader(name: string): string | null {
      return this.inner.getResponseHeader?.(name) ?? null;
    }
  };
}
