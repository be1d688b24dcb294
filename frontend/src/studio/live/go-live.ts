// <go-live data-channel data-whip data-port data-state>: on air from this page, with a camera or the screen.
import { ApiError, call, reasonOf } from '../../core/api';
import { lang, texts } from '../../core/dom';
import { bitrate, count, decimal, duration } from '../../core/format';
import { Island } from '../../core/island';
import { Lifetime } from '../../core/lifetime';
import { pageSocket } from '../../wire/page-socket';
import type { EncoderEvent } from '../../wire/studio';
import { Broadcast, type BrowserKey, type Phase, type Stop } from './broadcast';
import { QUALITIES, type Quality } from './capture';
import { type Health, measure, NOTHING } from './health';
import { keep, kept } from './kept';
import { button, filled, part, say } from './parts';
import { Scene } from './scene';
import { WhipConnection } from './whip';

/** As the page's state is shown elsewhere. */
const STATES: Record<Phase, string> = { idle: 'OFFLINE', starting: 'STARTING', air: 'LIVE', back: 'RECONNECTING' };
/** A key that does not come by then is asked for again. */
const KEY_MILLIS = 10_000;
/** A second click is none of its own; nor is a key that is held down. */
const SECOND_CLICK_MILLIS = 800;
/** Browsers begin with less than they end with; and what is bad for a moment is not spoken of. */
const LIMITED_TICKS = 12;
/** So much of a picture's height is all of it. */
const WHOLE = 0.9;

/** As the site names what a page has on air. */
const RUN = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

class GoLive extends Island {
  private words!: Record<string, string>;
  private scene!: Scene;
  private broadcast!: Broadcast<WhipConnection>;
  private connection: WhipConnection | undefined;
  private phase: Phase = 'idle';
  private startedAt: number | undefined;
  /** Whether the site told of this broadcast: the end of the one before may come late. */
  private seen = false;
  private turnedAt = 0;
  private ending = false;
  /** What was ended, and nobody heard of it. */
  private unheard: string | undefined;
  /** What is said to be in the way. */
  private against: Stop['kind'] | 'not-ended' | undefined;
  private awake: WakeLockSentinel | undefined;
  private limited = { by: 'none' as Health['limited'], ticks: 0 };

  protected enter(life: Lifetime): void {
    this.words = texts(this);
    if (!navigator.mediaDevices || typeof RTCPeerConnection === 'undefined') {
      this.problem(this.words.browser ?? '');
      return;
    }
    this.scene = new Scene(this, this.words, life, {
      shown: (track) => this.shown(track),
      hint: (words) => this.hint(words),
      problem: (words) => this.problem(words),
    });
    const reloaded = this.earlier();
    this.broadcast = new Broadcast<WhipConnection>(
      {
        key: (run, why, until) => {
          // A tab that was copied has what the other one kept, and is told from it by the reason.
          const asking = new Lifetime();
          const late = setTimeout(() => asking.end(), KEY_MILLIS);
          until.listen(until.signal, 'abort', () => asking.end());
          return call<BrowserKey>('POST', this.keys, { run: run ?? null, why }, { signal: asking.signal }).finally(() =>
            clearTimeout(late),
          );
        },
        connect: (secret, until, lost) =>
          WhipConnection.open(
            this.dataset.whip ?? '',
            secret,
            { video: this.scene.picture, audio: this.scene.sound },
            this.quality,
            until,
            lost,
          ),
      },
      {
        phase: (phase) => this.turn(phase),
        connected: (connection) => this.connected(connection),
        run: (run) => keep(this.kept, run),
        stopped: (why) => this.stopped(why),
      },
      reloaded,
    );
    life.listen(button(this, 'go'), 'click', () => void this.go(false));
    life.listen(button(this, 'take'), 'click', () => void this.go(true));
    life.listen<MouseEvent>(button(this, 'end'), 'click', (event) => {
      if (event.detail < 2 && performance.now() - this.turnedAt > SECOND_CLICK_MILLIS) {
        void this.end();
      }
    });
    life.listen<KeyboardEvent>(this, 'keydown', (event) => {
      if (event.repeat && event.target instanceof HTMLButtonElement) {
        event.preventDefault();
      }
    });
    const quality = part<HTMLSelectElement>(this, 'quality');
    const before = QUALITIES.find(({ height }) => `${height}` === kept('live-quality'));
    quality.value = before ? `${before.height}` : quality.value;
    life.listen(quality, 'change', () => {
      keep('live-quality', quality.value);
      void this.limit();
    });
    life.listen(window, 'beforeunload', (event) => {
      if (this.onAir) {
        event.preventDefault();
      }
    });
    life.listen(document, 'visibilitychange', () => void this.stayAwake());
    life.listen(window, 'online', () => {
      const unheard = this.unheard;
      this.unheard = undefined;
      if (unheard && this.phase === 'idle') {
        void this.tellEnd(unheard);
      }
    });
    life.every(1_000, () => this.tick());
    life.atEnd(() => this.broadcast.leave());
    life.atEnd(
      pageSocket().follow(`studio:${this.dataset.channel}`, (event) => {
        if (event.type === 'encoder') {
          this.follow(event);
        }
      }),
    );
  }

