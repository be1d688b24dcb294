// A page for tests without a browser: as much of one as our elements touch, and a count of what hangs on it.
import { vi } from 'vitest';

type Handler = Parameters<EventTarget['addEventListener']>[1];

/** Listeners that are there at this moment, over all targets. */
let listeners = 0;
/** Observers that observe something. */
let observers = 0;

export const hanging = () => ({ listeners, observers, timers: vi.getTimerCount() });

class CountedTarget extends EventTarget {
  private readonly counted = new Map<string, Set<Handler>>();

  override addEventListener(kind: string, handler: Handler, options?: AddEventListenerOptions | boolean): void {
    const known = this.counted.get(kind) ?? new Set();
    this.counted.set(kind, known);
    const signal = typeof options === 'object' ? options.signal : undefined;
    if (known.has(handler) || signal?.aborted) {
      return;
    }
    known.add(handler);
    listeners++;
    signal?.addEventListener('abort', () => this.forget(kind, handler), { once: true });
    super.addEventListener(kind, handler, options);
    if (typeof options === 'object' && options.once) {
      super.addEventListener(kind, () => this.forget(kind, handler), { once: true });
    }
  }

  override removeEventListener(kind: string, handler: Handler): void {
    this.forget(kind, handler);
    super.removeEventListener(kind, handler);
  }

  private forget(kind: string, handler: Handler): void {
    if (this.counted.get(kind)?.delete(handler)) {
      listeners--;
    }
  }

  /** Does what a browser would. */
  fire(kind: string, facts: Record<string, unknown> = {}): void {
    this.dispatchEvent(Object.assign(new Event(kind), facts));
  }
}

export class FakeElement extends CountedTarget {
  readonly dataset: Record<string, string> = {};
  readonly children: FakeElement[] = [];
  readonly style = { setProperty: () => {} } as unknown as Record<string, string>;
  readonly classList = { add: () => {}, toggle: () => {}, contains: () => false };
  hidden = false;
  textContent = '';
  disabled = false;
  value = '';
  scrollTop = 0;
  scrollHeight = 0;
  clientHeight = 0;
  /** What is found below, by selector; the rest is not there. */
  readonly parts: Record<string, FakeElement> = {};
  private readonly attributes = new Map<string, string>();

  querySelector(selector: string): FakeElement | null {
    return this.parts[selector] ?? null;
  }
  querySelectorAll(): FakeElement[] {
    return [];
  }
  closest(): FakeElement | null {
    return null;
  }
  contains(): boolean {
    return false;
  }
  append(...nodes: FakeElement[]): void {
    this.children.push(...nodes);
  }
  insertBefore(node: FakeElement): void {
    this.children.push(node);
  }
  replaceChildren(...nodes: FakeElement[]): void {
    this.children.splice(0, this.children.length, ...nodes);
  }
  remove(): void {}
  focus(): void {}
  get childElementCount(): number {
    return this.children.length;
  }
  get firstElementChild(): FakeElement | undefined {
    return this.children[0];
  }
  setAttribute(name: string, value: string): void {
    this.attributes.set(name, value);
  }
  getAttribute(name: string): string | null {
    return this.attributes.get(name) ?? null;
  }
  hasAttribute(name: string): boolean {
    return this.attributes.has(name);
  }
  removeAttribute(name: string): void {
    this.attributes.delete(name);
  }
  toggleAttribute(name: string, on = !this.attributes.has(name)): boolean {
    if (on) {
      this.attributes.set(name, '');
    } else {
      this.attributes.delete(name);
    }
    return on;
  }
}

export class FakeVideo extends FakeElement {
  paused = true;
  muted = false;
  volume = 1;
  currentTime = 0;
  videoWidth = 640;
  poster = '';
  src = '';
  readonly buffered = { length: 0 };
  readonly seekable = { length: 0 };
  play(): Promise<void> {
    this.paused = false;
    return Promise.resolve();
  }
  pause(): void {
    this.paused = true;
  }
  load(): void {}
  canPlayType(): string {
    return '';
  }
}

class FakeDocument extends FakeElement {
  readonly documentElement = new FakeElement();
  readonly body = new FakeElement();
  visibilityState = 'visible';
  title = '';
  createElement(): FakeElement {
    return new FakeElement();
  }
  createElementNS(): FakeElement {
    return new FakeElement();
  }
  createTextNode(): FakeElement {
    return new FakeElement();
  }
  createDocumentFragment(): FakeElement {
    return new FakeElement();
  }
}

class FakeObserver {
  private on = false;
  observe(): void {
    if (!this.on) {
      this.on = true;
      observers++;
    }
  }
  disconnect(): void {
    if (this.on) {
      this.on = false;
      observers--;
    }
  }
}

export interface Made extends FakeElement {
  connectedCallback(): void;
  disconnectedCallback(): void;
}

/** Puts the page in place of the browser's; answers the elements that modules define, by name. */
export function fakePage(): { document: FakeDocument; make: (name: string) => Made } {
  const kinds = new Map<string, new () => Made>();
  const document = new FakeDocument();
  vi.stubGlobal('HTMLElement', FakeElement);
  vi.stubGlobal('document', document);
  vi.stubGlobal('window', new CountedTarget());
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('location', { protocol: 'http:', host: 'here', href: 'http://here/anna' });
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} });
  vi.stubGlobal('matchMedia', () => Object.assign(new CountedTarget(), { matches: false }));
  vi.stubGlobal('customElements', { define: (name: string, kind: new () => Made) => kinds.set(name, kind) });
  for (const kind of ['ResizeObserver', 'MutationObserver', 'IntersectionObserver']) {
    vi.stubGlobal(kind, FakeObserver);
  }
  return {
    document,
    make: (name) => {
      const kind = kinds.get(name);
      if (!kind) {
        throw new Error(`no ${name}`);
      }
      return new kind();
    },
  };
}

/** A socket of the page whose network is the test's. */
export class FakeSocket extends CountedTarget {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  static get last(): FakeSocket {
    return FakeSocket.all[FakeSocket.all.length - 1] as FakeSocket;
  }
  readyState = 0;
  readonly sent: { type: string; topics?: string[]; topic?: string }[] = [];

  constructor() {
    super();
    FakeSocket.all.push(this);
  }

  opens(): void {
    this.readyState = 1;
    this.fire('open');
  }

  says(message: unknown): void {
    this.fire('message', { data: JSON.stringify(message) });
  }

  drops(): void {
    this.readyState = 3;
    this.fire('close');
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }
}
