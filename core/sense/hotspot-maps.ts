import { EMERGING, HOTSPOT_VARIANTS, type NotAssessable } from '../contract/sense.ts';
import { adjustedP, twoSidedP } from '../stats/benjamini-hochberg.ts';
import { type GiReason, giStar } from '../stats/getis-ord.ts';
import type { NeighbourLists } from '../stats/neighbours.ts';
import { shrunkRates } from './cell-baseline.ts';
import { emergingClasses } from './emerging-classes.ts';
import { exposureRates } from './exposure-rates.ts';

/** One category over all cells of the study area; a cell without rows has 0. Weeks are positions 0..weeks − 1, oldest first. */
export interface HotspotInput {
  readonly cells: number;
  readonly weeks: number;
  readonly neighbours: NeighbourLists;
  readonly cell: Uint32Array;
  readonly week: Uint16Array;
  readonly n: Uint32Array;
  /** 1 = the sources of the category delivered that week. */
  readonly delivered: Uint8Array;
  /** Share of the week's reports that has come in. */
  readonly completeness: Float64Array;
  /** Half-open positions; all of one series end at the same week. */
  readonly windows: readonly { readonly first: number; readonly end: number }[];
  readonly emerging: { readonly first: number; readonly end: number };
  /** Weeks of the cell's own past before a window. */
  readonly baselineWeeks: number;
  /** Persons by cell; 0 = nobody lives there; null = not known for this city. */
  readonly exposure: Float64Array | null;
}

/** Rows worth publishing, in columns, by window, variant and cell; NaN = not defined. Codes as in `contract/sense.ts`. */
export interface HotspotRows {
  readonly cell: Uint32Array;
  readonly window: Uint8Array;
  readonly variant: Uint8Array;
  readonly observed: Uint32Array;
  readonly expected: Float32Array;
  readonly z: Float32Array;
  readonly p: Float32Array;
  readonly q: Float32Array;
  readonly emerging: Uint8Array;
}
export interface HotspotResult {
  readonly rows: HotspotRows;
  readonly notAssessed: readonly { readonly variant: number; readonly window: number; readonly why: NotAssessable }[];
  /** Of the last 12 weeks of the emerging series, how many the cell was significantly hot in (counts); null = not assessed. */
  readonly hotWeeks: Uint8Array | null;
}

/** Fewer cells have no distribution to be compared with. */
export const LEAST_CELLS = 30;
/** Mean events per disk and window below which the map says nothing (METHODS.md a, resolution rule). */
export const LEAST_PER_DISK = 0.5;
const PUBLISHED_Q = 0.1;
const PERSISTENCE_WEEKS = 12;
export const NOT_EMERGING = 255;
const WHY: Record<GiReason, NotAssessable> = {
  'too-few-cells': 'too-few-cells',
  'constant-field': 'constant',
  'not-finite': 'no-model',
};

interface Map {
  readonly observed: Uint32Array;
  readonly expected: Float64Array | null;
  /** What Gi* looks at; NaN = not part of the study area of this variant. */
  readonly x: Float64Array;
}

/**
 * Gi* of one category: counts, empirical-Bayes rates per person, (O − E)/√E against the cell's own past with the city's own rise or fall
 * taken out; each window against all cells, Benjamini–Hochberg over all of them; and the emerging classes of the weekly counts.
 * Weeks that were not delivered count in no window and no past. Cost: cells × (weeks + windows × 3 × disk).
 */
export function hotspotMaps(input: HotspotInput): HotspotResult {
  const { cells, windows, neighbours } = input;
  const notAssessed: { variant: number; window: number; why: NotAssessable }[] = [];
  const refuse = (window: number, variant: number, why: NotAssessable): void => {
    notAssessed.push({ variant, window, why });
  };
  const classes = cells >= LEAST_CELLS ? emergingClasses(input) : null;
  const out = rowBuilder();
  const [z, p, q] = [new Float64Array(cells), new Float64Array(cells), new Float64Array(cells)];
  windows.forEach((span, w) => {
    const weeks = usableWeeks(input, span);
    const observed = sums(input, weeks);
    const total = observed.reduce((sum, n) => sum + n, 0);
    const meanDisk = (total * (neighbours.neighbours.length + cells)) / (cells * cells);
    HOTSPOT_VARIANTS.forEach((variant, v) => {
      const why =
        cells < LEAST_CELLS
          ? 'too-few-cells'
          : weeks.length === 0
            ? 'not-delivered'
            : total === 0
              ? 'all-zero'
              : meanDisk < LEAST_PER_DISK
                ? 'too-few-cases'
                : null;
      if (why) {
        refuse(w, v, why);
        return;
      }
      const map = mapOf(variant, input, { observed, weeks, first: span.first });
      if (typeof map === 'string') {
        refuse(w, v, map);
        return;
      }
      const assessed = giStar({ values: map.x, neighbours }, z);
      if (assessed.kind === 'not-assessable') {
        refuse(w, v, WHY[assessed.why]);
        return;
      }
      twoSidedP(z, p);
      adjustedP(p, q);
      for (let i = 0; i < cells; i++) {
        const emerging = variant === 'count' && classes ? (classes.classes[i] as number) : NOT_EMERGING;
        const speaks = (q[i] as number) <= PUBLISHED_Q || (emerging !== NOT_EMERGING && emerging !== 0);
        if (!speaks) continue;
        out.push({
          cell: i,
          window: w,
          variant: v,
          observed: observed[i] as number,
          expected: map.expected ? (map.expected[i] as number) : Number.NaN,
          z: z[i] as number,
          p: p[i] as number,
          q: q[i] as number,
          emerging,
        });
      }
    });
  });
  return { rows: out.done(), notAssessed, hotWeeks: classes ? classes.hotWeeks(PERSISTENCE_WEEKS) : null };
}