  private get keys(): string {
    return `/api/v1/channels/${encodeURIComponent(this.dataset.channel ?? '')}/browser-key`;
  }

  private get onAir(): boolean {
    return this.phase === 'air' || this.phase === 'back';
  }

  /** Whether it was said that somebody else is on air. */
  private get occupied(): boolean {
    return ['elsewhere', 'contested', 'busy'].includes(`${this.against}`);
  }

  private get quality(): Quality {
    const height = Number(part<HTMLSelectElement>(this, 'quality').value);
    return QUALITIES.find((one) => one.height === height) ?? (QUALITIES[1] as Quality);
  }

  // ---- on air ----------------------------------------------------------------------------------------------------

  /** Where a page that is loaded anew finds what it had on air. */
  private get kept(): string {
    return `run-${this.dataset.channel}`;
  }

  /** What the page had on air before it was loaded anew, if that still waits for it. */
  private earlier(): string | undefined {
    const run = kept(this.kept);
    const waits = run !== undefined && RUN.test(run) && ['LIVE', 'RECONNECTING'].includes(`${this.dataset.state}`);
    if (waits) {
      button(this, 'go').textContent = this.words['go.on'] ?? '';
      this.hint(this.words.was ?? '');
    } else {
      keep(this.kept, undefined);
      this.tellOfOthers(this.dataset.state ?? '');
    }
    return waits ? run : undefined;
  }

  /** What the channel has on air that is not this page's. */
  private tellOfOthers(state: string): void {
    const mine = button(this, 'go').textContent === this.words['go.on'];
    const told = mine || this.occupied;
    const words = told ? undefined : { STARTING: 'already', LIVE: 'already', RECONNECTING: 'waits' }[state];
    say(this, 'others', (words && this.words[words]) ?? '');
  }

  private async go(takeOver: boolean): Promise<void> {
    const going = this.broadcast.start(takeOver);
    this.problem('');
    this.hint('');
    await going;
  }

  private turn(phase: Phase): void {
    if (this.phase === 'idle') {
      this.turnedAt = performance.now();
    }
    this.phase = phase;
    if (phase === 'air') {
      this.startedAt ??= Date.now();
      button(this, 'go').textContent = this.words.go ?? '';
    } else if (phase !== 'back') {
      this.startedAt = undefined;
      this.seen = false;
    }
    if (phase !== 'air') {
      say(this, 'facts', '');
      say(this, 'limited', '');
      this.limited = { by: 'none', ticks: 0 };
    }
    if (phase !== 'idle') {
      say(this, 'others', '');
    }
    const state = part(this, 'state');
    state.dataset.state = STATES[phase];
    const ready = phase === 'idle' && this.scene.picture !== undefined;
    state.textContent = this.words[`state.${ready ? 'ready' : phase}`] ?? '';
    const had = document.activeElement;
    const [go, end, take] = [button(this, 'go'), button(this, 'end'), button(this, 'take')];
    go.hidden = phase !== 'idle';
    go.disabled = !ready;
    end.hidden = phase === 'idle';
    if ((had === go || had === take) && go.hidden) {
      end.focus();
    } else if (had === end && end.hidden) {
      (go.disabled ? button(this, 'camera') : go).focus();
    }
    this.tick();
    void this.stayAwake();
  }

  private connected(connection: WhipConnection): void {
    this.connection = connection;
    connection.life.atEnd(() => {
      if (this.connection === connection) {
        this.connection = undefined;
      }
    });
    // Something else may be shown by now than when it was offered.
    void connection.show(this.scene.picture).catch(() => {});
    void this.limit();
    let measured = NOTHING;
    connection.life.every(1_000, () => {
      connection.stats().then(
        (report) => {
          measured = measure(report, measured);
          if (measured.health && !connection.life.over) {
            this.tell(measured.health);
          }
        },
        () => {},
      );
    });
  }

  private tell(health: Health): void {
    const { width, height, fps, lost } = health;
    if (width === 0 || health.bitrate === 0) {
      return; // it begins
    }
    const percent = decimal(Math.round(lost * 1_000) / 10, lang());
    say(this, 'facts', filled(this.words.facts, `${width}`, `${height}`, `${fps}`, bitrate(health.bitrate), percent));
    // A browser says so also of what costs it nothing that anybody sees.
    const wanted = Math.min(this.scene.picture?.getSettings().height ?? 0, this.quality.height);
    const whole = height >= wanted * WHOLE;
    const by = whole ? 'none' : health.limited;
    this.limited = { by, ticks: by === this.limited.by ? this.limited.ticks + 1 : 1 };
    if (this.limited.ticks >= LIMITED_TICKS) {
      say(this, 'limited', this.words[`limited.${by}`] ?? '');
    }
  }

