import type { DailyCounts } from '../../../core/brief/input.ts';
import { FACTS } from '../../../core/contract/tables.ts';
import { openTable } from './decode.ts';
import type { Snapshot } from './snapshot.ts';

/** Incidents of some days, read from the facts of just those periods: no query engine is needed. */
export interface DayFacts {
  readonly daily: DailyCounts;
  /** Located incidents of `rowsOf`, one a row. */
  readonly rows: {
    readonly cell: Uint32Array;
    /** Finest resolution at which the cell may be read. */
    readonly res: Uint8Array;
    readonly category: Uint16Array;
    readonly source: Uint8Array;
  };
}

interface Span {
  readonly firstDay: number;
  readonly endDay: number;
}

/**
 * @param spans days to be counted by source, half-open
 * @param rowsOf days whose located incidents are wanted one by one
 */
export async function readDayFacts(snapshot: Snapshot, spans: readonly Span[], rowsOf: Span): Promise<DayFacts> {
  const files = snapshot.manifest.files.filter(
    ({ kind, period }) =>
      kind === 'facts' &&
      period !== null &&
      [...spans, rowsOf].some((span) => period.firstDay < span.endDay && period.endDay > span.firstDay),
  );
  const counts = new Map<number, Map<number, number>>();
  const rows = { cell: [] as number[], res: [] as number[], category: [] as number[], source: [] as number[] };
  await Promise.all(
    files.map(async ({ path }) => {
      const table = openTable(await snapshot.bytesOnce(path), path, FACTS);
      const column = (name: string) => table.getChild(name).toArray() as ArrayLike<number | null>;
      const [day, source, category, res] = [column('day'), column('source'), column('category'), column('res')];
      const cell = column('cell_id');
      for (let i = 0; i < table.numRows; i++) {
        const [on, from] = [Number(day[i]), Number(source[i])];
        if (spans.some((span) => on >= span.firstDay && on < span.endDay)) {
          const days = counts.get(from) ?? new Map<number, number>();
          counts.set(from, days);
          days.set(on, (days.get(on) ?? 0) + 1); // first of its day
        }
        if (on < rowsOf.firstDay || on >= rowsOf.endDay || cell[i] === null || Number(res[i]) === 0) continue;
        rows.cell.push(Number(cell[i]));
        rows.res.push(Number(res[i]));
        rows.category.push(Number(category[i]));
        rows.source.push(from);
      }
    }),
  );
  return {
    daily: { spans, counts },
    rows: {
      cell: Uint32Array.from(rows.cell),
      res: Uint8Array.from(rows.res),
      category: Uint16Array.from(rows.category),
      source: Uint8Array.from(rows.source),
    },
  };
}
