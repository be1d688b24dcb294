// Switches that somebody turns faster than the server answers.

/** A question that was not answered, and what was wished for last when it failed. */
export class WishFailed<W> extends Error {
  constructor(
    readonly wish: W,
    cause: unknown,
  ) {
    super('wish not granted', { cause });
  }
}

/** Asks for one wish at a time. Of those that come meanwhile the last is asked for, unless it is what was asked already. */
export class LastWish<W> {
  private readonly last = new Map<string, W>();

  /**
   * @param key what is switched
   * @returns the answer to the last wish; undefined when an earlier call asks for it
   * @throws WishFailed with the last wish, when a question throws
   */
  async make<A>(key: string, wish: W, ask: (wish: W) => Promise<A>): Promise<A | undefined> {
    const underWay = this.last.has(key);
    this.last.set(key, wish);
    if (underWay) {
      return undefined;
    }
    try {
      let asked = wish;
      let answer = await ask(asked);
      for (let now = this.last.get(key); now !== undefined && now !== asked; now = this.last.get(key)) {
        asked = now;
        answer = await ask(asked);
      }
      return answer;
    } catch (failure) {
      throw new WishFailed(this.last.get(key) ?? wish, failure);
    } finally {
      this.last.delete(key);
    }
  }
}
