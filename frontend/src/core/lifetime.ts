// What an element hangs on the page while it is in it, taken off again when it leaves: listeners, timers, observers, sources.

export class Lifetime {
  private readonly ending = new AbortController();

  /** Aborted at the end; for whatever takes a signal itself. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  get over(): boolean {
    return this.ending.signal.aborted;
  }

  /** Listens until the end; nothing when the target is not there. */
  listen<E extends Event = Event>(
    target: EventTarget | null | undefined,
    kind: string,
    listener: (event: E) => void,
    options: AddEventListenerOptions = {},
  ): void {
    target?.addEventListener(kind, listener as EventListener, { ...options, signal: this.signal });
  }

  every(millis: number, run: () => void): void {
    const timer = setInterval(run, millis);
    this.atEnd(() => clearInterval(timer));
  }

  /** Done once, at the end; at once when that was before. */
  atEnd(undo: () => void): void {
    if (this.over) {
      undo();
    } else {
      this.signal.addEventListener('abort', undo, { once: true });
    }
  }

  end(): void {
    this.ending.abort();
  }
}
