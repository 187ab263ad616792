/** Colours as measured and as seen by colour-blind viewers, for tests of ramps. */
export type Rgb = readonly [number, number, number];
export const linear = (colour: string): Rgb => {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255].map((byte) => {
    const share = byte / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as unknown as Rgb;
};
export const luminance = ([r, g, b]: Rgb) => 0.2126 * r + 0.7152 * g + 0.0722 * b;
export const contrast = (a: string, b: string) => {
  const [high, low] = [luminance(linear(a)), luminance(linear(b))].sort((x, y) => y - x) as [number, number];
  return (high + 0.05) / (low + 0.05);
};
/** Deuteranopia after Viénot, Brettel and Mollon 1999, on linear RGB. */
export const deuteranope = ([r, g, b]: Rgb): Rgb => [
  0.29275 * r + 0.70725 * g,
  0.29275 * r + 0.70725 * g,
  -0.02234 * r + 0.02234 * g + b,
];
/** The same for protanopia. */
export const protanope = ([r, g, b]: Rgb): Rgb => [
  0.11238 * r + 0.88762 * g,
  0.11238 * r + 0.88762 * g,
  0.00401 * r - 0.00401 * g + b,
];
/** Tritanopia after Brettel, Viénot and Mollon 1997, as one plane (Machado et al. 2009, table for severity 1.0). */
export const tritanope = ([r, g, b]: Rgb): Rgb => [
  1.255528 * r - 0.076749 * g - 0.178779 * b,
  -0.078411 * r + 0.930809 * g + 0.147602 * b,
  0.004733 * r + 0.691367 * g + 0.3039 * b,
];
export const oklab = ([r, g, b]: Rgb): Rgb => {
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
};
export const distance = (a: Rgb, b: Rgb) => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
