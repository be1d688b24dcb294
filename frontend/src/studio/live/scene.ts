// What is sent, as it is chosen: camera or screen, which of them, muted or not; shown beside its buttons.
import type { Lifetime } from '../../core/lifetime';
import {
  type CameraWish,
  canShareScreen,
  type DeviceTrouble,
  openCamera,
  openMicrophone,
  openScreen,
  troubleOf,
  videoWish,
} from './capture';
import { keep, kept } from './kept';
import { Mixer } from './mixer';
import { button, filled, part, say } from './parts';

const METER_MILLIS = 100;

export interface SceneTold {
  /** Another picture than before; undefined when there is none any more. */
  shown(track: MediaStreamTrack | undefined): void;
  /** Empty takes it away. */
  hint(words: string): void;
  problem(words: string): void;
}

export class Scene {
  source: 'camera' | 'screen' | undefined;
  picture: MediaStreamTrack | undefined;
  private mixer: Mixer | undefined;
  private facing: CameraWish['facing'] = 'user';
  private muted = false;
  /** Whether somebody chose the camera since they came: it may be gone back to by itself. */
  private cameraChosen = false;
  private question = 0;
  /** The microphone that the browser gave. */
  private microphone: string | undefined;

  constructor(
    private readonly host: HTMLElement,
    private readonly words: Record<string, string>,
    private readonly life: Lifetime,
    private readonly told: SceneTold,
  ) {
    button(host, 'camera').disabled = false;
    button(host, 'screen').disabled = !canShareScreen();
    if (!canShareScreen()) {
      say(host, 'screen-help', words['screen.cannot'] ?? '');
    }
    life.listen(button(host, 'camera'), 'click', () => void this.camera());
    life.listen(button(host, 'screen'), 'click', () => void this.screen());
    life.listen(button(host, 'flip'), 'click', () => this.flip());
    life.listen(button(host, 'mute'), 'click', () => this.mute(!this.muted));
    this.music.checked = kept('live-music') !== undefined;
    life.listen(this.music, 'change', () => keep('live-music', this.music.checked ? 'on' : undefined));
    life.listen(this.microphones, 'change', () => keep('live-microphone', this.microphones.value));
    life.listen(this.cameras, 'change', () => {
      keep('live-camera', this.cameras.value);
      if (this.source === 'camera') {
        void this.camera();
      }
    });
    for (const choice of [this.microphones, this.music]) {
      life.listen(choice, 'change', () => void this.anotherMicrophone());
    }
    life.listen(navigator.mediaDevices, 'devicechange', () => void this.list());
    life.every(METER_MILLIS, () => this.measure());
    life.atEnd(() => this.picture?.stop());
  }

  private get cameras(): HTMLSelectElement {
    return part<HTMLSelectElement>(this.host, 'cameras');
  }

  private get microphones(): HTMLSelectElement {
    return part<HTMLSelectElement>(this.host, 'microphones');
  }

  private get music(): HTMLInputElement {
    return part<HTMLInputElement>(this.host, 'music');
  }

  private get wish(): CameraWish {
    return {
      camera: this.cameras.value || (kept('live-camera') ?? ''),
      microphone: this.microphones.value || (kept('live-microphone') ?? ''),
      facing: this.facing,
      height: Number(part<HTMLSelectElement>(this.host, 'quality').value),
      music: this.music.checked,
    };
  }

  /** What is heard, for as long as the page is there; silent before a microphone is. */
  get sound(): MediaStreamTrack {
    this.mixer ??= new Mixer(this.life);
    return this.mixer.track;
  }

  // ---- sources ---------------------------------------------------------------------------------------------------

  /** Whoever is not live any more is neither seen nor heard, and sees that by the lights of the devices. */
  off(): void {
    this.question += 1;
    this.cameraChosen = false;
    this.mute(false);
    this.show(undefined, undefined);
    this.mixer?.put('screen', undefined);
    this.mixer?.put('microphone', undefined);
    this.microphone = undefined;
    button(this.host, 'mute').disabled = true;
  }

