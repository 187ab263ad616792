import { gridDisk } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { shrunkRates } from '../../../core/sense/cell-baseline.ts';
import { type HotspotInput, hotspotMaps } from '../../../core/sense/hotspot-maps.ts';
import { diskNeighbours } from '../../../core/stats/neighbours.ts';
import { Random } from '../../../core/stats/random.ts';

const CELLS = gridDisk('88309d8a2bfffff', 8).sort();
const NEIGHBOURS = diskNeighbours(CELLS, { k: 1 });
const WEEKS = 64;

function made(events: (cell: number, week: number) => number, change: Partial<HotspotInput> = {}): HotspotInput {
  const cells = change.cells ?? CELLS.length;
  const weeks = change.weeks ?? WEEKS;
  const [cell, week, n]: number[][] = [[], [], []];
  for (let w = 0; w < weeks; w++)
    for (let c = 0; c < cells; c++) {
      const count = events(c, w);
      if (count === 0) continue;
      cell?.push(c);
      week?.push(w);
      n?.push(count);
    }
  return {
    cells,
    weeks,
    neighbours: NEIGHBOURS,
    cell: Uint32Array.from(cell as number[]),
    week: Uint16Array.from(week as number[]),
    n: Uint32Array.from(n as number[]),
    delivered: new Uint8Array(weeks).fill(1),
    completeness: new Float64Array(weeks).fill(1),
    windows: [
      { first: weeks - 4, end: weeks },
      { first: weeks - 12, end: weeks },
    ],
    emerging: { first: weeks - 26, end: weeks },
    baselineWeeks: 52,
    exposure: null,
    ...change,
  };
}

describe('hot spots of a category', () => {
  const random = new Random(5);
  const noise = Uint8Array.from({ length: CELLS.length * WEEKS }, () => random.poisson(1));
  const centre = CELLS.indexOf('88309d8a2bfffff');
  const hot = new Set([
    centre,
    ...NEIGHBOURS.neighbours.subarray(NEIGHBOURS.offsets[centre], NEIGHBOURS.offsets[centre + 1]),
  ]);
  const flat = (cell: number, week: number): number => noise[week * CELLS.length + cell] as number;

  it('finds a new concentration by count and by change, and no other way without persons', () => {
    const { rows, notAssessed } = hotspotMaps(
      made((cell, week) => flat(cell, week) + (hot.has(cell) && week >= WEEKS - 4 ? 6 : 0)),
    );
    const found = new Set(
      rows.cell.filter((_, i) => rows.window[i] === 0 && rows.variant[i] === 2 && (rows.q[i] as number) < 0.01),
    );
    for (const cell of hot) expect(found.has(cell)).toBe(true);
    const byCount = rows.variant.findIndex(
      (variant, i) => variant === 0 && rows.cell[i] === centre && rows.window[i] === 0,
    );
    expect(rows.z[byCount]).toBeGreaterThan(5);
    expect(rows.expected[byCount]).toBeNaN();
    expect(notAssessed).toEqual([
      { variant: 1, window: 0, why: 'no-exposure' },
      { variant: 1, window: 1, why: 'no-exposure' },
    ]);
  });

  it('does not take a place that always had many for a change', () => {
    const { rows } = hotspotMaps(made((cell, week) => flat(cell, week) + (hot.has(cell) ? 6 : 0)));
    expect(rows.cell.some((cell, i) => cell === centre && rows.variant[i] === 0 && (rows.q[i] as number) < 0.01)).toBe(
      true,
    );
    expect(rows.cell.some((cell, i) => cell === centre && rows.variant[i] === 2 && (rows.q[i] as number) < 0.1)).toBe(
      false,
    );
  });

  it('does not take a rise of the whole city for a change of its busy places', () => {
    const busy = (cell: number): number => (hot.has(cell) ? 8 : 1);
    const { rows } = hotspotMaps(made((cell, week) => (flat(cell, week) + busy(cell)) * (week >= WEEKS - 4 ? 2 : 1)));
    expect(
      rows.cell.some(
        (cell, i) => cell === centre && rows.variant[i] === 2 && rows.window[i] === 0 && (rows.q[i] as number) < 0.05,
      ),
    ).toBe(false);
  });

  it('leaves weeks out that were not delivered', () => {
    const delivered = new Uint8Array(WEEKS).fill(1);
    delivered[WEEKS - 1] = 0;
    const input = made((cell, week) => flat(cell, week) + (hot.has(cell) && week === WEEKS - 1 ? 50 : 0), {
      delivered,
    });
    const { rows } = hotspotMaps(input);
    expect(rows.cell.some((cell, i) => cell === centre && (rows.q[i] as number) < 0.05)).toBe(false);
    const nothing = hotspotMaps({ ...input, delivered: new Uint8Array(WEEKS) });
    expect(nothing.rows.cell.length).toBe(0);
    expect(nothing.notAssessed.every(({ why }) => why === 'not-delivered')).toBe(true);
  });

  it('of one cell, no report, too few reports, one week says why, and nothing else', () => {
    const one = hotspotMaps(made(() => 5, { cells: 1, neighbours: diskNeighbours([CELLS[0] as string], { k: 1 }) }));
    expect(one.rows.cell.length).toBe(0);
    expect(new Set(one.notAssessed.map(({ why }) => why))).toEqual(new Set(['too-few-cells']));
    expect(one.hotWeeks).toBeNull();
    const zeros = hotspotMaps(made(() => 0));
    expect(new Set(zeros.notAssessed.map(({ why }) => why))).toEqual(new Set(['all-zero']));
    const few = hotspotMaps(made((cell, week) => (cell === 3 && week === WEEKS - 1 ? 1 : 0)));
    expect(new Set(few.notAssessed.map(({ why }) => why))).toEqual(new Set(['too-few-cases']));
    const week = hotspotMaps(
      made((cell) => cell % 7, { weeks: 1, windows: [{ first: 0, end: 1 }], emerging: { first: 0, end: 1 } }),
    );
    expect(week.notAssessed).toContainEqual({ variant: 2, window: 0, why: 'too-few-periods' });
    expect(week.rows.emerging.every((code) => code === 255)).toBe(true);
    const constant = hotspotMaps(made(() => 3));
    expect(constant.notAssessed).toContainEqual({ variant: 0, window: 0, why: 'constant' });
  });
});

describe('the past of a cell', () => {
  it('is drawn to its surroundings, and never 0 where the city had any event', () => {
    const past = new Float64Array(CELLS.length);
    past[10] = 520;
    const rates = shrunkRates(past, { neighbours: NEIGHBOURS, periods: 52 });
    expect(rates[10]).toBeLessThan(10);
    expect(rates[10]).toBeGreaterThan(7);
    expect(rates.every((rate) => rate > 0)).toBe(true);
    expect(
      shrunkRates(new Float64Array(CELLS.length), { neighbours: NEIGHBOURS, periods: 52 }).every(Number.isNaN),
    ).toBe(true);
  });
});
