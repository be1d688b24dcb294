// A loader of hls.js that answers from what a test wrote, and from no network.

/** @param answer what stands at an address; undefined: nothing ever comes */
export async function scriptedLoader(answer: (url: string) => string | undefined) {
  const { LoadStats } = await import('hls.js');
  return class {
    stats = new LoadStats();
    context = null;
    load(context: { url: string }, _config: unknown, callbacks: { onSuccess: (...all: unknown[]) => void }): void {
      const data = answer(context.url);
      if (data === undefined) {
        return;
      }
      // How old a list is counts from here.
      const now = performance.now();
      Object.assign(this.stats.loading, { start: now, first: now, end: now });
      queueMicrotask(() => callbacks.onSuccess({ url: context.url, data, code: 200 }, this.stats, context, null));
    }
    abort(): void {}
    destroy(): void {}
    getCacheAge(): null {
      return null;
    }
    getResponseHeader(): null {
      return null;
    }
  };
}
