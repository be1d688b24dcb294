// What tells one browser from another when viewers are counted: a random id that never leaves for any other purpose.

const KEY = 'millrace-viewer';

export function viewerId(storage: Storage | undefined = safeStorage()): string {
  const stored = storage?.getItem(KEY);
  if (stored && /^[A-Za-z0-9_-]{8,64}$/.test(stored)) {
    return stored;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const made = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  try {
    storage?.setItem(KEY, made);
  } catch {
    // A full or forbidden storage: this page counts for itself.
  }
  return made;
}

function safeStorage(): Storage | undefined {
  try {
    return window.localStorage;
  } catch {
    return undefined;
  }
}
