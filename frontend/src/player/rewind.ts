// The bar over a broadcast that is on air, from its first picture or as far back as one may go, and the word to the chat of which moment is
// seen. Fetched by the page where a broadcast is recorded.
import { lang } from '../core/dom';
import { clock } from '../core/format';
import type { Lifetime } from '../core/lifetime';
import { tellMoment } from '../core/moment';
import { spokenLength } from '../core/spoken';
import type { PlaybackSession } from './playback-session';
import { SeekBar } from './seek-bar';
import { Storyboard } from './storyboard';

const EVERY_MILLIS = 100;
const LOOKS_A_SECOND = 10;

export interface Rewound {
  bar: HTMLElement;
  words: Record<string, string>;
  session: PlaybackSession;
  /** The first time that one may go back to; undefined where one may not. */
  earliest(): number | undefined;
  /** There is more to come. */
  onAir(): boolean;
  /** Where its small pictures are. */
  storyboard: string;
}

export function enterRewinding(rewound: Rewound, life: Lifetime): void {
  const { bar, words, session, earliest, onAir } = rewound;
  const pictures = new Storyboard(rewound.storyboard, 'wall', () => !onAir());
  const behind = (at: number) => session.air() - at;
  const time = new Intl.DateTimeFormat(lang(), { timeStyle: 'medium', hourCycle: 'h23' });
  const seekBar = new SeekBar(bar, {
    seek: (to) => session.goTo(to),
    preview: (at) => pictures.preview(at),
    label: (at) => `−${clock(behind(at))} · ${time.format(at)}`,
    spoken: (at) =>
      session.lag()?.live !== false && !seekBar.dragging
        ? (words.live ?? '')
        : (words['seek.behind'] ?? '{0}').replace('{0}', spokenLength(behind(at), lang())),
  });
  let told = false;
  let looks = 0;
  let known = false;
  const look = () => {
    const from = earliest();
    const shown = session.shown();
    // Smooth where it is seen; for ears once a second.
    const due = !known || looks++ % LOOKS_A_SECOND === 0 || bar.closest('.shown') !== null;
    if (due && from !== undefined && shown !== undefined) {
      const end = onAir() ? session.air() : (session.source?.span()?.to ?? shown);
      const to = Math.max(end, from + 1);
      const lag = session.lag();
      seekBar.update({ from, to, at: lag?.live ? to : shown, loaded: to });
      known = true;
    }
    // Before there is a picture nobody knows which times it spans.
    bar.hidden = from === undefined || !session.ready || !known;
    // Who only fell behind, or paused, hears what is said now: nothing said is kept from anybody who did not go back.
    const follows = shown !== undefined && session.past;
    if (follows || told) {
      told = follows;
      tellMoment(follows ? { wall: shown, until: session.air() } : undefined);
    }
  };
  seekBar.enter(life);
  life.every(EVERY_MILLIS, look);
  life.atEnd(() => {
    bar.hidden = true;
    if (told) {
      tellMoment(undefined);
    }
  });
  look();
}
