import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FileEntry } from '../../../core/contract/manifest.ts';
import { beyondBudget, ROW_BUDGET } from '../../../web/src/query/row-budget.ts';
import { sharesOf } from '../../../web/src/query/scan/layout.ts';

describe('shares of the city', () => {
  const coarse = fc
    .array(fc.record({ cells: fc.integer({ min: 1, max: 50 }), n: fc.nat(10_000) }), { minLength: 1, maxLength: 40 })
    .map((rows) => {
      let end = 0;
      const endId = rows.map(({ cells }) => {
        end += cells;
        return end;
      });
      return { endId, n: rows.map(({ n }) => n) };
    });

  it('cover every cell once, end at edges of the coarsest cells, and one of them takes who is in no cell', () =>
    fc.assert(
      fc.property(coarse, fc.integer({ min: 1, max: 4 }), (cells, workers) => {
        const shares = sharesOf(cells, workers);
        expect(shares).toHaveLength(workers);
        let next = 0;
        for (const { firstCell, endCell } of shares) {
          expect(firstCell).toBe(next);
          expect(endCell).toBeGreaterThanOrEqual(firstCell);
          expect([0, ...cells.endId]).toContain(endCell);
          next = endCell;
        }
        expect(next).toBe(cells.endId.at(-1));
        expect(shares.filter(({ unlocated }) => unlocated)).toHaveLength(1);
      }),
    ));

  it('are as even as the largest cell at the edge allows', () =>
    fc.assert(
      fc.property(coarse, (cells) => {
        const total = cells.n.reduce((sum, n) => sum + n, 0);
        const [first] = sharesOf(cells, 2);
        const inFirst = cells.n.reduce(
          (sum, n, i) => sum + ((cells.endId[i] as number) <= (first?.endCell ?? 0) ? n : 0),
          0,
        );
        expect(Math.abs(inFirst - total / 2)).toBeLessThanOrEqual(Math.max(...cells.n) / 2 + 1);
      }),
    ));
});

describe('row budget', () => {
  const facts = (rows: number): Pick<FileEntry, 'kind' | 'rows'> => ({ kind: 'facts', rows });
  it('counts incidents only', () => {
    const files = [facts(ROW_BUDGET), { kind: 'cube', rows: 99 }] as FileEntry[];
    expect(beyondBudget({ files })).toBe(0);
    expect(beyondBudget({ files: [...files, facts(7) as FileEntry] })).toBe(7);
  });
});
