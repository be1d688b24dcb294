// Switches that somebody turns faster than the server answers.

/** Asks for one wish at a time. Of those that come meanwhile the last is asked for, unless it is what was asked already. */
export class LastWish<W> {
  private readonly last = new Map<string, W>();

  /**
   * @param key what is switched
   * @returns the answer to the last wish; undefined when an earlier call asks for it
   * @throws what a question threw; later wishes are then forgotten
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
    } finally {
      this.last.delete(key);
    }
  }
}