  async camera(): Promise<void> {
    await this.ask('camera', async (newest) => {
      if (this.source === 'camera') {
        this.picture?.stop(); // a phone has one camera at a time
      }
      const stream = await openCamera(this.wish);
      if (newest(stream)) {
        this.cameraChosen = true;
        this.hear(stream.getAudioTracks()[0]);
        this.mixer?.put('screen', undefined);
        this.show('camera', stream.getVideoTracks()[0]);
      }
    });
  }

  /** To the other side of a phone; where cameras do not say which they are on, to the next of them. */
  private flip(): void {
    const seen = this.picture?.getSettings().facingMode;
    if (seen === undefined && this.cameras.value) {
      this.cameras.selectedIndex = (this.cameras.selectedIndex + 1) % this.cameras.length;
    } else {
      this.facing = (seen ?? this.facing) === 'user' ? 'environment' : 'user';
      this.cameras.value = '';
    }
    keep('live-camera', this.cameras.value || undefined);
    void this.camera();
  }

  async screen(): Promise<void> {
    await this.ask('screen', async (newest) => {
      const stream = await openScreen();
      if (!newest(stream)) {
        return;
      }
      const [heard] = stream.getAudioTracks();
      void this.sound;
      this.mixer?.put('screen', heard);
      this.show('screen', stream.getVideoTracks()[0]);
      if (!heard) {
        this.told.hint(this.words['screen.silent'] ?? '');
      }
      if (!this.mixer?.has('microphone')) {
        // The screen waits for nobody's answer about it.
        void openMicrophone(this.wish).then(
          (own) => newest(own) && this.hear(own.getAudioTracks()[0]),
          () => this.told.hint(this.words['microphone.none'] ?? ''),
        );
      }
    });
  }

  private async anotherMicrophone(): Promise<void> {
    if (this.source === 'camera') {
      await this.camera();
    } else if (this.source === 'screen') {
      await this.ask('camera', async (newest) => {
        const stream = await openMicrophone(this.wish);
        if (newest(stream)) {
          this.hear(stream.getAudioTracks()[0]);
        }
      });
    }
  }

  /** Asks the browser, which may ask somebody who never answers: a newer question counts, and what comes late is put away. */
  private async ask(what: 'camera' | 'screen', run: (newest: (stream: MediaStream) => boolean) => Promise<void>) {
    this.question += 1;
    const mine = this.question;
    const newest = (stream: MediaStream) => {
      const counts = mine === this.question && !this.life.over;
      if (!counts) {
        for (const track of stream.getTracks()) {
          track.stop();
        }
      }
      return counts;
    };
    this.told.problem('');
    this.told.hint('');
    try {
      await run(newest);
      await this.list();
    } catch (error) {
      if (mine !== this.question || this.life.over) {
        return;
      }
      this.told.problem(this.trouble(troubleOf(error), what, error));
      if (what === 'camera' && this.source === 'camera' && this.picture?.readyState === 'ended') {
        this.show(undefined, undefined);
      }
    }
  }

  private trouble(trouble: DeviceTrouble, what: 'camera' | 'screen', error: unknown): string {
    const words = this.words[trouble === 'refused' ? `device.refused.${what}` : `device.${trouble}`];
    return filled(words, error instanceof Error ? error.message : String(error));
  }

  private show(source: Scene['source'], track: MediaStreamTrack | undefined): void {
    if (this.picture !== track) {
      this.picture?.stop();
    }
    this.source = source;
    this.picture = track;
    const video = this.host.querySelector('video');
    if (video) {
      video.srcObject = track ? new MediaStream([track]) : null;
      void video.play().catch(() => {});
    }
    part(this.host, 'plate').hidden = track !== undefined;
    this.host.toggleAttribute(
      'data-mirrored',
      source === 'camera' && track?.getSettings().facingMode !== 'environment',
    );
    for (const each of ['camera', 'screen'] as const) {
      button(this.host, each).setAttribute('aria-pressed', String(each === source));
    }
    if (track) {
      this.life.listen(track, 'ended', () => this.picture === track && this.gone());
    }
    this.tellOfSilence();
    this.told.shown(track);
  }

