// What a tab remembers until it is closed. A storage that is full or forbidden remembers nothing, and nobody minds.

/** Longer than anything that is remembered. */
const MOST = 200;

/** Undefined for nothing. */
export function kept(key: string): string | undefined {
  try {
    const value = window.sessionStorage.getItem(`millrace-${key}`) ?? '';
    return value !== '' && value.length <= MOST ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Undefined is forgotten. */
export function keep(key: string, value: string | undefined): void {
  try {
    if (value === undefined) {
      window.sessionStorage.removeItem(`millrace-${key}`);
    } else {
      window.sessionStorage.setItem(`millrace-${key}`, value);
    }
  } catch {
    // for this page it holds all the same
  }
}
