// What this browser remembers. A storage that is full or forbidden remembers nothing, and nobody minds.

export function remembered<T>(key: string, otherwise: T): T {
  try {
    const text = window.localStorage.getItem(`millrace-${key}`);
    return text === null ? otherwise : (JSON.parse(text) as T);
  } catch {
    return otherwise;
  }
}

/** Keys that are a letter or a sign alone: whoever speaks to the machine, or hits keys by chance, turns them off. */
export const lettersAreKeys = (): boolean => remembered('letter-keys', true);

export function remember(key: string, value: unknown): void {
  try {
    window.localStorage.setItem(`millrace-${key}`, JSON.stringify(value));
  } catch {
    // for this page it holds all the same
  }
}
