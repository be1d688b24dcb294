// The dialog that makes a clip: two handles over what was just seen, the range as it will play, a title, and then the link. Fetched when
// somebody presses the button.
import { call, reasonOf } from '../core/api';
import { element, lang, setText, texts } from '../core/dom';
import { duration } from '../core/format';
import { Lifetime } from '../core/lifetime';
import { type Chosen, type Stretch, share, spokenPlace, withEnd, withStart } from './clip-range';
import { pictureStrip } from './picture-strip';
import { RangePreview } from './range-preview';

const LOOK_MILLIS = 100;

/** What the site says of the stretch that a clip can be made of. */
interface Offer extends Stretch {
  /** The address of the playlist of all of the video. */
  playlist: string;
  startMillis: number;
  endMillis: number;
  title: string;
  /** Where a clip is asked for. */
  make: string;
}

/**
 * Opens the dialog; whoever is not logged in is led there, and back.
 *
 * @param button says where the stretch is asked for, and who is logged in
 * @param shown what is seen, in milliseconds, as the site wants it; undefined at the edge of what is live
 */
export function openClips(button: HTMLElement, player: HTMLVideoElement, shown: number | undefined): void {
  if (!button.dataset.own) {
    location.assign(`/login?continue=${encodeURIComponent(location.pathname + location.search)}`);
    return;
  }
  const dialog = document.querySelector<HTMLDialogElement>('.clip-dialog');
  if (dialog && !dialog.open) {
    void new ClipDialog(dialog, player).open(
      `${button.dataset.from}${shown === undefined ? '' : `&at=${Math.max(0, Math.floor(shown))}`}`,
    );
  }
}

class ClipDialog {
  private readonly life = new Lifetime();
  private readonly words: Record<string, string>;
  private readonly picture: HTMLVideoElement;
  private offer!: Offer;
  private chosen!: Chosen;
  private preview: RangePreview | undefined;

  constructor(
    private readonly dialog: HTMLDialogElement,
    private readonly player: HTMLVideoElement,
  ) {
    this.words = texts(dialog);
    // A page has one video before somebody wants a second.
    this.picture = element('video', '');
    this.picture.playsInline = true;
    this.picture.setAttribute('aria-label', this.part('picture').dataset.label ?? '');
    this.part('picture').prepend(this.picture);
    this.life.atEnd(() => this.picture.remove());
  }

  private part<T extends HTMLElement = HTMLElement>(name: string): T {
    return this.dialog.querySelector(`[data-clip="${name}"]`) as T;
  }

  private show(name: string, on: boolean): void {
    this.part(name).toggleAttribute('hidden', !on);
  }

  async open(from: string): Promise<void> {
    const { dialog, life } = this;
    for (const name of ['refused', 'error', 'made', 'form']) {
      this.show(name, false);
    }
    this.show('strip', false);
    this.part<HTMLButtonElement>('make').disabled = false;
    life.listen(this.part('close'), 'click', () => dialog.close());
    // The keys of the player are not meant here.
    life.listen(dialog, 'keydown', (event) => event.stopPropagation());
    life.listen(dialog, 'close', () => life.end());
    this.quiet();
    dialog.showModal();
    try {
      this.offer = await call<Offer>('GET', from);
    } catch (failure) {
      setText(dialog, '[data-clip="refused"]', reasonOf(failure));
      this.show('refused', true);
      return;
    }
    if (!life.over) {
      this.begin();
    }
  }

  /** One of the two is heard, and a video waits. */
  private quiet(): void {
    const player = this.player;
    const { muted, paused } = player;
    const waits = player.closest('video-player') !== null;
    player.muted = true;
    if (waits) {
      player.pause();
    }
    this.life.atEnd(() => {
      player.muted = muted;
      if (waits && !paused) {
        player.play().catch(() => {});
      }
    });
  }

