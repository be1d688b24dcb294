// Hands what plays to a screen nearby: by AirPlay where the browser is Apple's, else as the browser offers it for remote playback. A screen
// fetches an address by itself, and what our player feeds has none, so the browser's own takes over first. Fetched once something plays.
import { setText } from '../core/dom';
import { Lifetime } from '../core/lifetime';
import film from './cast-film.mp4?url';

/** So long the browser's player may take to read what it shall hand over: a press on a button counts for five seconds. */
const READY_MILLIS = 4_000;
/** So long somebody may choose; that nobody was chosen, AirPlay does not say. */
const CHOOSE_MILLIS = 60_000;
/** So long it is said that it failed. */
const SAY_MILLIS = 8_000;

type State = 'disconnected' | 'connecting' | 'connected';

/** One way to a screen. */
interface Way {
  face: 'cast' | 'airplay';
  /** Tells whether there is a screen, and that the state is another, until the end of the lifetime. */
  watch(life: Lifetime, found: (there: boolean) => void, changed: () => void): void;
  state(): State;
  /** Lets somebody choose; called within a press. Fails when nothing was chosen, where that is known. */
  choose(): Promise<void>;
}

/** What plays. */
interface Handed {
  byBrowser(on: boolean): void;
}

interface AirPlayVideo extends HTMLVideoElement {
  webkitCurrentPlaybackTargetIsWireless: boolean;
  webkitShowPlaybackTargetPicker(): void;
}

const hasAirPlay = (video: HTMLVideoElement): video is AirPlayVideo => 'webkitShowPlaybackTargetPicker' in video;

function airPlay(video: AirPlayVideo): Way {
  return {
    face: 'airplay',
    watch: (life, found, changed) => {
      life.listen<Event & { availability?: string }>(
        video,
        'webkitplaybacktargetavailabilitychanged',
        ({ availability }) => found(availability === 'available'),
      );
      life.listen(video, 'webkitcurrentplaybacktargetiswirelesschanged', changed);
    },
    state: () => (video.webkitCurrentPlaybackTargetIsWireless ? 'connected' : 'disconnected'),
    choose: async () => video.webkitShowPlaybackTargetPicker(),
  };
}

function remotePlayback(video: HTMLVideoElement): Way {
  return {
    face: 'cast',
    watch: (life, found, changed) => {
      // Chromium never finds a screen for what a script feeds: it is asked about a film of a moment, in H.264 and AAC.
      const asked = document.createElement('video');
      asked.muted = true;
      asked.preload = 'metadata';
      asked.src = film;
      // A browser that cannot watch, as some phones with little memory, offers nothing.
      asked.remote.watchAvailability((there) => !life.over && found(there)).catch(() => {});
      life.atEnd(() => {
        asked.remote.cancelWatchAvailability().catch(() => {});
        asked.removeAttribute('src');
        asked.load();
      });
      for (const kind of ['connecting', 'connect', 'disconnect']) {
        life.listen(video.remote, kind, changed);
      }
    },
    state: () => video.remote.state,
    choose: () => video.remote.prompt(),
  };
}

/** What plays has an address, or one stands beside it. */
function canBeHanded(video: HTMLVideoElement): boolean {
  const plays = !video.srcObject && /^https?:/.test(video.currentSrc);
  return plays || video.querySelector('source[type="application/x-mpegURL"]') !== null;
}

/** Whether the browser's player has read what it plays now. */
function ready(video: HTMLVideoElement, life: Lifetime): Promise<boolean> {
  return new Promise((resolve) => {
    const wait = new Lifetime();
    let timer = setTimeout(() => done(false), READY_MILLIS);
    const done = (is: boolean) => {
      clearTimeout(timer);
      wait.end();
      resolve(is);
    };
    wait.listen(video, 'loadedmetadata', () => {
      clearTimeout(timer);
      // Whoever plays it goes to its place first.
      timer = setTimeout(() => done(true));
    });
    wait.listen(video, 'error', () => done(false));
    life.atEnd(() => done(false));
  });
}

/** Shows the button while there is a screen, and says what the screen does. */
export function enterCasting(
  host: HTMLElement,
  video: HTMLVideoElement,
  button: HTMLElement,
  session: Handed,
  life: Lifetime,
): void {
  if (life.over || !video.canPlayType('application/vnd.apple.mpegurl')) {
    return;
  }
  const way = hasAirPlay(video) ? airPlay(video) : remotePlayback(video);
  let there = false;
  let failed = false;
  let busy = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const show = () => {
    const state = way.state();
    const away = state !== 'disconnected';
    button.hidden = !there && !away;
    button.setAttribute('aria-pressed', String(away));
    host.toggleAttribute('data-cast', away);
    const text = (away ? button.dataset[state] : failed && button.dataset.failed) || '';
    setText(host, '[data-fact="cast"]', text);
    host.querySelector<HTMLElement>('[data-fact="cast"]')?.toggleAttribute('hidden', text === '');
  };
  /** Nothing is elsewhere, or not as it was wished. */
  const home = (without: boolean) => {
    clearTimeout(timer);
    failed = without;
    if (way.state() === 'disconnected') {
      session.byBrowser(false);
    }
    if (failed) {
      timer = setTimeout(() => home(false), SAY_MILLIS);
    }
    show();
  };
  const changed = () => {
    if (way.state() === 'disconnected') {
      home(false);
    } else {
      clearTimeout(timer);
      failed = false;
      session.byBrowser(true);
      show();
    }
  };
  const choose = async () => {
    clearTimeout(timer);
    failed = false;
    show();
    if (way.state() === 'disconnected' && !canBeHanded(video)) {
      session.byBrowser(true);
      if (!(await ready(video, life))) {
        home(true);
        return;
      }
    }
    try {
      await way.choose();
      if (!life.over) {
        timer = setTimeout(() => way.state() === 'disconnected' && home(false), CHOOSE_MILLIS);
      }
    } catch (refused) {
      // Whoever closes the list knows that they did.
      home(!(refused instanceof DOMException && refused.name === 'NotAllowedError'));
    }
  };

  for (const child of button.querySelectorAll<HTMLElement>('[data-face]')) {
    child.toggleAttribute('hidden', child.dataset.face !== way.face);
  }
  way.watch(
    life,
    (found) => {
      there = found;
      show();
    },
    changed,
  );
  life.listen(button, 'click', () => {
    if (!busy) {
      busy = true;
      void choose().finally(() => {
        busy = false;
      });
    }
  });
  life.atEnd(() => clearTimeout(timer));
  show();
}
