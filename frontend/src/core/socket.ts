// The page's one socket. Elements follow topics; the socket keeps itself open and joins again after a cut.

export interface TopicMessage {
  type: string;
  topic: string;
  seq: number;
}

type Listener = (message: TopicMessage & Record<string, unknown>) => void;

const FIRST_RETRY_MILLIS = 300;
const MAX_RETRY_MILLIS = 30_000;
const STABLE_MILLIS = 5_000;
const PING_MILLIS = 20_000;
/** Nothing for so long, not even an answer to a ping: the network went away without a word. */
const SILENCE_MILLIS = 45_000;

/** Full jitter: anywhere between nothing and the bound, which doubles with each failure. */
export function retryDelay(failures: number, random: () => number = Math.random): number {
  if (failures <= 0) {
    return random() * FIRST_RETRY_MILLIS;
  }
  return 200 + random() * Math.min(MAX_RETRY_MILLIS, 1_000 * 2 ** (failures - 1));
}

export class PageSocket {
  private readonly listeners = new Map<string, Set<Listener>>();
  private socket: WebSocket | undefined;
  private failures = 0;
  private lastHeard = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private stableTimer: ReturnType<typeof setTimeout> | undefined;
  private pingTimer: ReturnType<typeof setInterval> | undefined;

  constructor(
    private readonly url: string,
    private readonly open: (url: string) => WebSocket = (address) => new WebSocket(address),
  ) {
    if (typeof document !== 'undefined') {
      document.addEventListener('visibilitychange', () => this.wake());
      window.addEventListener('online', () => this.wake());
    }
  }

  /** Calls a listener with each message of a topic; answers what to call to stop. */
  follow(topic: string, listener: Listener): () => void {
    const known = this.listeners.get(topic);
    if (known) {
      known.add(listener);
    } else {
      this.listeners.set(topic, new Set([listener]));
    }
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.send({ type: 'join', topics: [topic] });
    } else if (!this.socket && this.retryTimer === undefined) {
      this.connect();
    }
    return () => this.listeners.get(topic)?.delete(listener);
  }

  private connect(): void {
    this.retryTimer = undefined;
    const socket = this.open(this.url);
    this.socket = socket;
    socket.addEventListener('open', () => {
      this.send({ type: 'join', topics: [...this.listeners.keys()] });
      // Not a success until it has held for a while: a server that accepts and drops must not be hammered.
      this.stableTimer = setTimeout(() => {
        this.failures = 0;
      }, STABLE_MILLIS);
      this.lastHeard = Date.now();
      this.pingTimer = setInterval(() => this.checkAlive(socket), PING_MILLIS);
    });
    socket.addEventListener('message', (event) => this.receive(String(event.data)));
    socket.addEventListener('close', () => this.closed(socket));
  }

  private checkAlive(socket: WebSocket): void {
    if (Date.now() - this.lastHeard > SILENCE_MILLIS) {
      socket.close();
      this.closed(socket); // a dead connection may take minutes to say so itself
    } else {
      this.send({ type: 'ping' });
    }
  }

  private closed(socket: WebSocket): void {
    if (this.socket !== socket) {
      return;
    }
    this.socket = undefined;
    clearTimeout(this.stableTimer);
    clearInterval(this.pingTimer);
    if (this.retryTimer === undefined) {
      this.retryTimer = setTimeout(() => this.connect(), retryDelay(this.failures++));
    }
  }

  private receive(text: string): void {
    this.lastHeard = Date.now();
    const message = JSON.parse(text) as TopicMessage & Record<string, unknown>;
    if (message.type === 'reconnect-after') {
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => this.connect(), Number(message.millis) || 1_000);
      const leaving = this.socket;
      leaving?.close();
      if (leaving) {
        this.closed(leaving);
      }
      return;
    }
    for (const listener of this.listeners.get(message.topic) ?? []) {
      listener(message);
    }
  }

  private send(message: unknown): void {
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(message));
    }
  }

  /** Somebody looks at the page again, or the network is back: no reason to wait. */
  private wake(): void {
    if (this.retryTimer !== undefined && document.visibilityState === 'visible') {
      clearTimeout(this.retryTimer);
      this.connect();
    }
  }
}

let shared: PageSocket | undefined;

export function pageSocket(): PageSocket {
  shared ??= new PageSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/api/v1/socket`);
  return shared;
}