  private begin(): void {
    const { life, offer, picture } = this;
    this.chosen = { start: offer.startMillis, end: offer.endMillis };
    this.part<HTMLInputElement>('title').value = offer.title;
    this.show('form', true);
    for (const name of ['from', 'to'] as const) {
      const handle = this.part<HTMLInputElement>(name);
      handle.min = String(offer.fromMillis);
      handle.max = String(offer.toMillis);
      life.listen(handle, 'input', () => this.move(name, Number(handle.value)));
    }
    life.listen(this.part('play'), 'click', () => this.toggle());
    life.listen(picture, 'click', () => this.toggle());
    for (const kind of ['playing', 'pause']) {
      life.listen(picture, kind, () => this.face());
    }
    life.listen(this.part('form'), 'submit', (event) => {
      event.preventDefault();
      void this.make();
    });
    life.every(LOOK_MILLIS, () => this.look());
    life.atEnd(() => picture.pause());
    this.draw();
    this.face();
    this.preview = new RangePreview(picture, offer.playlist, this.chosen.start, life);
    pictureStrip(this.part('strip'), offer.playlist, offer.fromMillis, offer.toMillis, life);
    this.part('from').focus({ preventScroll: true });
  }

  // ---- the range ---------------------------------------------------------------------------------------------------

  private move(handle: 'from' | 'to', to: number): void {
    this.chosen = (handle === 'from' ? withStart : withEnd)(this.offer, this.chosen, to);
    this.picture.pause();
    this.preview?.seek(handle === 'from' ? this.chosen.start : this.chosen.end);
    this.draw();
  }

  private draw(): void {
    const { offer, chosen, dialog, words } = this;
    const range = dialog.querySelector<HTMLElement>('.clip-range');
    range?.style.setProperty('--start', String(share(offer, chosen.start)));
    range?.style.setProperty('--end', String(share(offer, chosen.end)));
    for (const [name, at] of [
      ['from', chosen.start],
      ['to', chosen.end],
    ] as const) {
      const handle = this.part<HTMLInputElement>(name);
      handle.value = String(at);
      handle.setAttribute('aria-valuetext', spokenPlace(at, lang()));
      setText(dialog, `[data-clip="${name}-time"]`, duration(at));
    }
    setText(
      dialog,
      '[data-clip="length"]',
      (words.length ?? '{0}').replace('{0}', spokenPlace(chosen.end - chosen.start, lang())),
    );
  }

  // ---- the preview -------------------------------------------------------------------------------------------------

  private toggle(): void {
    const { picture, chosen } = this;
    if (!picture.paused) {
      picture.pause();
      return;
    }
    const at = picture.currentTime * 1_000;
    if (at < chosen.start - LOOK_MILLIS || at >= chosen.end - LOOK_MILLIS) {
      this.preview?.seek(chosen.start);
    }
    picture.play().catch(() => {});
  }

  private look(): void {
    const { picture, chosen, offer } = this;
    const at = picture.currentTime * 1_000;
    if (!picture.paused && at >= chosen.end) {
      picture.pause();
    }
    this.dialog.querySelector<HTMLElement>('.clip-range')?.style.setProperty('--at', String(share(offer, at)));
  }

  private face(): void {
    const playing = !this.picture.paused;
    this.part('play').setAttribute('aria-label', this.words[playing ? 'pause' : 'play'] ?? '');
    this.part('play').toggleAttribute('data-playing', playing);
  }

  // ---- the clip ----------------------------------------------------------------------------------------------------

  private async make(): Promise<void> {
    const { offer, chosen, dialog } = this;
    const button = this.part<HTMLButtonElement>('make');
    button.disabled = true;
    this.show('error', false);
    try {
      const { id, url } = await call<{ id: string; url: string }>('POST', offer.make, {
        fromMillis: Math.round(chosen.start),
        toMillis: Math.round(chosen.end),
        title: this.part<HTMLInputElement>('title').value,
      });
      this.picture.pause();
      const link = dialog.querySelector<HTMLInputElement>('#clip-link');
      if (link) {
        link.value = url;
      }
      this.part<HTMLAnchorElement>('open').href = `/clips/${id}`;
      this.show('form', false);
      this.show('made', true);
      this.part('done').focus();
    } catch (failure) {
      setText(dialog, '[data-clip="error"]', reasonOf(failure));
      this.show('error', true);
      button.disabled = false;
    }
  }
}
