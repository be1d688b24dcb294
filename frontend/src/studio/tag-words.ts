// What becomes of tags as they are typed, by the same rules as the server.

export const MOST = 10;
const LENGTH = 30;

/** One tag: small letters, hyphens for spaces; empty when nothing is left. */
export function normalize(text: string): string {
  const folded = text.normalize('NFKC').trim().toLowerCase();
  const clean = folded.replace(/[\s_-]+/gu, '-').replace(/[^\p{L}\p{M}\p{N}+.-]/gu, '');
  return [...clean]
    .slice(0, LENGTH)
    .join('')
    .replace(/^[-.]+|[-.]+$/g, '');
}

export function tags(text: string): string[] {
  return [
    ...new Set(
      text
        .split(/[,，、;；\n#＃]+/u)
        .map(normalize)
        .filter(Boolean),
    ),
  ];
}
