// Waits for a condition, never for a time.
export async function waitFor(
  what: string,
  condition: () => boolean | Promise<boolean>,
  limitMillis = 30_000,
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
