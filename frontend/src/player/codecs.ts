// Codecs by the names that people know, and those that a browser cannot decode.

const NAMES: [RegExp, string][] = [
  [/^(hvc1|hev1)/, 'H.265'],
  [/^avc[13]/, 'H.264'],
  [/^av01/, 'AV1'],
  [/^vp09/, 'VP9'],
  [/^mp4a\.40\.34/, 'MP3'],
  [/^mp4a/, 'AAC'],
  [/^opus/i, 'Opus'],
  [/^flac/i, 'FLAC'],
  [/^ac-3/, 'AC-3'],
  [/^ec-3/, 'E-AC-3'],
];

/** The name people know a codec by. */
export function codecName(codec: string): string {
  return NAMES.find(([pattern]) => pattern.test(codec))?.[1] ?? codec;
}

/** The names of those codecs of a multivariant playlist that this browser cannot decode. */
export function undecodable(playlist: string, decodes: (type: string) => boolean): string[] {
  const codecs = new Set(
    [...playlist.matchAll(/CODECS="([^"]*)"/g)].flatMap((match) => (match[1] ?? '').split(',').filter(Boolean)),
  );
  return [...codecs]
    .filter((codec) => !decodes(`${/^(avc|hvc|hev|av01|vp0)/.test(codec) ? 'video' : 'audio'}/mp4; codecs="${codec}"`))
    .map(codecName);
}

/** Whether this browser decodes Opus that a script hands it. */
export function playsOpus(): boolean {
  const { ManagedMediaSource, MediaSource: plain } = globalThis as unknown as Record<
    string,
    typeof MediaSource | undefined
  >;
  return (ManagedMediaSource ?? plain)?.isTypeSupported('audio/mp4; codecs="opus"') ?? false;
}
