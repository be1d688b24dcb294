// <video-player>: a video with its bar, from where somebody was. The template draws everything and has a <video controls> that plays in
// browsers that can without a script; this takes over.
import { call, tell } from '../core/api';
import { lang, setText, texts } from '../core/dom';
import { duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { GO_TO, tellMoment } from '../core/moment';
import { spokenLength } from '../core/spoken';
import { remember } from '../core/storage';
import type { VideoIsland } from '../wire/videos';
import { storyboardAddress } from './addresses';
import { mediaSession, silentSession } from './channel-facts';
import { Controls } from './controls';
import { type Mark, SeekBar } from './seek-bar';
import { Storyboard } from './storyboard';
import { offerNext } from './up-next';
import { askedTime, beginning, keepHere, placeHere, Watched, worthKeeping } from './video-place';
import { VideoSession } from './video-session';
import { WatchSettings } from './watch-settings';

const EVERY_MILLIS = 100;
const LOOKS_A_SECOND = 10;
const KEEP_MILLIS = 15_000;
/** After so much of it somebody has watched it. */
const VIEW_MILLIS = 10_000;

class VideoPlayer extends Island {
  private video!: HTMLVideoElement;
  private island!: VideoIsland;
  private session!: VideoSession;
  private words: Record<string, string> = {};

  protected enter(life: Lifetime): void {
    const video = this.querySelector('video');
    const bar = this.querySelector<HTMLElement>('.player-bar');
    const seek = this.querySelector<HTMLElement>('.player-seek');
    const island = this.querySelector('script[data-island]')?.textContent;
    if (!video || !bar || !seek || !island) {
      return;
    }
    this.video = video;
    this.island = JSON.parse(island) as VideoIsland;
    this.words = texts(this);
    const { ticket } = this.dataset;
    if (ticket) {
      void import('./ticket').then(({ keepTicket }) => keepTicket(ticket, life));
    }
    this.session = new VideoSession(this, video, this.island.playlist, this.island.durationMillis, {
      unsupported: (codecs) => this.unsupported(codecs),
    });
    const controls = new Controls(this, video, bar, this.session);
    this.session.enter(life);
    controls.enter(life);
    this.settings(life, controls);
    this.toggleAttribute('data-ready', true);
    life.listen(controls.button('start'), 'click', () => this.session.play());
    life.listen(controls.button('retry'), 'click', () => void this.session.open(this.session.atMillis()));
    this.enterBar(seek, life);
    life.listen<CustomEvent<number>>(document, GO_TO, ({ detail }) => {
      this.session.goTo(detail);
      this.scrollIntoView({ block: 'nearest' });
    });
    if (!this.island.clip) {
      this.keepPlace(life);
    }
    this.countView(life);
    life.listen(video, 'ended', () => {
      const panel = this.querySelector<HTMLElement>('.player-next');
      if (this.island.next && panel) {
        offerNext(panel, this.island.next, life);
      }
    });
    mediaSession(video.getAttribute('aria-label') ?? '', this.dataset.channel ?? '', video.poster, {
      play: () => this.session.play(),
      pause: () => video.pause(),
    });
    life.atEnd(() => silentSession());
    void this.begin(controls);
  }

  private async begin(controls: Controls): Promise<void> {
    const { id, positionMillis, durationMillis } = this.island;
    const at = beginning(askedTime(location.search), positionMillis, placeHere(id), durationMillis);
    await this.session.open(at);
    controls.showBar();
    this.session.play();
  }

  private settings(life: Lifetime, controls: Controls): void {
    const settings = new WatchSettings(this);
    settings.enter(life, controls.button('settings'), {
      video: this.video,
      words: this.words,
      source: () => this.session.source,
      openAnew: () => {},
      speed: {
        now: () => this.session.speed,
        choose: (rate) => {
          this.session.speed = rate;
          remember('speed', rate);
        },
      },
    });
    life.every(1_000, () => settings.everySecond());
  }

  // ---- the bar, and the moment that is shown -----------------------------------------------------------------------

  private enterBar(bar: HTMLElement, life: Lifetime): void {
    const { session, video, words } = this;
    const pictures = new Storyboard(storyboardAddress(this.island.playlist), 'media', () => session.complete());
    const seekBar = new SeekBar(bar, {
      seek: (to) => session.goTo(to),
      label: (at) => duration(at),
      spoken: (at) =>
        (words['seek.of'] ?? '{0} / {1}')
          .replace('{0}', spokenLength(at, lang()))
          .replace('{1}', spokenLength(session.durationMillis(), lang())),
      // Of a clip they would be those of its video, from the beginning.
      preview: (at) => (this.island.clip ? undefined : pictures.preview(at)),
    });
    bar.hidden = false;
    seekBar.enter(life);
    seekBar.mark(marks(this.island, words));
    let looks = 0;
    const look = () => {
      // Smooth where it is seen; for ears once a second.
      if (looks++ % LOOKS_A_SECOND === 0 || bar.closest('.shown')) {
        const to = Math.max(1, session.durationMillis());
        const at = session.atMillis();
        seekBar.update({ from: 0, to, at, loaded: loaded(video) });
        setText(this, '[data-fact="time"]', duration(at));
        setText(this, '[data-fact="duration"]', duration(to));
      }
      this.tellMoment();
    };
    life.listen(video, 'seeking', () => {
      looks = 0; // said at once
    });
    life.every(EVERY_MILLIS, look);
    life.atEnd(() => tellMoment(undefined));
    look();
  }

  private tellMoment(): void {
    const span = this.session.source?.span();
    if (span && this.hasAttribute('data-picture')) {
      tellMoment({ wall: span.shown, ...(this.session.complete() ? {} : { until: span.to }) });
    }
  }

  // ---- what is remembered ------------------------------------------------------------------------------------------

  private keepPlace(life: Lifetime): void {
    const { id } = this.island;
    // The page of somebody who is signed in has a token for its calls.
    const signedIn = document.querySelector('meta[name="csrf"]') !== null;
    let kept: number | undefined;
    const keep = (leaving: boolean) => {
      if (!this.hasAttribute('data-picture')) {
        return; // it has not begun: where they were still holds
      }
      const { session } = this;
      const positionMillis = worthKeeping(session.atMillis(), session.durationMillis(), session.complete());
      if (positionMillis === kept) {
        return;
      }
      kept = positionMillis;
      if (!signedIn) {
        keepHere(id, positionMillis);
      } else if (leaving) {
        tell('PUT', `/videos/${id}/position`, { positionMillis });
      } else {
        call('PUT', `/videos/${id}/position`, { positionMillis }).catch(() => {
          kept = undefined;
        });
      }
    };
    life.every(KEEP_MILLIS, () => keep(false));
    life.listen(this.video, 'pause', () => keep(false));
    life.listen(window, 'pagehide', () => keep(true));
    life.listen(document, 'visibilitychange', () => document.hidden && keep(true));
  }

  private countView(life: Lifetime): void {
    const { view } = this.island;
    const watched = new Watched();
    let counted = view === undefined;
    life.every(1_000, () => {
      if (!counted && view && watched.look(this.hasAttribute('data-playing'), Date.now()) >= VIEW_MILLIS) {
        counted = true;
        tell('POST', view);
      }
    });
  }

  private unsupported(codecs: string[]): void {
    this.toggleAttribute('data-problem', true);
    const note = this.querySelector<HTMLElement>('[data-fact="codecs"]');
    if (note) {
      note.hidden = codecs.length === 0;
      note.textContent = (this.words.codecs ?? '').replace('{0}', new Intl.ListFormat(lang()).format(codecs));
    }
  }
}

/** So far it is there without a wait. */
function loaded(video: HTMLVideoElement): number | undefined {
  for (let i = 0; i < video.buffered.length; i++) {
    if (video.buffered.start(i) <= video.currentTime + 0.1 && video.currentTime <= video.buffered.end(i)) {
      return video.buffered.end(i) * 1_000;
    }
  }
  return undefined;
}

function marks({ chapters = [], gaps = [] }: VideoIsland, words: Record<string, string>): Mark[] {
  return [
    ...chapters.map(({ atMillis, title }): Mark => ({ at: atMillis, kind: 'chapter', title })),
    ...gaps.map(
      ({ atMillis, lostMillis }): Mark => ({
        at: atMillis,
        kind: 'gap',
        title: (words['seek.gap'] ?? '{0}').replace('{0}', spokenLength(lostMillis, lang())),
      }),
    ),
  ].sort((a, b) => a.at - b.at);
}

customElements.define('video-player', VideoPlayer);
