// How a stream is watched: what the viewer wishes, and the statistics.
import { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';
import type { LatencyMode, Source, Wish } from './source';
import { StageMenu } from './stage-menu';
import type { StatsPanel, StatsTexts } from './stats-panel';

const LATENCIES: LatencyMode[] = ['instant', 'low', 'normal', 'stable'];

/** What is watched. */
export interface Watched {
  video: HTMLVideoElement;
  words: Record<string, string>;
  source(): Source | undefined;
  /** What was wished needs another source. */
  openAnew(): void;
  /** Why it is not instant though it was wished, in words; empty where it is. */
  notInstant?(): string;
  /** How fast it plays, where that can be chosen. */
  speed?: { now(): number; choose(rate: number): void };
}

export class WatchSettings {
  private wished: Wish = { latency: latency(), audioOnly: false, height: undefined };
  private watched!: Watched;
  private stay = new Lifetime();
  private stats: StatsPanel | undefined;

  constructor(private readonly host: HTMLElement) {}

  get wish(): Wish {
    return this.wished;
  }

  enter(life: Lifetime, button: HTMLElement | null, watched: Watched): void {
    this.watched = watched;
    this.stay = life;
    const menu = this.host.querySelector<HTMLElement>('.stage-menu');
    if (menu && button) {
      const chosen = () => ({
        ...this.wished,
        heights: watched.source()?.heights() ?? [],
        speed: watched.speed?.now() ?? 1,
        notInstant: watched.notInstant?.() ?? '',
        picture: this.host.dataset.audioOnly !== 'true' && this.host.dataset.unseen === undefined,
      });
      new StageMenu(menu, button, watched.words.auto ?? '', chosen, {
        latency: (mode) => this.change({ ...this.wished, latency: mode }),
        audioOnly: (audioOnly) => this.change({ ...this.wished, audioOnly }),
        height: (height) => {
          this.wished = { ...this.wished, height };
          watched.source()?.choose(height);
        },
        speed: (rate) => watched.speed?.choose(rate),
        stats: () => void this.toggleStats(),
      }).enter(life);
    }
    life.atEnd(() => {
      this.stats?.node.remove();
      this.stats = undefined;
    });
  }

  everySecond(): void {
    this.stats?.update(this.watched.video, this.watched.source());
  }

  private change(wish: Wish): void {
    this.wished = wish;
    remember('latency', wish.latency);
    this.host.toggleAttribute('data-sound-alone', wish.audioOnly);
    this.watched.openAnew();
  }

  private async toggleStats(): Promise<void> {
    if (this.stats) {
      this.stats.node.remove();
      this.stats = undefined;
      return;
    }
    const stay = this.stay;
    const { StatsPanel } = await import('./stats-panel');
    if (stay.over) {
      return;
    }
    const words = Object.fromEntries(
      Object.entries(this.watched.words)
        .filter(([key]) => key.startsWith('stats.'))
        .map(([key, text]) => [key.slice('stats.'.length), text]),
    );
    this.stats = new StatsPanel(words as unknown as StatsTexts, () => void this.toggleStats());
    this.host.append(this.stats.node);
    this.everySecond();
  }
}

/** As it was chosen before; what a browser remembers may be of another version. */
function latency(): LatencyMode {
  const chosen = remembered<LatencyMode>('latency', 'normal');
  return LATENCIES.includes(chosen) ? chosen : 'normal';
}
