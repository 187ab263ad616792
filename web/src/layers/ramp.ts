import type { Theme } from '../map/contract.ts';

/**
 * One ramp for amount: lilac to plum, lightness monotonic in OKLCH and nearly even, so that classes stay in order for
 * colour-blind viewers and in greyscale. Purple keeps clear of the four alert hues (red, orange, yellow, blue) and of
 * teal, which means "better" (UX.md 1.4). Light theme: dark = more. Dark theme: light = more, starting where a cell
 * still stands out from the ground (contrast >= 2:1).
 */
export interface Stop {
  readonly lightness: number;
  readonly chroma: number;
  /** Degrees. */
  readonly hue: number;
}
const RAMPS: Readonly<Record<Theme, readonly Stop[]>> = {
  light: [
    { lightness: 0.89, chroma: 0.032, hue: 304 },
    { lightness: 0.79, chroma: 0.068, hue: 308 },
    { lightness: 0.68, chroma: 0.105, hue: 314 },
    { lightness: 0.565, chroma: 0.132, hue: 320 },
    { lightness: 0.445, chroma: 0.13, hue: 326 },
    { lightness: 0.325, chroma: 0.1, hue: 332 },
  ],
  dark: [
    { lightness: 0.435, chroma: 0.075, hue: 303 },
    { lightness: 0.52, chroma: 0.105, hue: 308 },
    { lightness: 0.61, chroma: 0.125, hue: 314 },
    { lightness: 0.7, chroma: 0.12, hue: 320 },
    { lightness: 0.795, chroma: 0.09, hue: 326 },
    { lightness: 0.89, chroma: 0.05, hue: 332 },
  ],
};

/** `#rrggbb` per class, least first. Both the legend and the hexagons take their colours from here. */
export function classColours(theme: Theme, classes: number): string[] {
  const ramp = RAMPS[theme];
  if (classes === 1) return [hex(stopAt(ramp, 0.55))];
  return Array.from({ length: classes }, (_, i) => hex(stopAt(ramp, i / (classes - 1))));
}

function stopAt(ramp: readonly Stop[], share: number): Stop {
  const place = share * (ramp.length - 1);
  const from = ramp[Math.floor(place)]!;
  const to = ramp[Math.ceil(place)]!;
  const part = place - Math.floor(place);
  const mix = (a: number, b: number) => a + (b - a) * part;
  return {
    lightness: mix(from.lightness, to.lightness),
    chroma: mix(from.chroma, to.chroma),
    hue: mix(from.hue, to.hue),
  };
}

/** OKLCH → sRGB as `#rrggbb`, Björn Ottosson 2020, https://bottosson.github.io/posts/oklab/. */
export function hex({ lightness, chroma, hue }: Stop): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return `#${linear
    .map((x) =>
      Math.round(encoded(x) * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`;
}

function encoded(x: number): number {
  const inside = Math.min(1, Math.max(0, x));
  return inside <= 0.0031308 ? inside * 12.92 : 1.055 * inside ** (1 / 2.4) - 0.055;
}
