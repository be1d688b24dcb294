// Small pictures of moments, for whoever looks for one on the bar: a WebVTT file whose cues name a region of a sheet each. It is fetched when
// somebody points at the bar for the first time, and again from time to time where more is recorded.
import { element } from '../core/dom';

/** A picture on a sheet. Times are milliseconds: of the media, and what the clock said there. */
export interface Cue {
  wall: number;
  from: number;
  to: number;
  sheet: string;
  x: number;
  y: number;
  width: number;
  height: number;
}

const CUE =
  /^(\d+)\n(\d+):(\d\d):(\d\d)\.(\d{3}) --> (\d+):(\d\d):(\d\d)\.(\d{3})\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)$/gm;

/** @param address of the file, that sheets are named from */
export function cues(text: string, address: string): Cue[] {
  return [...text.matchAll(CUE)].map((match) => {
    const [wall = 0, h = 0, m = 0, s = 0, ms = 0, h2 = 0, m2 = 0, s2 = 0, ms2 = 0] = match.slice(1, 10).map(Number);
    const [x = 0, y = 0, width = 0, height = 0] = match.slice(11).map(Number);
    return {
      wall,
      from: ((h * 60 + m) * 60 + s) * 1_000 + ms,
      to: ((h2 * 60 + m2) * 60 + s2) * 1_000 + ms2,
      sheet: new URL(match[10] ?? '', address).href,
      x,
      y,
      width,
      height,
    };
  });
}

export type By = 'media' | 'wall';

/** The picture that stands for a moment; undefined where nothing does. */
export function cueAt(all: readonly Cue[], at: number, by: By): Cue | undefined {
  const start = (cue: Cue) => (by === 'wall' ? cue.wall : cue.from);
  const cue = all.findLast((one) => start(one) <= at) ?? all[0];
  // The first of a sheet stands for what comes before it as well.
  return cue && at >= start(cue) - 10_000 && at < start(cue) + (cue.to - cue.from) ? cue : undefined;
}

/** What is recorded now has a new sheet every few minutes. */
const ANEW_MILLIS = 30_000;
/** Of two megabytes each, once they are decoded. */
const MOST_SHEETS = 6;

export class Storyboard {
  private all: Cue[] = [];
  private asked: number | undefined;
  private readonly sheets = new Map<string, Promise<ImageBitmap>>();

  constructor(
    private readonly address: string,
    private readonly by: By,
    private readonly complete: () => boolean,
  ) {}

  /** The picture of a moment, drawn as soon as it is there; undefined where there is none, or nothing is known yet. */
  preview(at: number): Node | undefined {
    const now = Date.now();
    // What has just ended has its pictures a little later.
    const more = !this.complete() || this.all.length === 0;
    if (this.asked === undefined || (more && now - this.asked > ANEW_MILLIS)) {
      this.asked = now;
      void this.ask();
    }
    const cue = cueAt(this.all, at, this.by);
    if (!cue) {
      return undefined;
    }
    const canvas = element('canvas', 'player-preview');
    canvas.width = cue.width;
    canvas.height = cue.height;
    this.sheet(cue.sheet).then(
      (sheet) => {
        canvas.getContext('2d')?.drawImage(sheet, cue.x, cue.y, cue.width, cue.height, 0, 0, cue.width, cue.height);
      },
      () => canvas.remove(),
    );
    return canvas;
  }

  /** Nothing is said of a failure: a bar without pictures does what it is for. */
  private async ask(): Promise<void> {
    try {
      const answer = await fetch(this.address, { credentials: 'omit' });
      if (answer.ok) {
        this.all = cues(await answer.text(), new URL(this.address, location.href).href);
      }
    } catch {
      this.asked = undefined;
    }
  }

  private sheet(address: string): Promise<ImageBitmap> {
    const known = this.sheets.get(address);
    if (known) {
      return known;
    }
    const fetched = fetchPicture(address);
    this.sheets.set(address, fetched);
    fetched.catch(() => this.sheets.delete(address));
    const [oldest] = this.sheets.keys();
    if (this.sheets.size > MOST_SHEETS && oldest) {
      this.sheets.delete(oldest);
    }
    return fetched;
  }
}

async function fetchPicture(address: string): Promise<ImageBitmap> {
  const answer = await fetch(address, { credentials: 'omit' });
  if (!answer.ok) {
    throw new Error(`no picture: ${answer.status}`);
  }
  return createImageBitmap(await answer.blob());
}
