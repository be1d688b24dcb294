// The player's buttons, keys and bar. The template draws them; what they do to the picture is the session's.
import type { Lifetime } from '../core/lifetime';
import { lettersAreKeys, remember, remembered } from '../core/storage';
import { listenForTaps } from './taps';

const BAR_MILLIS = 2_500;
const SEEK_SECONDS = 10;
const STEP_SECONDS = 5;
/** As long as a picture of most broadcasts. */
const FRAME_SECONDS = 1 / 30;

/** What plays, as far as buttons and keys change it. */
export interface Playback {
  readonly ready: boolean;
  toggle(): void;
  play(): void;
  /** By so many seconds. */
  seek(seconds: number): void;
  toStart(): void;
  /** To live, where something is. */
  toEnd(): void;
  /** To so many tenths of it, where it has a length. */
  toTenth?(tenth: number): void;
  /** The next speed up or down, where it has speeds. */
  faster?(by: 1 | -1): void;
  /** Plays by the browser's own player, which can hand an address to a screen, or by ours again. */
  byBrowser(on: boolean): void;
  /** What is seen, in milliseconds: of a video in media time, of the past of what is live by the wall clock. */
  moment?(): number | undefined;
}

export class Controls {
  private barTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly video: HTMLVideoElement,
    private readonly bar: HTMLElement,
    private readonly session: Playback,
  ) {}

  button(name: string): HTMLElement | null {
    return this.host.querySelector(`[data-do="${name}"]`);
  }

  private unmuteButton(): HTMLButtonElement | null {
    return this.host.querySelector('.player-unmute');
  }

  private hideUnmute(on: boolean): void {
    this.unmuteButton()?.toggleAttribute('hidden', on);
  }

  /** It plays without sound until somebody wants some. */
  offerSound(): void {
    this.hideUnmute(false);
  }

  enter(life: Lifetime): void {
    const { video, session } = this;
    video.controls = false;
    video.volume = Math.max(0, Math.min(1, remembered('volume', 1)));
    if (remembered('theatre', false) && this.button('theatre')) {
      this.theatre();
    }
    life.listen(video, 'playing', () => this.show());
    life.listen(video, 'pause', () => this.show());
    life.listen(video, 'volumechange', () => {
      if (!video.muted) {
        this.hideUnmute(true);
      }
      this.show();
    });
    life.listen(this.unmuteButton(), 'click', () => {
      this.mute(false);
      session.play();
    });
    life.listen(this.button('play'), 'click', () => session.toggle());
    life.listen(this.button('mute'), 'click', () => this.mute(!video.muted));
    life.listen(this.button('live'), 'click', () => session.toEnd());
    life.listen(this.button('pip'), 'click', () => void this.pictureInPicture());
    life.listen(this.button('full'), 'click', () => void this.fullScreen());
    life.listen(this.button('theatre'), 'click', () => this.theatre());
    life.listen(this.button('clip'), 'click', () => void this.clip());
    life.listen(this.button('help'), 'click', () => this.help());
    const letters = document.querySelector<HTMLInputElement>('.player-help input');
    if (letters) {
      letters.checked = lettersAreKeys();
      life.listen(letters, 'change', () => remember('letter-keys', letters.checked));
    }
    for (const button of this.bar.querySelectorAll<HTMLElement>('[data-key]')) {
      this.hint(button);
      button.setAttribute('aria-keyshortcuts', button.dataset.key ?? '');
    }
    this.button('pip')?.toggleAttribute('hidden', !document.pictureInPictureEnabled);
    this.button('full')?.toggleAttribute('hidden', !document.fullscreenEnabled);
    life.listen(this.host.querySelector('.player-volume'), 'input', (event) => {
      video.volume = Number((event.target as HTMLInputElement).value);
      video.muted = video.volume === 0;
      remember('volume', video.volume);
    });
    for (const kind of ['pointermove', 'pointerdown', 'keydown', 'focusin']) {
      life.listen(this.host, kind, () => this.showBar());
    }
    listenForTaps(this.host, video, life, {
      click: () => session.toggle(),
      double: () => void this.fullScreen(),
      side: (side) => session.seek(side * SEEK_SECONDS),
    });
    life.listen<KeyboardEvent>(document, 'keydown', (event) => this.key(event));
    this.offerScreens(life);
    life.listen(document, 'fullscreenchange', () => this.show());
    life.atEnd(() => clearTimeout(this.barTimer));
  }

  /** Where the browser hands an address to a screen. What does it is fetched when something plays. */
  private offerScreens(life: Lifetime): void {
    const { host, video, session } = this;
    const button = this.button('cast');
    if (button && 'remote' in video) {
      const offer = () =>
        import('./cast').then(({ enterCasting }) => enterCasting(host, video, button, session, life)).catch(() => {});
      life.listen(video, 'playing', offer, { once: true });
    }
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (
      event.defaultPrevented ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      target.closest('input, textarea, select, [contenteditable]')
    ) {
      return;
    }
    if (event.key.length === 1 && event.key !== ' ' && !lettersAreKeys()) {
      return;
    }
    switch (event.key) {
      case ' ':
      case 'k':
        if (event.key === ' ' && target.closest('button, a, summary')) {
          return;
        }
        if (this.session.ready) {
          event.preventDefault();
          this.session.toggle();
        }
        break;
      case 'm':
        this.mute(!this.video.muted);
        break;
      case 'f':
        void this.fullScreen();
        break;
      case 'c':
        void this.clip();
        break;
      case 't':
        this.theatre();
        break;
      case 'j':
      case 'l':
        this.session.seek(event.key === 'j' ? -SEEK_SECONDS : SEEK_SECONDS);
        break;
      case 'ArrowLeft':
      case 'ArrowRight':
        this.session.seek(event.key === 'ArrowLeft' ? -STEP_SECONDS : STEP_SECONDS);
        break;
      case ',':
      case '.':
        if (this.video.paused) {
          this.session.seek(event.key === ',' ? -FRAME_SECONDS : FRAME_SECONDS);
        }
        break;
      case '<':
      case '>':
        this.session.faster?.(event.key === '<' ? -1 : 1);
        break;
      case 'Home':
      case 'End':
        // Only with the player in hand, as these.
        if (this.host.contains(target)) {
          event.preventDefault();
          event.key === 'Home' ? this.session.toStart() : this.session.toEnd();
        }
        break;
      case 'ArrowUp':
      case 'ArrowDown':
        // Only with the player in hand: elsewhere these keys scroll.
        if (this.host.contains(target)) {
          event.preventDefault();
          this.louder(event.key === 'ArrowUp' ? 0.1 : -0.1);
        }
        break;
      case '?':
        this.help();
        break;
      default:
        if (/^[0-9]$/.test(event.key)) {
          this.session.toTenth?.(Number(event.key));
        }
    }
  }

  private louder(by: number): void {
    this.video.volume = Math.max(0, Math.min(1, this.video.volume + by));
    this.video.muted = this.video.volume === 0;
    remember('volume', this.video.volume);
  }

  private mute(muted: boolean): void {
    this.video.muted = muted;
    if (!muted && this.video.volume === 0) {
      this.video.volume = 0.5;
    }
  }

  /** Player and chat alone, edge to edge. */
  theatre(): void {
    const on = document.body.toggleAttribute('data-theatre');
    this.button('theatre')?.setAttribute('aria-pressed', String(on));
    remember('theatre', on);
  }

  /** Where clips can be made. */
  private async clip(): Promise<void> {
    const button = this.button('clip');
    if (button) {
      const { openClips } = await import('./clip-dialog');
      openClips(button, this.video, this.session.moment?.());
    }
  }

  private help(): void {
    const sheet = document.querySelector<HTMLDialogElement>('.player-help');
    if (sheet?.open) {
      sheet.close();
    } else {
      sheet?.showModal();
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
      await this.host.requestFullscreen();
    }
  }

  showBar(): void {
    this.bar.classList.add('shown');
    clearTimeout(this.barTimer);
    this.barTimer = setTimeout(() => this.bar.classList.toggle('shown', this.video.paused), BAR_MILLIS);
  }

  /** Icons and names of the buttons follow what they would do. */
  private show(): void {
    this.face('play', this.video.paused ? 'play' : 'pause');
    this.face('mute', this.video.muted ? 'unmute' : 'mute');
    this.face('full', document.fullscreenElement ? 'exit' : 'enter');
    const volume = this.host.querySelector<HTMLInputElement>('.player-volume');
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
      this.hint(button);
    }
  }

  /** Its name, and the key that does the same. */
  private hint(button: HTMLElement): void {
    const { key } = button.dataset;
    button.title = `${button.getAttribute('aria-label') ?? ''}${key ? ` (${key})` : ''}`;
  }
}
