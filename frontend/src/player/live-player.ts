// <live-player data-channel data-src data-state data-broadcast data-audio-only>: plays while the channel is live and says so while it
// is not. The template draws everything; this sets attributes, and the styles show what belongs to them.
import { lang, setText, texts } from '../core/dom';
import { duration } from '../core/format';
import { Island } from '../core/island';
import { Lifetime } from '../core/lifetime';
import { pageSocket } from '../core/socket';
import { remember, remembered } from '../core/storage';
import { closeMenu, openMenu } from '../ui/menu';
import type { ChannelMessage } from '../wire/live';
import { describe, mediaSession, silentSession } from './channel-facts';
import { playbackItems } from './playback-menu';
import { type LatencyMode, openSource, type Source, type Wish } from './source';
import type { StatsPanel, StatsTexts } from './stats-panel';
import { viewerId } from './viewer-id';

const BAR_MILLIS = 2_500;
/** So far behind what the player means to be, and it is not live any more. */
const EDGE_SECONDS = 5;
/** So far, and a tab that comes back, or a pause that ends, starts at live again. */
const STALE_SECONDS = 8;
const SEEK_SECONDS = 10;
const RETRY_MILLIS = 1_000;
const MAX_RETRY_MILLIS = 8_000;
/** A picture that stands still for so long while the channel is live gets a new source. */
const STALL_MILLIS = 12_000;

class LivePlayer extends Island {
  private video!: HTMLVideoElement;
  private bar!: HTMLElement;
  private source: Source | undefined;
  /** Of the source that is played or opened; another begins with each. */
  private stream: Lifetime | undefined;
  private failures = 0;
  /** For how many seconds sound has played where a picture should be. */
  private unseen = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private barTimer: ReturnType<typeof setTimeout> | undefined;
  private lastTime = 0;
  private lastMoved = 0;
  private startedAt: number | undefined;
  private wantsPause = false;
  private wish: Wish = { latency: remembered<LatencyMode>('latency', 'normal'), audioOnly: false, height: undefined };
  private stats: StatsPanel | undefined;
  private words: Record<string, string> = {};

  protected enter(life: Lifetime): void {
    const video = this.querySelector('video');
    const bar = this.querySelector<HTMLElement>('.player-bar');
    if (!video || !bar) {
      return;
    }
    this.video = video;
    this.bar = bar;
    video.controls = false;
    this.words = texts(this);
    if (!['low', 'normal', 'stable'].includes(this.wish.latency)) {
      this.wish.latency = 'normal';
    }
    this.toggleAttribute('data-ready', true);
    video.volume = Math.max(0, Math.min(1, remembered('volume', 1)));
    if (remembered('mature', false)) {
      this.removeAttribute('data-gate');
    }
    if (remembered('theatre', false) && this.button('theatre')) {
      this.theatre();
    }
    this.listen(life);
    this.startedAt = this.dataset.startedAt ? Date.parse(this.dataset.startedAt) : undefined;
    life.atEnd(
      pageSocket().follow(`channel:${this.dataset.channel}`, (message) => {
        if (message.type === 'channel') {
          this.update(message as unknown as ChannelMessage);
        }
      }),
    );
    life.every(1_000, () => this.everySecond());
    life.atEnd(() => this.leave());
    this.follow();
  }

  private leave(): void {
    closeMenu();
    clearTimeout(this.barTimer);
    this.close();
    this.stats?.node.remove();
    this.stats = undefined;
    silentSession();
  }

  // ---- the channel's state ------------------------------------------------------------------------------------

  private update(now: ChannelMessage): void {
    const another = now.broadcastId !== null && now.broadcastId !== this.dataset.broadcast;
    // Sound alone that gets a picture, or the other way round: what plays was opened for the one, and stays without the other.
    const changed = this.dataset.audioOnly !== undefined && this.dataset.audioOnly !== String(now.audioOnly);
    this.dataset.state = now.state;
    this.dataset.audioOnly = String(now.audioOnly);
    this.unheard(now.unheard);
    if (now.broadcastId) {
      this.dataset.broadcast = now.broadcastId;
    }
    this.startedAt = now.startedAt ? Date.parse(now.startedAt) : undefined;
    describe(now);
    mediaSession(now.title, now.displayName, this.video.poster, {
      play: () => this.video.paused && this.toggle(),
      pause: () => !this.video.paused && this.toggle(),
    });
    if (another || changed || !['LIVE', 'RECONNECTING'].includes(now.state)) {
      this.close();
    }
    this.follow();
  }

