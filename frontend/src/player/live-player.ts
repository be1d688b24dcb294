// <live-player data-channel data-src data-state data-broadcast data-audio-only data-rewind data-camera data-unseen data-unplayable>: plays while the channel is live and
// says so while it is not. The template draws everything; this sets attributes, and the styles show what belongs to them.
import { lang, setText, texts } from '../core/dom';
import { clock, duration } from '../core/format';
import { Island } from '../core/island';
import type { Lifetime } from '../core/lifetime';
import { remember, remembered } from '../core/storage';
import type { ChannelEvent } from '../wire/live';
import { pageSocket } from '../wire/page-socket';
import { storyboardAddress } from './addresses';
import { describe, mediaSession, silentSession } from './channel-facts';
import { Controls } from './controls';
import { Instant } from './instant';
import { KeyFrameWait } from './key-frame-wait';
import { PlaybackSession } from './playback-session';
import { enterSaying } from './player-say';
import type { Radio } from './radio';
import { viewerId } from './viewer-id';
import { WatchSettings } from './watch-settings';

/** So long a player takes at most to be at the edge again. */
const RECOVERY_MILLIS = 10_000;

/** Where not everybody may watch. */
const fetchTicket = () => import('./ticket');

class LivePlayer extends Island {
  private video!: HTMLVideoElement;
  private session!: PlaybackSession;
  private controls!: Controls;
  private startedAt: number | undefined;
  /** Until when what was lost is made up for: how far behind it is meanwhile is nothing that somebody chose. */
  private recovering = 0;
  /** What is on air is kept, as far as is known. */
  private kept = true;
  private settings!: WatchSettings;
  private instant!: Instant;
  private wait!: KeyFrameWait;
  /** Fetched once there is sound without a picture. */
  private radio: Promise<Radio> | undefined;
  private words: Record<string, string> = {};

  protected enter(life: Lifetime): void {
    const video = this.querySelector('video');
    const bar = this.querySelector<HTMLElement>('.player-bar');
    if (!video || !bar) {
      return;
    }
    this.video = video;
    this.session = new PlaybackSession(this, video, {
      again: () => this.follow(),
      unsupported: (codecs) => this.unsupported(codecs),
      muted: () => this.controls.offerSound(),
      earliest: (air) => this.earliest(air),
      nothingKept: () => {
        this.kept = false;
      },
      notInstant: (why) => this.instant.refused(why),
    });
    this.controls = new Controls(this, video, bar, this.session);
    this.words = texts(this);
    this.wait = new KeyFrameWait(this, this.words);
    // A stay in another place of the page goes on as it was watched.
    this.settings ??= new WatchSettings(this);
    this.instant = new Instant(this, this.words);
    this.settings.enter(life, this.controls.button('settings'), {
      video,
      words: this.words,
      source: () => this.session.source,
      openAnew: () => {
        this.instant.wished();
        this.openAnew();
      },
      notInstant: () => this.instant.why,
    });
    this.toggleAttribute('data-ready', true);
    if (remembered('mature', false)) {
      this.removeAttribute('data-gate');
    }
    if (this.dataset.ticket) {
      void fetchTicket().then(({ keepTicket }) => keepTicket(this.dataset.ticket, life));
    }
    this.session.enter(life);
    this.controls.enter(life);
    this.listen(life);
    enterSaying(this, life);
    this.startedAt = this.dataset.startedAt ? Date.parse(this.dataset.startedAt) : undefined;
    life.atEnd(
      pageSocket().follow(`channel:${this.dataset.channel}`, (event) => {
        if (event.type === 'channel') {
          this.update(event);
        } else if (event.type === 'camera' && this.dataset.camera) {
          this.dataset.camera = event.on ? 'on' : 'gone';
        }
      }),
    );
    life.every(1_000, () => this.everySecond(life));
    life.atEnd(() => {
      this.radio = undefined;
    });
    life.atEnd(() => silentSession());
    this.follow();
    if (this.dataset.camera) {
      void import('./camera-wake').then(({ keepAwake }) => keepAwake(this, life));
    }
    void this.offerRewinding(life);
  }

  /** Where the channel is recorded. */
  private async offerRewinding(life: Lifetime): Promise<void> {
    const bar = this.querySelector<HTMLElement>('.player-seek');
    if (bar && this.rewindMinutes > 0) {
      const { enterRewinding } = await import('./rewind');
      enterRewinding(
        {
          bar,
          words: this.words,
          session: this.session,
          earliest: () => this.earliest(this.session.air()),
          onAir: () => ['LIVE', 'RECONNECTING'].includes(this.dataset.state ?? ''),
          storyboard: storyboardAddress(this.dataset.src ?? ''),
        },
        life,
      );
    }
  }

  private get rewindMinutes(): number {
    return Number(this.dataset.rewind ?? 0);
  }

  /** How far one may go back: to the first picture, or so many minutes. */
  private earliest(air: number): number | undefined {
    return this.kept && this.rewindMinutes > 0 && this.startedAt !== undefined
      ? Math.max(this.startedAt, air - this.rewindMinutes * 60_000)
      : undefined;
  }

  private listen(life: Lifetime): void {
    life.listen(this.controls.button('gate'), 'click', () => {
      this.removeAttribute('data-gate');
      remember('mature', true);
      this.follow();
    });
    life.listen(this.controls.button('retry'), 'click', () => this.openAnew());
  }

  // ---- the channel's state ------------------------------------------------------------------------------------

