import { HATCH_ALPHA } from './hatch.ts';
import { classOf } from './step-scale.ts';

/** Counts above this are looked up by search instead of by table. */
const TABLE = 4096;

/** What the vertices of a picture are painted from. */
export interface PaintedCells {
  /** First vertex per drawn cell, and one past the last. */
  readonly starts: Uint32Array;
  /** Row of each drawn cell; null = cell i is row i. */
  readonly rows: Uint32Array | null;
}

/** Cells at which nobody looked, by row, and the colour of their stripes. */
export interface Unknown {
  readonly rows: Uint8Array;
  readonly colour: string;
}

/**
 * RGBA per vertex. A cell in no class (n = 0) is wholly transparent, or hatched where nobody looked; every other is opaque, so that
 * the pixel is the legend's colour whatever lies below.
 */
export function hexagonColours(
  options: PaintedCells & {
    readonly n: Uint32Array;
    readonly breaks: readonly number[];
    readonly colours: readonly string[];
    readonly unknown?: Unknown | null;
  },
): Uint8Array {
  const { n, breaks, colours, unknown = null } = options;
  const words = colours.map((colour) => rgbaWord(colour));
  const table = new Uint32Array(TABLE);
  for (let count = 0; count < TABLE; count++) table[count] = words[classOf(count, breaks)] ?? 0; // in no class: nothing
  const hatched = unknown ? rgbaWord(unknown.colour, HATCH_ALPHA) : 0;
  return painted(options, (row) => {
    const count = n[row]!;
    if (count === 0 && unknown?.rows[row] === 1) return hatched;
    return count < TABLE ? table[count]! : (words[classOf(count, breaks)] ?? 0);
  });
}

/** The same from classes: 0 = nothing, k = `colours[k - 1]`, `noData` = stripes of the colour `hatch`. */
export function classFillColours(
  options: PaintedCells & {
    readonly classes: Uint32Array;
    readonly colours: readonly string[];
    readonly noData: number;
    readonly hatch: string;
  },
): Uint8Array {
  const { classes, colours, noData, hatch } = options;
  const words = Uint32Array.from(['', ...colours], (colour) => (colour === '' ? 0 : rgbaWord(colour)));
  const hatched = rgbaWord(hatch, HATCH_ALPHA);
  return painted(options, (row) => {
    const cls = classes[row]!;
    return cls < words.length ? words[cls]! : cls === noData ? hatched : 0;
  });
}

function painted({ starts, rows }: PaintedCells, wordOf: (row: number) => number): Uint8Array {
  const out = new Uint32Array(starts[starts.length - 1]!);
  const cells = starts.length - 1;
  let v = 0;
  for (let cell = 0; cell < cells; cell++) {
    const word = wordOf(rows === null ? cell : rows[cell]!);
    for (const end = starts[cell + 1]!; v < end; v++) out[v] = word;
  }
  return new Uint8Array(out.buffer);
}

/** Bytes r, g, b, a in memory order on a little-endian machine: every platform with WebGL. */
function rgbaWord(colour: string, alpha = 255): number {
  const rgb = Number.parseInt(colour.slice(1), 16);
  return ((alpha << 24) | ((rgb & 255) << 16) | (((rgb >> 8) & 255) << 8) | (rgb >> 16)) >>> 0;
}
