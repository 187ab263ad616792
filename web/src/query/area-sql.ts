import type { WholeRange } from '../../../core/grid/cell-tree.ts';
import { join, type Sql, sql, uint8, uint32 } from './sql.ts';

/**
 * Beyond this many ranges a mask is joined. DuckDB 1.5, one thread, 5 M rows grouped by week × source × category: 1 range 42 ms as predicate, 99 ms
 * as mask; 4 ranges 525 and 397 ms; 64 ranges 3,100 and 726 ms; 256 ranges 18,700 and 466 ms (the area grows with them).
 */
const FEW = 2;

/** Rows of `facts` whose published place lies wholly in the area. */
export function inArea(area: readonly WholeRange[]): Sql {
  const [first, last] = [area[0], area.at(-1)];
  if (!first || !last) return sql`FALSE`;
  if (area.length <= FEW) {
    const ranges = area.map(
      ({ id, end, res }) =>
        sql`(facts.cell_id >= ${uint32(id)} AND facts.cell_id < ${uint32(end)} AND facts.res >= ${uint8(res)})`,
    );
    return sql`(${join(ranges, ' OR ')})`;
  }
  return sql`(facts.cell_id >= ${uint32(first.id)} AND facts.cell_id < ${uint32(last.end)} AND ${inMask(area, sql`mask.res <= facts.res`)})`;
}

/** Rows of `facts` that are known no better than to a coarser cell, which lies in the area only in part. */
export function partlyInArea(inPart: readonly WholeRange[]): Sql {
  return inPart.length === 0 ? sql`FALSE` : inMask(inPart, sql`mask.res = facts.res`);
}

/** One text for any number of ranges, so that a prepared statement serves them all. */
function inMask(ranges: readonly WholeRange[], rule: Sql): Sql {
  const list = JSON.stringify(ranges.map(({ id, end, res }) => [id, end, res]));
  return sql`EXISTS (
    SELECT 1
    FROM (
      SELECT unnest(range(part[1], part[2]))::UINTEGER AS cell_id, part[3]::UTINYINT AS res
      FROM (SELECT unnest(CAST(${list} AS UINTEGER[][])) AS part)) AS mask
    WHERE mask.cell_id = facts.cell_id AND ${rule})`;
}
