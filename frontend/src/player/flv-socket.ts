// The bytes of a stream over a WebSocket. Closed before it is open it says nothing: neither an error that nobody hears, nor a warning.
import type Mpegts from 'mpegts.js';

/** As the library counts them. */
const IDLE = 0;
const CONNECTING = 1;
const BUFFERING = 2;
const FAILED = 3;
const COMPLETE = 4;

export class FlvSocket implements Mpegts.BaseLoader {
  readonly type = 'flv-socket';
  readonly needStashBuffer = true;
  readonly _needStash = true;
  _status = IDLE;
  onContentLengthKnown: Mpegts.BaseLoader['onContentLengthKnown'] = () => {};
  onURLRedirect: Mpegts.BaseLoader['onURLRedirect'] = () => {};
  onDataArrival: Mpegts.BaseLoader['onDataArrival'] = () => {};
  onError: Mpegts.BaseLoader['onError'] = () => {};
  onComplete: Mpegts.BaseLoader['onComplete'] = () => {};
  private socket: WebSocket | undefined;
  private received = 0;

  get status(): number {
    return this._status;
  }

  isWorking(): boolean {
    return this._status === CONNECTING || this._status === BUFFERING;
  }

  open({ url }: { url?: string }): void {
    const socket = new WebSocket(url ?? '');
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => {
      this._status = BUFFERING;
    };
    socket.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      const from = this.received;
      this.received += data.byteLength;
      this.onDataArrival(data, from, this.received);
    };
    socket.onerror = () => {
      this._status = FAILED;
      this.onError('Exception' as unknown as Mpegts.LoaderErrors, { code: -1, msg: 'socket' });
    };
    socket.onclose = () => {
      this._status = COMPLETE;
      this.onComplete(0, this.received - 1);
    };
    this._status = CONNECTING;
    this.socket = socket;
  }

  abort(): void {
    const socket = this.socket;
    this.socket = undefined;
    this._status = COMPLETE;
    if (socket) {
      socket.onmessage = null;
      socket.onerror = null;
      socket.onclose = null;
      // Browsers warn of one that is closed while it opens.
      socket.onopen = () => socket.close();
      if (socket.readyState !== WebSocket.CONNECTING) {
        socket.close();
      }
    }
  }

  destroy(): void {
    this.abort();
    this._status = IDLE;
  }
}
