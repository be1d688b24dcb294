// Hues in 24 steps, as the classes of hues.css; the server's Hues computes the same.
const STEPS = 24;

/** The class of whoever is called so: the name's FNV-1a over its UTF-16 units. */
export function hueOf(name: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < name.length; at++) {
    hash = Math.imul(hash ^ name.charCodeAt(at), 0x01000193);
  }
  return `hue-${(hash >>> 0) % STEPS}`;
}
