// Sends a file piece by piece, until all of it has arrived: what breaks off goes on where it stopped. Knows nothing of pages.

/** What came of a request; status 0 when there was no answer. */
export interface Answer {
  readonly status: number;
  /** How far the upload is, where the answer says it. */
  readonly offset?: number | undefined;
  readonly code?: string | undefined;
  readonly detail?: string | undefined;
}

/** What it needs of the world. */
export interface Wire {
  /** Sends a piece; tells how many bytes of it have left. */
  piece(offset: number, bytes: Blob, sent: (bytes: number) => void, signal: AbortSignal): Promise<Answer>;
  /** Asks how far it is. */
  ask(signal: AbortSignal): Promise<Answer>;
  /** Fetches a fresh token for this page; answers whether there is one. */
  renew(): Promise<boolean>;
  wait(millis: number, signal: AbortSignal): Promise<void>;
}

export interface Told {
  /** So many bytes have left. */
  progress(sent: number): void;
  /** The connection was lost; it is tried again after so long. */
  retry(millis: number): void;
}

const KIBI = 1_024;
export const LEAST_PIECE = 256 * KIBI;
const FIRST_PIECE = 1_024 * KIBI;

/** Below what proxies take, as a rule. */
export const MOST_PIECE = 8_192 * KIBI;

/** A piece that takes longer is too much to lose. */
const LONG_MILLIS = 8_000;
const FIRST_WAIT = 1_000;
const LONGEST_WAIT = 30_000;

export class UploadFailed extends Error {
  constructor(readonly answer: Answer) {
    super(answer.detail ?? String(answer.status));
  }
}

/** Whether the same may go well in a while. */
const passes = ({ status, code }: Answer) =>
  status === 0 || status === 408 || status === 429 || (status >= 500 && status !== 507) || code === 'upload-overtaken';

export class UploadSender {
  private pieceBytes = FIRST_PIECE;
  private wait = FIRST_WAIT;

  constructor(
    private readonly wire: Wire,
    private readonly told: Told,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /**
   * Sends what is missing, however long it takes.
   *
   * @throws UploadFailed when it is not taken
   * @throws DOMException when it was aborted
   */
  async send(file: Blob, signal: AbortSignal): Promise<void> {
    let offset = await this.where(signal);
    while (offset < file.size) {
      signal.throwIfAborted();
      const bytes = file.slice(offset, offset + this.pieceBytes);
      const from = offset;
      const started = this.now();
      const answer = await this.wire.piece(from, bytes, (sent) => this.told.progress(from + sent), signal);
      signal.throwIfAborted();
      if (answer.status === 204) {
        offset = answer.offset ?? from + bytes.size;
        this.wait = FIRST_WAIT;
        this.resize(this.now() - started);
      } else if (answer.status === 413 && this.pieceBytes > LEAST_PIECE) {
        this.pieceBytes = Math.max(LEAST_PIECE, this.pieceBytes / 4);
      } else if (answer.status === 409 && answer.offset !== undefined && answer.offset !== from) {
        offset = answer.offset;
      } else if (answer.code === 'page-token' && (await this.wire.renew())) {
        await this.pause(signal);
      } else if (passes(answer)) {
        await this.pause(signal);
        offset = await this.where(signal);
      } else {
        throw new UploadFailed(answer);
      }
      this.told.progress(offset);
    }
  }

  /** Large pieces cost little; small ones are soon sent again. */
  private resize(millis: number): void {
    if (millis > LONG_MILLIS) {
      this.pieceBytes = Math.max(LEAST_PIECE, this.pieceBytes / 2);
    } else if (millis < LONG_MILLIS / 4) {
      this.pieceBytes = Math.min(MOST_PIECE, this.pieceBytes * 2);
    }
  }

  private async where(signal: AbortSignal): Promise<number> {
    for (;;) {
      const answer = await this.wire.ask(signal);
      signal.throwIfAborted();
      if (answer.status === 200 && answer.offset !== undefined) {
        return answer.offset;
      }
      if (!passes(answer)) {
        throw new UploadFailed(answer);
      }
      await this.pause(signal);
    }
  }

  private async pause(signal: AbortSignal): Promise<void> {
    this.told.retry(this.wait);
    await this.wire.wait(this.wait, signal);
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
    signal.throwIfAborted();
  }
}

/** Bytes a second over the last seconds. */
export class Speed {
  private readonly seen: { at: number; sent: number }[] = [];

  add(at: number, sent: number): void {
    this.seen.push({ at, sent });
    while (this.seen.length > 2 && at - (this.seen[1]?.at ?? at) > 5_000) {
      this.seen.shift();
    }
  }

  /** Undefined while nobody can tell. */
  bytesPerSecond(): number | undefined {
    const first = this.seen[0];
    const last = this.seen.at(-1);
    if (!first || !last || last.at - first.at < 500 || last.sent <= first.sent) {
      return undefined;
    }
    return ((last.sent - first.sent) * 1_000) / (last.at - first.at);
  }
}

/** As the server writes sizes: 1.2 GB, 40 MB, 12 kB. */
export function size(bytes: number): string {
  if (bytes >= 1e9) {
    return `${(bytes / 1e9).toFixed(1)} GB`;
  }
  return bytes >= 1e6 ? `${Math.round(bytes / 1e6)} MB` : `${Math.round(bytes / 1e3)} kB`;
}