  /** Plays or stops, as the state wants. */
  private follow(): void {
    const state = this.dataset.state;
    const playable = (state === 'LIVE' || state === 'RECONNECTING') && !this.hasAttribute('data-gate');
    const unheard = this.querySelector<HTMLElement>('.player-unheard')?.dataset.unheard;
    if (state === 'LIVE' && unheard && this.dataset.audioOnly === 'true') {
      // Neither a picture nor a sound that could be played: not worth a try.
      this.unsupported([unheard]);
    } else if (playable && !this.stream && this.retryTimer === undefined) {
      void this.openNow();
    } else if (!playable && (this.stream || this.retryTimer !== undefined)) {
      this.close();
    }
  }

  private async openNow(): Promise<void> {
    const mine = new Lifetime();
    this.stream = mine;
    this.removeAttribute('data-problem');
    this.toggleAttribute('data-waiting', true);
    const url = `${this.dataset.src}?v=${viewerId()}`;
    let source: Source;
    try {
      // A source that was given up may still say something: that is not about the one in its place.
      const told = (what: () => void) => !mine.over && what();
      source = await openSource(this.video, url, this.wish, mine, {
        failed: () => told(() => this.fail()),
        unsupported: (codecs) => told(() => this.unsupported(codecs)),
        changed: () => told(() => this.toggleAttribute('data-choice', (this.source?.heights().length ?? 0) > 0)),
      });
    } catch {
      // The player's script did not load: the site restarts, or the network is away.
      if (!mine.over) {
        this.fail();
      }
      return;
    }
    if (mine.over) {
      return;
    }
    this.source = source;
    this.lastMoved = Date.now();
    if (!this.wantsPause) {
      this.play();
    }
  }

  /** Says that there is a picture without its sound. */
  private unheard(codec: string | null): void {
    const note = this.querySelector<HTMLElement>('.player-unheard');
    if (note) {
      if (codec) {
        note.dataset.unheard = codec;
      } else {
        delete note.dataset.unheard;
      }
      setText(note, '[data-fact="unheard"]', (this.words.unheard ?? '').replace('{0}', codec ?? ''));
    }
  }

  /** Says which codecs are to blame, when it is known. */
  private unsupported(codecs: string[]): void {
    this.toggleAttribute('data-problem', true);
    const line = this.querySelector<HTMLElement>('[data-fact="codecs"]');
    if (line) {
      line.hidden = codecs.length === 0;
      line.textContent = (this.words.codecs ?? '').replace('{0}', new Intl.ListFormat(lang()).format(codecs));
    }
  }

  private play(): void {
    this.video.play().catch((refused: unknown) => {
      if (refused instanceof DOMException && refused.name === 'NotAllowedError' && !this.video.muted) {
        // Browsers let nothing sound before somebody touched the page.
        this.video.muted = true;
        this.unmuteButton().hidden = false;
        this.video.play().catch(() => {});
      }
    });
  }

  private close(): void {
    this.stream?.end();
    this.stream = undefined;
    clearTimeout(this.retryTimer);
    this.retryTimer = undefined;
    this.source = undefined;
    this.removeAttribute('data-picture');
    this.removeAttribute('data-playing');
    this.removeAttribute('data-waiting');
    this.removeAttribute('data-problem');
  }

  /** The source is beyond repair. Another one, after a while that grows, for as long as the channel is live. */
  private fail(): void {
    this.close();
    const bound = Math.min(MAX_RETRY_MILLIS, RETRY_MILLIS * 2 ** this.failures++);
    this.toggleAttribute('data-waiting', true);
    this.retryTimer = setTimeout(
      () => {
        this.retryTimer = undefined;
        this.follow();
      },
      bound / 2 + (Math.random() * bound) / 2,
    );
  }

  private everySecond(): void {
    this.lookForPicture();
    const moved = this.video.currentTime !== this.lastTime;
    this.lastTime = this.video.currentTime;
    if (moved || this.video.paused) {
      this.lastMoved = Date.now();
    } else if (this.source && this.dataset.state === 'LIVE' && Date.now() - this.lastMoved > STALL_MILLIS) {
      this.lastMoved = Date.now();
      this.fail();
    }
    const latency = this.source?.latency();
    const edge = this.querySelector<HTMLElement>('.player-live');
    if (edge && this.source && latency !== undefined) {
      const live = latency < this.source.target() + EDGE_SECONDS && !this.video.paused;
      edge.toggleAttribute('data-edge', live);
      setText(edge, '[data-fact="lag"]', live ? `${latency.toFixed(1)} s` : `−${duration(latency * 1_000)}`);
    }
    this.stats?.update(this.video, this.source);
    if (this.startedAt !== undefined) {
      setText(document, '[data-fact="uptime"]', duration(Date.now() - this.startedAt));
    }
  }