/** Weeks of a span that were delivered. */
function usableWeeks({ delivered }: HotspotInput, span: { readonly first: number; readonly end: number }): number[] {
  const weeks: number[] = [];
  for (let w = Math.max(0, span.first); w < span.end; w++) if (delivered[w] === 1) weeks.push(w);
  return weeks;
}

/** Events of every cell in these weeks. */
function sums({ cells, weeks: all, cell, week, n }: HotspotInput, weeks: readonly number[]): Uint32Array {
  const wanted = new Uint8Array(all);
  for (const w of weeks) wanted[w] = 1;
  const total = new Uint32Array(cells);
  for (let i = 0; i < n.length; i++) {
    const at = cell[i] as number;
    if (wanted[week[i] as number] === 1) total[at] = (total[at] as number) + (n[i] as number);
  }
  return total;
}

function mapOf(
  variant: (typeof HOTSPOT_VARIANTS)[number],
  input: HotspotInput,
  window: { readonly observed: Uint32Array; readonly weeks: readonly number[]; readonly first: number },
): Map | NotAssessable {
  const { observed } = window;
  switch (variant) {
    case 'count':
      return { observed, expected: null, x: Float64Array.from(observed) };
    case 'rate': {
      if (!input.exposure) return 'no-exposure';
      const rates = exposureRates(observed, input.exposure);
      return rates ? { observed, expected: rates.expected, x: rates.posterior } : 'no-model';
    }
    case 'change': {
      const past = usableWeeks(input, { first: window.first - input.baselineWeeks, end: window.first });
      if (past.length < input.baselineWeeks / 2) return 'too-few-periods';
      const rates = shrunkRates(sums(input, past), { neighbours: input.neighbours, periods: past.length });
      const weeks = window.weeks.reduce((sum, w) => sum + (input.completeness[w] as number), 0);
      let [all, seen] = [0, 0];
      for (let i = 0; i < rates.length; i++) {
        all += (rates[i] as number) * weeks;
        seen += observed[i] as number;
      }
      if (!(all > 0)) return 'too-few-cases';
      const city = seen / all;
      const expected = rates.map((rate) => rate * weeks * city);
      return { observed, expected, x: expected.map((e, i) => ((observed[i] as number) - e) / Math.sqrt(e)) };
    }
    default:
      return variant satisfies never;
  }
}

interface Row {
  readonly cell: number;
  readonly window: number;
  readonly variant: number;
  readonly observed: number;
  readonly expected: number;
  readonly z: number;
  readonly p: number;
  readonly q: number;
  readonly emerging: number;
}

function rowBuilder(): { push: (row: Row) => void; done: () => HotspotRows } {
  const rows: Row[] = [];
  return {
    push: (row) => {
      rows.push(row);
    },
    done: () => ({
      cell: Uint32Array.from(rows, (row) => row.cell),
      window: Uint8Array.from(rows, (row) => row.window),
      variant: Uint8Array.from(rows, (row) => row.variant),
      observed: Uint32Array.from(rows, (row) => row.observed),
      expected: Float32Array.from(rows, (row) => row.expected),
      z: Float32Array.from(rows, (row) => row.z),
      p: Float32Array.from(rows, (row) => row.p),
      q: Float32Array.from(rows, (row) => row.q),
      emerging: Uint8Array.from(rows, (row) => row.emerging),
    }),
  };
}

export const emergingName = (code: number): (typeof EMERGING)[number] | null => EMERGING[code] ?? null;