  /** A camera that was unplugged, or a screen that is not shared any more. */
  private gone(): void {
    const { source } = this;
    this.show(undefined, undefined);
    this.mixer?.put('screen', undefined);
    if (source === 'screen' && this.cameraChosen) {
      void this.camera().then(() => this.picture && this.told.hint(this.words['screen.over.camera'] ?? ''));
    } else {
      this.told.hint(this.words[`${source}.over`] ?? '');
    }
  }

  /** Another size of the camera's picture; a screen has its own. */
  async resize(height: number): Promise<void> {
    if (this.source === 'camera') {
      const { width, height: high, frameRate } = videoWish({ ...this.wish, height });
      await this.picture?.applyConstraints({ width, height: high, frameRate } as MediaTrackConstraints).catch(() => {});
    }
  }

  // ---- sound -----------------------------------------------------------------------------------------------------

  private hear(track: MediaStreamTrack | undefined): void {
    void this.sound;
    this.mixer?.put('microphone', track);
    this.microphone = track?.getSettings().deviceId;
    button(this.host, 'mute').disabled = !track;
    this.tellOfSilence();
    if (!track) {
      this.told.hint(this.words['microphone.none'] ?? '');
      return;
    }
    this.life.listen(track, 'ended', () => {
      this.hear(undefined);
      this.told.problem(this.words['microphone.over'] ?? '');
    });
  }

  private mute(muted: boolean): void {
    this.muted = muted;
    this.mixer?.mute(muted);
    this.host.toggleAttribute('data-muted', muted);
    say(this.host, 'mute', this.words[muted ? 'unmute' : 'mute'] ?? '');
    this.tellOfSilence();
  }

  /** Over the picture, for as long as it is seen without what belongs to it. */
  private tellOfSilence(): void {
    const own = this.mixer?.has('microphone') ?? false;
    const which = own ? this.muted && 'muted' : !this.mixer?.has('screen') && 'silent';
    say(this.host, 'silent', (this.picture && which && this.words[which]) || '');
  }

  private measure(): void {
    const level = this.mixer?.measure(METER_MILLIS);
    const meter = this.host.querySelector<HTMLElement>('.golive-meter');
    if (level && meter) {
      meter.style.setProperty('--level', level.part.toFixed(3));
      meter.dataset.loud = level.decibels > -3 ? 'hot' : level.decibels > -9 ? 'high' : 'good';
      meter.setAttribute('aria-valuenow', String(Math.round(level.decibels)));
      meter.setAttribute('aria-valuetext', `${Math.round(level.decibels)} dB`);
    }
  }

  // ---- devices ---------------------------------------------------------------------------------------------------

  /** They have names only after one of them was allowed. */
  private async list(): Promise<void> {
    const all = await navigator.mediaDevices.enumerateDevices().catch(() => []);
    const fill = (choice: HTMLSelectElement, kind: MediaDeviceKind, used: string | undefined) => {
      const known = all.filter((device) => device.kind === kind && device.deviceId);
      if (known.length > 0) {
        const before = used ?? choice.value;
        choice.replaceChildren(
          ...known.map(({ deviceId, label }, at) => {
            const option = new Option(label || filled(this.words.unnamed, String(at + 1)), deviceId);
            option.selected = deviceId === before;
            return option;
          }),
        );
      }
      choice.disabled = known.length === 0;
      return known.length;
    };
    const used = this.source === 'camera' ? this.picture?.getSettings().deviceId : undefined;
    const count = fill(this.cameras, 'videoinput', used);
    fill(this.microphones, 'audioinput', this.microphone);
    button(this.host, 'flip').hidden = !(count > 1 && matchMedia('(pointer: coarse)').matches);
  }
}
