import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { FlvSocket } from './flv-socket';

class Network {
  static readonly CONNECTING = 0;
  static last: Network;
  readyState = 0;
  closed = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null;
  onerror: (() => void) | null = null;
  onclose: (() => void) | null = null;
  constructor(readonly url: string) {
    Network.last = this;
  }
  close() {
    this.closed++;
  }
}

let told: unknown[];
let socket: FlvSocket;

beforeEach(() => {
  vi.stubGlobal('WebSocket', Network);
  told = [];
  socket = new FlvSocket();
  socket.onDataArrival = (bytes, from, received) => told.push([bytes.byteLength, from, received]);
  socket.onError = (kind) => told.push(kind);
  socket.onComplete = (from, to) => told.push(['end', from, to]);
  socket.open({ url: 'ws://here/live' });
});

afterEach(() => vi.unstubAllGlobals());

test('hands on what comes, and the end', () => {
  expect(socket.isWorking()).toBe(true);
  Network.last.onopen?.();
  Network.last.onmessage?.({ data: new ArrayBuffer(3) });
  Network.last.onmessage?.({ data: new ArrayBuffer(4) });
  Network.last.onclose?.();
  expect(told).toEqual([
    [3, 0, 3],
    [4, 3, 7],
    ['end', 0, 6],
  ]);
  expect(socket.isWorking()).toBe(false);
});

test('closed while it opens it is silent, and closes as soon as it is open', () => {
  const network = Network.last;
  socket.destroy();
  expect(network.closed).toBe(0);
  network.onerror?.();
  network.onclose?.();
  network.onopen?.();
  expect(network.closed).toBe(1);
  expect(told).toEqual([]);
});

test('closed when it is open it closes at once', () => {
  Network.last.readyState = 1;
  socket.abort();
  expect(Network.last.closed).toBe(1);
});

test('says that it failed', () => {
  Network.last.onerror?.();
  expect(told).toEqual(['Exception']);
});