  private update(now: ChannelEvent): void {
    if (now.access !== (this.dataset.access ?? 'open')) {
      this.session.close();
      void fetchTicket().then(({ loadAnew }) => loadAnew());
      return;
    }
    if (now.state === 'LIVE' && this.dataset.state === 'RECONNECTING') {
      this.recovering = Date.now() + RECOVERY_MILLIS;
    }
    const over = now.state === 'ENDED' && this.dataset.state !== 'ENDED';
    const another = now.broadcastId !== null && now.broadcastId !== this.dataset.broadcast;
    // Sound alone that gets a picture, or the other way round: what plays was opened for the one, and stays without the other.
    const changed =
      (this.dataset.audioOnly !== undefined && this.dataset.audioOnly !== String(now.audioOnly)) ||
      now.unseen !== (this.dataset.unseen ?? null);
    this.dataset.state = now.state;
    this.dataset.audioOnly = String(now.audioOnly);
    this.missing(now);
    this.wait.told(now.pictureInMillis);
    if (now.broadcastId) {
      this.dataset.broadcast = now.broadcastId;
    }
    const { broadcast } = this.dataset;
    if (over && broadcast) {
      void import('./poster').then(({ showLastPicture }) => showLastPicture(this, broadcast));
    }
    // Whoever is behind goes on in what is over.
    if (now.startedAt || !this.session.past) {
      this.startedAt = now.startedAt ? Date.parse(now.startedAt) : undefined;
    }
    this.kept ||= another;
    describe(now);
    mediaSession(now.title, now.displayName, this.poster(), {
      play: () => this.video.paused && this.session.toggle(),
      pause: () => !this.video.paused && this.session.toggle(),
    });
    const on = ['LIVE', 'RECONNECTING'].includes(now.state);
    // Whoever is behind sees the rest of it.
    if (another) {
      this.instant.another();
    }
    if (another || changed || !(on || this.session.past)) {
      this.session.close();
      this.session.forget();
    }
    this.follow();
  }

  /** Plays or stops, as the state wants. */
  private follow(): void {
    const state = this.dataset.state;
    const playable = (state === 'LIVE' || state === 'RECONNECTING') && !this.hasAttribute('data-gate');
    if (playable && this.dataset.unplayable && !this.session.past) {
      // Neither a picture nor a sound that could be played: not worth a try.
      this.unsupported(this.dataset.unplayable.split(','));
    } else if ((playable || this.session.past) && !this.session.busy) {
      const wish = this.instant.possible({ ...this.settings.wish, audioOnly: this.soundAlone });
      void this.session.open(`${this.dataset.src}?v=${viewerId()}`, wish);
    } else if (!playable && !this.session.past && this.session.busy) {
      this.session.close();
    }
  }

  /** Of a picture, if there is one, nothing is played: it was wished so, or no browser shows it. */
  private get soundAlone(): boolean {
    return this.settings.wish.audioOnly || this.dataset.unseen !== undefined;
  }

  private poster(): string {
    return this.querySelector<HTMLImageElement>('.stage-picture')?.src ?? '';
  }

  private openAnew(): void {
    this.session.keepPlace();
    this.session.close();
    this.follow();
  }

  /** Says that there is a picture without its sound, sound without its picture, or nothing that could be played. */
  private missing(now: ChannelEvent): void {
    say(this, 'unplayable', now.unplayable.join());
    say(this, 'unseen', now.unseen);
    say(this.querySelector<HTMLElement>('.player-unheard'), 'unheard', now.unheard);
    for (const what of ['unseen', 'unheard'] as const) {
      setText(this, `[data-fact="${what}"]`, (this.words[what] ?? '').replace('{0}', now[what] ?? ''));
    }
  }

  /** Says which codecs are to blame, when it is known. */
  private unsupported(codecs: string[]): void {
    this.toggleAttribute('data-problem', true);
    const note = this.querySelector<HTMLElement>('[data-fact="codecs"]');
    if (note) {
      note.hidden = codecs.length === 0;
      note.textContent = (this.words.codecs ?? '').replace('{0}', new Intl.ListFormat(lang()).format(codecs));
    }
  }

  private everySecond(life: Lifetime): void {
    this.session.look(this.dataset.state === 'LIVE', this.dataset.audioOnly === 'false' && !this.soundAlone);
    const lag = this.session.lag();
    const edge = this.querySelector<HTMLElement>('.player-live');
    if (lag?.live || this.session.past) {
      this.recovering = 0;
    }
    if (edge && lag && Date.now() >= this.recovering) {
      edge.toggleAttribute('data-edge', lag.live);
      setText(edge, '[data-fact="lag"]', lag.live ? `${lag.seconds.toFixed(1)} s` : `−${clock(lag.seconds * 1_000)}`);
    }
    this.settings.everySecond();
    this.instant.look();
    this.wait.look();
    if (this.dataset.audioOnly === 'true' || this.soundAlone) {
      this.radio ??= import('./radio').then(({ Radio }) => new Radio(this, this.video, life));
    }
    void this.radio?.then((radio) => radio.look());
    // While it is away the clock stands.
    if (this.startedAt !== undefined && this.dataset.state === 'LIVE') {
      setText(document, '[data-fact="uptime"]', duration(Date.now() - this.startedAt));
    }
  }
}

function say(element: HTMLElement | null, name: string, value: string | null): void {
  if (element && value) {
    element.dataset[name] = value;
  } else {
    delete element?.dataset[name];
  }
}

customElements.define('live-player', LivePlayer);
