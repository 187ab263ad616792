import { gridDisk, latLngToCell } from 'h3-js';
import type { EventStream } from '../../core/evaluate/event-stream.ts';
import { Random } from '../../core/stats/random.ts';

/** A made stream of 37 cells: Poisson counts, one event in three reported up to 6 days late. */
export function smallStream(given: {
  readonly seed: number;
  readonly days: number;
  readonly perCellDay: number;
}): EventStream {
  const random = new Random(given.seed);
  const cells = gridDisk(latLngToCell(31.299, 120.585, 8), 3);
  const rows: { day: number; cell: number; delay: number }[] = [];
  for (let day = 0; day < given.days; day++)
    for (let cell = 0; cell < cells.length; cell++)
      for (let n = random.poisson(given.perCellDay); n > 0; n--)
        rows.push({ day, cell, delay: random.uniform() < 1 / 3 ? 1 + random.below(6) : 0 });
  const half = Math.floor(given.days / 2);
  return {
    name: `small ${given.seed}`,
    cells,
    epochDay: 18_262,
    days: given.days,
    dayClass: Uint8Array.from({ length: given.days }, (_, day) => (day % 7 < 5 ? day % 7 : 6)),
    occurredDay: Uint16Array.from(rows, ({ day }) => day),
    cell: Uint32Array.from(rows, ({ cell }) => cell),
    delayDays: Uint8Array.from(rows, ({ delay }) => delay),
    n: new Uint16Array(rows.length).fill(1),
    calibration: { firstDay: 60, lastDay: half - 1 },
    test: { firstDay: half, lastDay: given.days - 1 },
  };
}
