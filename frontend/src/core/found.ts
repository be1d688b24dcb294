// Where words that somebody typed stand in a text that was found by them.

/** The text in pieces: every second one, from the second on, is what was typed, in any capitals. */
export function foundPieces(text: string, typed: string): string[] {
  const words = typed
    .split(/[\s@#]+/)
    .filter((word) => word !== '')
    .map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return words.length === 0 ? [text] : text.split(new RegExp(`(${words.join('|')})`, 'iu'));
}