  private shown(track: MediaStreamTrack | undefined): void {
    if (this.phase === 'idle') {
      this.turn('idle');
    }
    void this.connection
      ?.show(track)
      .then(() => this.limit())
      .catch(() => {});
  }

  /** A screen stays sharp, and a camera smooth, where the connection carries less. */
  private async limit(): Promise<void> {
    await this.scene.resize(this.quality.height);
    await this.connection?.limit(this.quality, this.scene.source === 'screen' ? 'maintain-resolution' : 'balanced');
  }

  // ---- the end ---------------------------------------------------------------------------------------------------

  private async end(): Promise<void> {
    const run = this.broadcast.name;
    this.ending = true;
    await this.connection?.end();
    this.over();
    this.ending = false;
    if (!run) {
      return;
    }
    await this.tellEnd(run);
  }

  /** Without a network nobody hears of it: it is told again, and may be ended elsewhere meanwhile. */
  private async tellEnd(run: string): Promise<void> {
    try {
      const { ended } = await call<{ ended: boolean }>('DELETE', `${this.keys}/${run}`);
      this.problem('');
      this.hint(ended ? (this.words.ended ?? '') : '');
    } catch (error) {
      this.problem(reasonOf(error), 'not-ended');
      if (!(error instanceof ApiError) || !navigator.onLine) {
        this.unheard = run;
      }
    }
  }

  private over(): void {
    this.scene.off();
    this.broadcast.leave();
    keep(this.kept, undefined);
  }

  private stopped(why: Stop): void {
    if (why.kind !== 'gave-up') {
      keep(this.kept, undefined);
    }
    switch (why.kind) {
      case 'blocked':
        this.problem(filled(this.words.blocked, why.addresses.join(', '), this.dataset.port ?? ''));
        break;
      case 'media':
      case 'refused':
        this.problem(filled(this.words[why.kind], why.words));
        break;
      case 'contested':
      case 'out':
        this.problem(this.words[why.kind] ?? '', why.kind);
        break;
      case 'gave-up':
        this.problem(this.words['gave-up'] ?? '');
        break;
      default:
        this.problem(why.words, why.kind);
    }
  }

  /** What changed, also for those who hear the page: what is shown only now, screen readers do not always say. */
  private hint(words: string): void {
    say(this, 'hint', words);
    part(this, 'spoken').textContent = words;
  }

  private problem(words: string, kind?: typeof this.against): void {
    this.against = kind;
    if (kind) {
      say(this, 'others', '');
    }
    say(this, 'problem-text', words);
    part(this, 'problem').hidden = words === '';
    button(this, 'take').hidden = kind !== 'elsewhere' && kind !== 'contested';
    part(this, 'login').hidden = kind !== 'out';
    part(this, 'dashboard').hidden = kind !== 'busy' && kind !== 'not-ended';
  }

  // ---- what is told ----------------------------------------------------------------------------------------------

  private follow(now: EncoderEvent): void {
    say(this, 'viewers', count(now.viewers, lang()));
    if (this.phase === 'idle') {
      const gone = now.state !== 'STARTING' && now.state !== 'LIVE';
      if (gone && this.occupied) {
        this.problem('');
      }
      this.tellOfOthers(now.state);
    }
    if (this.phase === 'air' && now.startedAt) {
      this.startedAt = Date.parse(now.startedAt);
    }
    this.seen ||= now.state === 'STARTING' || now.state === 'LIVE';
    if (this.onAir && this.seen && !this.ending && now.state === 'ENDED') {
      this.over();
      this.hint(this.words['ended.other'] ?? '');
    }
  }

  private tick(): void {
    part(this, 'time').textContent = this.startedAt === undefined ? '' : duration(Date.now() - this.startedAt);
  }

  /** A phone that falls asleep would take the picture with it. The lock ends whenever the page is hidden. */
  private async stayAwake(): Promise<void> {
    if (!this.onAir) {
      await this.awake?.release().catch(() => {});
      this.awake = undefined;
    } else if (document.visibilityState === 'visible' && (this.awake?.released ?? true)) {
      const lock = await navigator.wakeLock?.request('screen').catch(() => undefined);
      if (this.onAir && (this.awake?.released ?? true)) {
        this.awake = lock;
      } else {
        await lock?.release().catch(() => {});
      }
    }
  }
}

customElements.define('go-live', GoLive);
