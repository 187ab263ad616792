import { classOf } from './step-scale.ts';

/** Counts above this are looked up by search instead of by table. */
const TABLE = 4096;

/**
 * RGBA per vertex. A cell in no class (n = 0) is wholly transparent; every other is opaque, so that the pixel is the
 * legend's colour whatever lies below.
 */
export function hexagonColours(options: {
  readonly starts: Uint32Array;
  readonly n: Uint32Array;
  /** Row of each drawn cell; null = cell i is row i. */
  readonly rows: Uint32Array | null;
  readonly breaks: readonly number[];
  readonly colours: readonly string[];
}): Uint8Array {
  const { starts, n, rows, breaks, colours } = options;
  const words = colours.map(rgbaWord);
  const table = new Uint32Array(TABLE);
  for (let count = 0; count < TABLE; count++) table[count] = words[classOf(count, breaks)] ?? 0;
  const out = new Uint32Array(starts[starts.length - 1]!);
  const cells = starts.length - 1;
  let v = 0;
  for (let cell = 0; cell < cells; cell++) {
    const count = n[rows === null ? cell : rows[cell]!]!;
    const word = count < TABLE ? table[count]! : (words[classOf(count, breaks)] ?? 0);
    for (const end = starts[cell + 1]!; v < end; v++) out[v] = word;
  }
  return new Uint8Array(out.buffer);
}

/** Bytes r, g, b, 255 in memory order on a little-endian machine: every platform with WebGL. */
function rgbaWord(colour: string): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return ((255 << 24) | ((rgb & 255) << 16) | (((rgb >> 8) & 255) << 8) | (rgb >> 16)) >>> 0;
}
