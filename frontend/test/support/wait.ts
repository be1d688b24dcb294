// Waits for a condition, never for a time.

/** Tells what does not come from what comes late where many wait for two processors. */
export const PATIENCE_MILLIS = 110_000;

export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMillis = PATIENCE_MILLIS,
  context: () => string = () => '',
): Promise<void> {
  const end = Date.now() + limitMillis;
  while (Date.now() < end) {
    if (await condition()) {
      return;
    }
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`waited ${limitMillis} ms in vain until ${what}\n${context()}`);
}
