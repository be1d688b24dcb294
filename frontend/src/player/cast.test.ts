import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Lifetime } from '../core/lifetime';
import { FakeElement, FakeVideo, fakePage, hanging } from '../testing/page';
import { enterCasting } from './cast';

class CastVideo extends FakeVideo {
  currentSrc = 'blob:http://here/1';
  srcObject: unknown = null;
  override canPlayType(): string {
    return 'maybe';
  }
}

/** As Chromium has it; whom it would ask is the test. */
class RemoteVideo extends CastVideo {
  found: (there: boolean) => void = () => {};
  refusal: unknown;
  prompts = 0;
  readonly remote = Object.assign(new FakeElement(), {
    state: 'disconnected',
    watchAvailability: async (found: (there: boolean) => void) => {
      this.found = found;
      return 1;
    },
    cancelWatchAvailability: async () => {},
    prompt: async () => {
      this.prompts++;
      if (this.refusal) {
        throw this.refusal;
      }
    },
  });
  becomes(state: string, kind: string): void {
    this.remote.state = state;
    this.remote.fire(kind);
  }
}

/** As Safari has it. */
class AirPlayVideo extends CastVideo {
  webkitCurrentPlaybackTargetIsWireless = false;
  pickers = 0;
  webkitShowPlaybackTargetPicker(): void {
    this.pickers++;
  }
  found(availability: string): void {
    this.fire('webkitplaybacktargetavailabilitychanged', { availability });
  }
  becomes(wireless: boolean): void {
    this.webkitCurrentPlaybackTargetIsWireless = wireless;
    this.fire('webkitcurrentplaybacktargetiswirelesschanged');
  }
}

describe('a screen nearby', () => {
  let host: FakeElement;
  let button: FakeElement;
  let said: FakeElement;
  let faces: FakeElement[];
  let asked: RemoteVideo;
  let life: Lifetime;
  let taken: boolean[];

  beforeEach(() => {
    vi.useFakeTimers();
    asked = new RemoteVideo();
    fakePage().document.createElement = () => asked;
    host = new FakeElement();
    said = new FakeElement();
    host.parts['[data-fact="cast"]'] = said;
    button = new FakeElement();
    button.hidden = true;
    faces = ['cast', 'airplay'].map((face) => Object.assign(new FakeElement(), { dataset: { face } }));
    button.querySelectorAll = () => faces;
    Object.assign(button.dataset, { connecting: 'to the TV', connected: 'on the TV', failed: 'not on the TV' });
    life = new Lifetime();
    taken = [];
  });

  afterEach(() => {
    life.end();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  const enter = <V extends CastVideo>(video: V): V => {
    enterCasting(
      host as unknown as HTMLElement,
      video as unknown as HTMLVideoElement,
      button as unknown as HTMLElement,
      { byBrowser: (on) => taken.push(on) },
      life,
    );
    return video;
  };
  const settle = () => vi.advanceTimersByTimeAsync(0);
  const face = () => faces.filter((one) => !one.hasAttribute('hidden')).map((one) => one.dataset.face);
  const words = () => (said.hasAttribute('hidden') ? '' : said.textContent);

  test('is offered while there is one, for what it could be asked about', () => {
    enter(new RemoteVideo());
    expect(asked).toMatchObject({ src: expect.stringMatching(/cast-film.*\.mp4$/), preload: 'metadata', muted: true });
    expect([button.hidden, face()]).toEqual([true, ['cast']]);
    asked.found(true);
    expect(button.hidden).toBe(false);
    asked.found(false);
    expect(button.hidden).toBe(true);
    expect(taken).toEqual([]);
  });

  test('gets an address: the browser’s player reads it first, and gives it back in the end', async () => {
    const video = enter(new RemoteVideo());
    asked.found(true);
    button.fire('click');
    button.fire('click');
    await settle();
    video.fire('loadedmetadata');
    await Promise.resolve().then(() => {});
    expect([taken, video.prompts]).toEqual([[true], 0]);
    await settle();
    expect(video.prompts).toBe(1);
    video.becomes('connecting', 'connecting');
    expect([button.getAttribute('aria-pressed'), words()]).toEqual(['true', 'to the TV']);
    video.becomes('connected', 'connect');
    expect([host.hasAttribute('data-cast'), words()]).toEqual([true, 'on the TV']);
    // It is the one that plays, whatever comes and goes.
    asked.found(false);
    await vi.advanceTimersByTimeAsync(120_000);
    expect([button.hidden, taken.includes(false)]).toEqual([false, false]);
    video.becomes('disconnected', 'disconnect');
    expect([button.getAttribute('aria-pressed'), host.hasAttribute('data-cast'), words()]).toEqual([
      'false',
      false,
      '',
    ]);
    expect([taken.at(-1), button.hidden]).toEqual([false, true]);
  });

  test.each([
    ['it says so', (video: FakeVideo) => video.fire('error')],
    ['it says nothing', () => void vi.advanceTimersByTime(4_000)],
  ])('gets nothing that the browser’s player cannot read: %s', async (_how, fail) => {
    const video = enter(new RemoteVideo());
    asked.found(true);
    button.fire('click');
    await settle();
    fail(video);
    await settle();
    expect([taken, video.prompts, words()]).toEqual([[true, false], 0, 'not on the TV']);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(words()).toBe('');
  });

  test.each([
    ['NotAllowedError', ''],
    ['NotFoundError', 'not on the TV'],
  ])('that nobody chose: %s', async (name, text) => {
    const video = enter(new RemoteVideo());
    video.refusal = new DOMException('', name);
    asked.found(true);
    button.fire('click');
    await settle();
    video.fire('loadedmetadata');
    await settle();
    expect([taken, words()]).toEqual([[true, false], text]);
  });

  test('is chosen at once where an address stands beside what plays, and takes it over', async () => {
    const video = new AirPlayVideo();
    video.parts['source[type="application/x-mpegURL"]'] = new FakeElement();
    enter(video);
    expect(face()).toEqual(['airplay']);
    video.found('available');
    expect(button.hidden).toBe(false);
    button.fire('click');
    // Within the press, or Safari shows nothing.
    expect(video.pickers).toBe(1);
    video.becomes(true);
    expect([taken, words()]).toEqual([[true], 'on the TV']);
    video.becomes(false);
    expect([taken, words()]).toEqual([[true, false], '']);
    video.found('not-available');
    expect(button.hidden).toBe(true);
    await settle();
  });

  test('that AirPlay offered and nobody chose leaves our player in its place after a while', async () => {
    const video = enter(new AirPlayVideo());
    video.currentSrc = '';
    video.srcObject = {};
    video.found('available');
    button.fire('click');
    await settle();
    expect([taken, video.pickers]).toEqual([[true], 0]);
    video.fire('loadedmetadata');
    await settle();
    expect(video.pickers).toBe(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(taken).toEqual([true, false]);
  });

  test('leaves nothing behind', async () => {
    const before = hanging();
    const video = enter(new RemoteVideo());
    asked.found(true);
    button.fire('click');
    await settle();
    life.end();
    await settle();
    asked.found(true);
    expect(video.prompts).toBe(0);
    await vi.advanceTimersByTimeAsync(8_000);
    expect(hanging()).toEqual(before);
  });
});
