import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('./site-hues.css', import.meta.url), 'utf8');

/** Björn Ottosson's OKLab, clipped into sRGB as a browser at worst does it. */
function luminance(lightness: number, chroma: number, hue: number): number {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const clip = (value: number) => Math.min(1, Math.max(0, value));
  return (
    0.2126 * clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s) +
    0.7152 * clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s) +
    0.0722 * clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s)
  );
}

function ofHex(hex: string): number {
  const linear = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (linear[0] ?? 0) + 0.7152 * (linear[1] ?? 0) + 0.0722 * (linear[2] ?? 0);
}

const contrast = (one: number, other: number) => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);

/** The tones of a token, by light and in the dark. */
function tones(token: string, hue: number): number[] {
  const line = css.split('\n').find((candidate) => candidate.trim().startsWith(`${token}:`)) ?? '';
  return [...line.matchAll(/oklch\(([\d.]+) ([\d.]+) /g)].map((found) =>
    luminance(Number(found[1]), Number(found[2]), hue),
  );
}

describe('the colour of a site', () => {
  const hues = Array.from({ length: 24 }, (_, step) => step * 15);

  it('has a class for each step', () => {
    for (const [step, hue] of hues.entries()) {
      expect(css).toContain(`.site-hue-${step} {\n  --site-hue: ${hue};`);
    }
  });

  it.each(hues)('is readable at %d degrees', (hue) => {
    const [light = 0, dark = 0] = tones('--accent', hue);
    const [lightHover = 0, darkHover = 0] = tones('--accent-hover', hue);
    const [lightSoft = 0, darkSoft = 0] = tones('--accent-soft', hue);
    const [lightFocus = 0, darkFocus = 0] = tones('--focus', hue);
    const [stage = 0] = tones('--stage-accent', hue);
    // As words on a page, a panel, what is pressed in, and its own tint; and under the words of a filled button.
    for (const surface of [ofHex('#f5f6f8'), ofHex('#ffffff'), ofHex('#ebedf1'), lightSoft]) {
      expect(contrast(light, surface)).toBeGreaterThanOrEqual(4.5);
    }
    for (const surface of [ofHex('#0c1016'), ofHex('#141921'), ofHex('#1c222b'), ofHex('#1a212a'), darkSoft]) {
      expect(contrast(dark, surface)).toBeGreaterThanOrEqual(4.5);
    }
    expect(contrast(lightHover, ofHex('#ffffff'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(darkHover, ofHex('#0c1016'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(stage, ofHex('#1a2029'))).toBeGreaterThanOrEqual(4.5);
    expect(contrast(lightFocus, ofHex('#ebedf1'))).toBeGreaterThanOrEqual(3);
    expect(contrast(darkFocus, ofHex('#262e39'))).toBeGreaterThanOrEqual(3);
    // What is read on the tint is dark by light, and light in the dark.
    expect(contrast(lightSoft, ofHex('#141921'))).toBeGreaterThanOrEqual(7);
    expect(contrast(darkSoft, ofHex('#eef0f4'))).toBeGreaterThanOrEqual(7);
  });
});
