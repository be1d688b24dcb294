// The page's one socket. Elements follow topics; the socket keeps itself open and joins again after a cut.
import { Lifetime } from './lifetime';

/** What is told under a topic, told apart by its type, and what a page may say to it. */
export interface TopicKind {
  event: { type: string };
  says: { type: string };
}

/** This page may not follow the topic. */
export interface RefusedEvent {
  type: 'refused';
}

/** As it is kept: of which topic it is says the map that it stands in. */
type Listener = (event: never) => void;

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

export class PageSocket<Topics extends { [T in keyof Topics]: TopicKind }> {
  private readonly listeners = new Map<string, Set<Listener>>();
  private readonly seen = new Map<string, () => number | undefined>();
  private socket: WebSocket | undefined;
  private failures = 0;
  private lastHeard = 0;
  private retryTimer: ReturnType<typeof setTimeout> | undefined;
  private stableTimer: ReturnType<typeof setTimeout> | undefined;
  private connection: Lifetime | undefined;

  constructor(
    private readonly url: string,
    private readonly open: (url: string) => WebSocket = (address) => new WebSocket(address),
  ) {
    if (typeof document !== 'undefined') {
      document.addEventListener('visibilitychange', () => this.wake());
      window.addEventListener('online', () => this.wake());
    }
  }

  /**
   * Calls a listener with each event of a topic; answers what to call to stop.
   *
   * @param since the topic's number that this page has seen last, asked for at each join: there the server goes on
   */
  follow<T extends keyof Topics & string>(
    topic: T,
    listener: (event: Topics[T]['event'] | RefusedEvent) => void,
    since?: () => number | undefined,
  ): () => void {
    if (since) {
      this.seen.set(topic, since);
    }
    const known = this.listeners.get(topic);
    if (known) {
      known.add(listener);
    } else {
      this.listeners.set(topic, new Set([listener]));
    }
    if (this.socket?.readyState === WebSocket.OPEN) {
      this.join([topic]);
    } else if (!this.socket && this.retryTimer === undefined) {
      this.connect();
    }
    return () => {
      const left = this.listeners.get(topic);
      if (left?.delete(listener) && left.size === 0) {
        // Not asked for after a cut, either.
        this.listeners.delete(topic);
        this.seen.delete(topic);
      }
    };
  }

  /** Says something to a topic; answers whether it went out. What is not answered has to be said again after a cut. */
  say<T extends keyof Topics & string>(topic: T, said: Topics[T]['says']): boolean {
    return this.send({ ...said, topic });
  }

  private join(topics: string[]): void {
    const since: Record<string, number> = {};
    for (const topic of topics) {
      const seen = this.seen.get(topic)?.();
      if (seen !== undefined) {
        since[topic] = seen;
      }
    }
    this.send({ type: 'join', topics, since });
  }

  private connect(): void {
    this.retryTimer = undefined;
    const socket = this.open(this.url);
    this.socket = socket;
    const life = new Lifetime();
    this.connection = life;
    life.listen(socket, 'open', () => {
      this.join([...this.listeners.keys()]);
      // Not a success until it has held for a while: a server that accepts and drops must not be hammered.
      this.stableTimer = setTimeout(() => {
        this.failures = 0;
      }, STABLE_MILLIS);
      this.lastHeard = Date.now();
      life.every(PING_MILLIS, () => this.checkAlive(socket));
    });
    life.listen<MessageEvent>(socket, 'message', (event) => this.receive(String(event.data)));
    life.listen(socket, 'close', () => this.closed(socket));
  }

  /** As if the network had gone. */
  sever(): void {
    const socket = this.socket;
    if (socket) {
      socket.close();
      this.closed(socket);
    }
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
    // What the old one still says is told again by the next.
    this.connection?.end();
    if (this.retryTimer === undefined) {
      this.retryTimer = setTimeout(() => this.connect(), retryDelay(this.failures++));
    }
  }

  private receive(text: string): void {
    this.lastHeard = Date.now();
    // The one place where what the server says is taken at its word.
    const event = JSON.parse(text) as { type: string; topic: string; millis?: number };
    if (event.type === 'reconnect-after') {
      clearTimeout(this.retryTimer);
      this.retryTimer = setTimeout(() => this.connect(), Number(event.millis) || 1_000);
      const leaving = this.socket;
      leaving?.close();
      if (leaving) {
        this.closed(leaving);
      }
      return;
    }
    for (const listener of this.listeners.get(event.topic) ?? []) {
      listener(event as never);
    }
  }

  private send(said: unknown): boolean {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return false;
    }
    this.socket.send(JSON.stringify(said));
    return true;
  }

  /** Somebody looks at the page again, or the network is back: no reason to wait. */
  private wake(): void {
    if (this.retryTimer !== undefined && document.visibilityState === 'visible') {
      clearTimeout(this.retryTimer);
      this.connect();
    }
  }
}