  /** What was opened a moment before the picture was listed plays sound alone for ever, so it is opened anew: after 3, 8 and 20 s. */
  private lookForPicture(): void {
    if (this.dataset.audioOnly !== 'false' || this.wish.audioOnly || this.video.videoWidth > 0) {
      this.unseen = 0;
    } else if (this.source && !this.video.paused && [3, 8, 20].includes(++this.unseen)) {
      this.close();
      this.follow();
    }
  }

  // ---- controls -----------------------------------------------------------------------------------------------

  private unmuteButton(): HTMLButtonElement {
    return this.querySelector('.player-unmute') as HTMLButtonElement;
  }

  private button(name: string): HTMLElement | null {
    return this.querySelector(`[data-do="${name}"]`);
  }

  private listen(life: Lifetime): void {
    const video = this.video;
    life.listen(video, 'playing', () => {
      this.failures = 0;
      this.toggleAttribute('data-picture', true);
      this.toggleAttribute('data-playing', true);
      this.removeAttribute('data-waiting');
      this.show();
    });
    life.listen(video, 'waiting', () => this.toggleAttribute('data-waiting', true));
    life.listen(video, 'pause', () => {
      this.removeAttribute('data-playing');
      this.show();
    });
    life.listen(video, 'volumechange', () => {
      if (!video.muted) {
        this.unmuteButton().hidden = true;
      }
      this.show();
    });
    life.listen(this.unmuteButton(), 'click', () => {
      this.mute(false);
      this.play();
    });
    life.listen(this.button('play'), 'click', () => this.toggle());
    life.listen(this.button('mute'), 'click', () => this.mute(!video.muted));
    life.listen(this.button('live'), 'click', () => this.jump());
    life.listen(this.button('pip'), 'click', () => void this.pictureInPicture());
    life.listen(this.button('full'), 'click', () => void this.fullScreen());
    life.listen(this.button('theatre'), 'click', () => this.theatre());
    life.listen(this.button('help'), 'click', () => this.help());
    life.listen(this.button('settings'), 'click', () => this.settings());
    life.listen(this.button('gate'), 'click', () => {
      this.removeAttribute('data-gate');
      remember('mature', true);
      this.follow();
    });
    this.button('pip')?.toggleAttribute('hidden', !document.pictureInPictureEnabled);
    this.button('full')?.toggleAttribute('hidden', !document.fullscreenEnabled);
    life.listen(this.querySelector('.player-volume'), 'input', (event) => {
      video.volume = Number((event.target as HTMLInputElement).value);
      video.muted = video.volume === 0;
      remember('volume', video.volume);
    });
    life.listen(this.button('retry'), 'click', () => {
      this.removeAttribute('data-problem');
      this.close();
      this.follow();
    });
    for (const kind of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
      life.listen(this, kind, () => this.showBar());
    }
    life.listen(video, 'click', () => this.toggle());
    life.listen(video, 'dblclick', () => void this.fullScreen());
    life.listen<KeyboardEvent>(document, 'keydown', (event) => this.key(event));
    life.listen(document, 'fullscreenchange', () => this.show());
    life.listen(document, 'visibilitychange', () => {
      // A tab that comes back shows now, not what was an hour ago.
      if (document.visibilityState === 'visible' && !video.paused && this.isStale()) {
        this.jump();
      }
    });
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      target.closest('input, textarea, select, [contenteditable]')
    ) {
      return;
    }
    switch (event.key) {
      case ' ':
      case 'k':
        if (event.key === ' ' && target.closest('button, a, summary')) {
          return;
        }
        if (this.source) {
          event.preventDefault();
          this.toggle();
        }
        break;
      case 'm':
        this.mute(!this.video.muted);
        break;
      case 'f':
        void this.fullScreen();
        break;
      case 't':
        this.theatre();
        break;
      case 'j':
      case 'ArrowLeft':
        this.seek(-SEEK_SECONDS);
        break;
      case 'l':
      case 'ArrowRight':
        this.seek(SEEK_SECONDS);
        break;
      case 'ArrowUp':
      case 'ArrowDown':
        // Only with the player in hand: elsewhere these keys scroll.
        if (this.contains(target)) {
          event.preventDefault();
          this.louder(event.key === 'ArrowUp' ? 0.1 : -0.1);
        }
        break;
      case '?':
        this.help();
        break;
    }
  }

  private toggle(): void {
    if (!this.source) {
      return;
    }
    this.wantsPause = !this.video.paused;
    if (this.wantsPause) {
      this.video.pause();
    } else {
      if (this.isStale()) {
        this.source.jumpToLive();
      }
      this.play();
    }
  }

  private isStale(): boolean {
    return this.source !== undefined && (this.source.latency() ?? 0) > this.source.target() + STALE_SECONDS;
  }

  private jump(): void {
    this.wantsPause = false;
    this.source?.jumpToLive();
    this.play();
  }

  /** Within what the browser still has; beyond the edge is the edge. */
  private seek(seconds: number): void {
    const ranges = this.video.seekable;
    if (!this.source || ranges.length === 0) {
      return;
    }
    const wanted = this.video.currentTime + seconds;
    if (seconds > 0 && wanted >= ranges.end(ranges.length - 1) - EDGE_SECONDS / 2) {
      this.jump();
    } else {
      this.video.currentTime = Math.max(ranges.start(0), wanted);
    }
  }

  private louder(by: number): void {
    this.video.volume = Math.max(0, Math.min(1, this.video.volume + by));
    this.video.muted = this.video.volume === 0;
    remember('volume', this.video.volume);
  }

  // ---- how it is watched --------------------------------------------------------------------------------------

  private settings(): void {
    const button = this.button('settings');
    if (!button) {
      return;
    }
    const shown = {
      wish: this.wish,
      heights: this.source?.heights() ?? [],
      picture: this.dataset.audioOnly !== 'true',
      stats: this.stats !== undefined,
    };
    const items = playbackItems((key) => this.words[key] ?? key, shown, {
      wish: (wish) => this.change(wish),
      height: (height) => {
        this.wish = { ...this.wish, height };
        this.source?.choose(height);
      },
      stats: () => void this.toggleStats(),
    });
    openMenu(button, items);
  }

  private change(wish: Wish): void {
    this.wish = wish;
    remember('latency', wish.latency);
    this.toggleAttribute('data-sound-alone', wish.audioOnly);
    this.close();
    this.follow();
  }

  private async toggleStats(): Promise<void> {
    if (this.stats) {
      this.stats.node.remove();
      this.stats = undefined;
      return;
    }
    const { StatsPanel } = await import('./stats-panel');
    const words = Object.fromEntries(
      Object.entries(this.words)
        .filter(([key]) => key.startsWith('stats.'))
        .map(([key, text]) => [key.slice('stats.'.length), text]),
    );
    this.stats = new StatsPanel(words as unknown as StatsTexts, () => void this.toggleStats());
    this.append(this.stats.node);
    this.stats.update(this.video, this.source);
  }

  /** Player and chat alone, edge to edge. */
  private theatre(): void {
    const on = document.body.toggleAttribute('data-theatre');
    this.button('theatre')?.setAttribute('aria-pressed', String(on));
    remember('theatre', on);
  }

  private help(): void {
    const sheet = document.querySelector<HTMLDialogElement>('.player-help');
    if (sheet?.open) {
      sheet.close();
    } else {
      sheet?.showModal();
    }
  }

  private mute(muted: boolean): void {
    this.video.muted = muted;
    if (!muted && this.video.volume === 0) {
      this.video.volume = 0.5;
    }
  }

  private async pictureInPicture(): Promise<void> {
    if (document.pictureInPictureElement) {
      await document.exitPictureInPicture();
    } else {
      await this.video.requestPictureInPicture();
    }
  }

  private async fullScreen(): Promise<void> {
    if (document.fullscreenElement) {
      await document.exitFullscreen();
    } else {
      await this.requestFullscreen();
    }
  }

  private showBar(): void {
    this.bar.classList.add('shown');
    clearTimeout(this.barTimer);
    this.barTimer = setTimeout(() => this.bar.classList.toggle('shown', this.video.paused), BAR_MILLIS);
  }

  /** Icons and names of the buttons follow what they would do. */
  private show(): void {
    this.face('play', this.video.paused ? 'play' : 'pause');
    this.face('mute', this.video.muted ? 'unmute' : 'mute');
    this.face('full', document.fullscreenElement ? 'exit' : 'enter');
    const volume = this.querySelector<HTMLInputElement>('.player-volume');
    if (volume) {
      volume.value = String(this.video.muted ? 0 : this.video.volume);
    }
  }

  private face(name: string, face: string): void {
    const button = this.button(name);
    if (button) {
      for (const child of button.querySelectorAll<HTMLElement>('[data-face]')) {
        child.toggleAttribute('hidden', child.dataset.face !== face);
      }
      button.setAttribute('aria-label', button.dataset[face] ?? face);
      button.title = button.dataset[face] ?? face;
    }
  }
}

customElements.define('live-player', LivePlayer);
