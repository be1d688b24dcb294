// How a stream is watched: what the viewer wishes, the menu in which it is chosen, and the statistics.
import { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';
import { closeMenu, openMenu } from '../ui/menu';
import { playbackItems } from './playback-menu';
import type { LatencyMode, Source, Wish } from './source';
import type { StatsPanel, StatsTexts } from './stats-panel';

const LATENCIES: LatencyMode[] = ['low', 'normal', 'stable'];

/** What is watched. */
export interface Watched {
  video: HTMLVideoElement;
  words: Record<string, string>;
  source(): Source | undefined;
  /** What was wished needs another source. */
  openAnew(): void;
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
    life.listen(button, 'click', () => button && this.offer(button));
    life.atEnd(() => {
      closeMenu();
      this.stats?.node.remove();
      this.stats = undefined;
    });
  }

  everySecond(): void {
    this.stats?.update(this.watched.video, this.watched.source());
  }

  private offer(button: HTMLElement): void {
    const { words, source } = this.watched;
    const shown = {
      wish: this.wished,
      heights: source()?.heights() ?? [],
      picture: this.host.dataset.audioOnly !== 'true',
      stats: this.stats !== undefined,
    };
    const items = playbackItems((key) => words[key] ?? key, shown, {
      wish: (wish) => this.change(wish),
      height: (height) => {
        this.wished = { ...this.wished, height };
        source()?.choose(height);
      },
      stats: () => void this.toggleStats(),
    });
    openMenu(button, items);
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
