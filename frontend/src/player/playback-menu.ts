// The menu of how a stream is watched: latency, quality, sound alone, statistics.
import type { MenuItem } from '../ui/menu';
import type { Wish } from './source';

/** What the menu shows as chosen. */
export interface Playback {
  wish: Wish;
  /** Of the pictures to choose from; empty when there is no choice. */
  heights: number[];
  /** There is a picture that can be left out. */
  picture: boolean;
  stats: boolean;
}

export interface PlaybackChoices {
  /** Another latency, or sound alone: the stream has to be opened anew. */
  wish(wish: Wish): void;
  height(height: number | undefined): void;
  stats(): void;
}

/** The entries, in the page's language. */
export function playbackItems(say: (key: string) => string, now: Playback, choices: PlaybackChoices): MenuItem[] {
  const { wish, heights } = now;
  const items: MenuItem[] = [
    {
      text: `${say('latency')}: ${say(wish.latency)}`,
      symbol: 'gauge',
      choose: () =>
        (['low', 'normal', 'stable'] as const).map((latency) =>
          choice(`${say(latency)} – ${say(`${latency}Hint`)}`, latency === wish.latency, () =>
            choices.wish({ ...wish, latency }),
          ),
        ),
    },
  ];
  if (heights.length > 0) {
    const name = (height: number | undefined) => (height ? `${height}p` : say('auto'));
    items.push({
      text: `${say('quality')}: ${name(wish.height)}`,
      symbol: 'monitor',
      choose: () =>
        [undefined, ...heights].map((height) =>
          choice(name(height), height === wish.height, () => choices.height(height)),
        ),
    });
  }
  if (now.picture) {
    items.push(
      toggle(say('audioOnly'), 'headphones', wish.audioOnly, () =>
        choices.wish({ ...wish, audioOnly: !wish.audioOnly }),
      ),
    );
  }
  items.push(toggle(say('stats'), 'chart-line', now.stats, () => choices.stats()));
  return items;
}

function choice(text: string, checked: boolean, act: () => void): MenuItem {
  return toggle(text, 'circle', checked, act);
}

function toggle(text: string, symbol: string, checked: boolean, act: () => void): MenuItem {
  return {
    text,
    symbol: checked ? 'check' : symbol,
    checked,
    choose: () => {
      act();
      return undefined;
    },
  };
}
