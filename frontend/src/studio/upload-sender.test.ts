import { describe, expect, it } from 'vitest';
import {
  type Answer,
  LEAST_PIECE,
  MOST_PIECE,
  Speed,
  size,
  UploadFailed,
  UploadSender,
  type Wire,
} from './upload-sender';

/** A server that does as it is told, and keeps what came. */
class Server implements Wire {
  received = 0;
  readonly pieces: number[] = [];
  readonly waits: number[] = [];
  renewed = 0;
  answers: (Answer | undefined)[] = [];
  asks: (Answer | undefined)[] = [];

  async piece(offset: number, bytes: Blob, sent: (bytes: number) => void): Promise<Answer> {
    this.pieces.push(bytes.size);
    const given = this.answers.shift();
    if (given) {
      return given;
    }
    if (offset !== this.received) {
      return { status: 409, offset: this.received, code: 'upload-offset' };
    }
    sent(bytes.size);
    this.received += bytes.size;
    return { status: 204, offset: this.received };
  }

  async ask(): Promise<Answer> {
    return this.asks.shift() ?? { status: 200, offset: this.received };
  }

  async renew(): Promise<boolean> {
    this.renewed++;
    return true;
  }

  async wait(millis: number): Promise<void> {
    this.waits.push(millis);
  }
}

const file = (bytes: number) => new Blob([new Uint8Array(bytes)]);
const never = () => new AbortController().signal;

function sender(server: Server, told: number[] = [], millis = 0) {
  let now = 0;
  return new UploadSender(server, { progress: (sent) => told.push(sent), retry: () => {} }, () => {
    now += millis;
    return now;
  });
}

describe('sending a file', () => {
  it('sends all of it, in larger and larger pieces while it is fast', async () => {
    const server = new Server();
    const told: number[] = [];
    await sender(server, told).send(file(20 << 20), never());
    expect(server.received).toBe(20 << 20);
    expect(server.pieces.slice(0, 4)).toEqual([1 << 20, 2 << 20, 4 << 20, 8 << 20]);
    expect(Math.max(...server.pieces)).toBeLessThanOrEqual(MOST_PIECE);
    expect(told.at(-1)).toBe(20 << 20);
  });

  it('sends smaller ones while it is slow', async () => {
    const server = new Server();
    await sender(server, [], 9_000).send(file(3 << 20), never());
    expect(server.pieces.slice(0, 3)).toEqual([1 << 20, 512 << 10, 256 << 10]);
    expect(Math.min(...server.pieces)).toBe(LEAST_PIECE);
  });

  it('goes on where the server is', async () => {
    const server = new Server();
    server.received = 3 << 20;
    await sender(server).send(file(4 << 20), never());
    expect(server.pieces).toEqual([1 << 20]);
  });

  it('tries again when the network is cut, later each time, and asks how far it came', async () => {
    const server = new Server();
    server.answers = [undefined, { status: 0 }, { status: 0 }, { status: 502 }];
    server.asks = [undefined, { status: 0 }];
    await sender(server).send(file(5 << 20), never());
    expect(server.received).toBe(5 << 20);
    expect(server.waits).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  it('goes by what the server says it has', async () => {
    const server = new Server();
    server.received = 1 << 20;
    server.asks = [{ status: 200, offset: 0 }];
    await sender(server).send(file(2 << 20), never());
    expect(server.received).toBe(2 << 20);
  });

  it('sends less at a time to a proxy that takes no more', async () => {
    const server = new Server();
    server.answers = [{ status: 413 }];
    await sender(server).send(file(2 << 20), never());
    expect(server.pieces.slice(0, 2)).toEqual([1 << 20, 256 << 10]);
  });

  it('renews the token of a page that was open for long', async () => {
    const server = new Server();
    server.answers = [{ status: 403, code: 'page-token' }];
    await sender(server).send(file(2 << 20), never());
    expect(server.renewed).toBe(1);
    expect(server.received).toBe(2 << 20);
  });

  it('gives up what is not wanted', async () => {
    const server = new Server();
    server.answers = [{ status: 410, detail: 'over' }];
    await expect(sender(server).send(file(2 << 20), never())).rejects.toBeInstanceOf(UploadFailed);
    server.answers = [{ status: 507, detail: 'full' }];
    await expect(sender(server).send(file(2 << 20), never())).rejects.toThrow('full');
  });

  it('stops when it is told', async () => {
    const stop = new AbortController();
    const server = new Server();
    const sending = new UploadSender(server, { progress: () => stop.abort(), retry: () => {} });
    await expect(sending.send(file(20 << 20), stop.signal)).rejects.toThrow();
    expect(server.pieces).toHaveLength(1);
  });
});

describe('what is said of it', () => {
  it('knows its speed over the last seconds', () => {
    const speed = new Speed();
    expect(speed.bytesPerSecond()).toBeUndefined();
    for (let at = 0; at <= 10_000; at += 1_000) {
      speed.add(at, at <= 4_000 ? 0 : (at - 4_000) * 2);
    }
    expect(speed.bytesPerSecond()).toBe(2_000);
  });

  it('writes sizes as the server does', () => {
    expect(size(1_234_567_890)).toBe('1.2 GB');
    expect(size(41_500_000)).toBe('42 MB');
    expect(size(2_400)).toBe('2 kB');
  });
});
