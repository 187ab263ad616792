import { type Sql, sql, uint16 } from './sql.ts';

/** Tables of the query worker, and how a loaded file enters them. Queries over them: queries.ts. */
export const CREATE_TABLES: readonly Sql[] = [
  sql`CREATE OR REPLACE TABLE facts (
    cell_id UINTEGER, res UTINYINT, week USMALLINT, source UTINYINT, category USMALLINT, division UINTEGER,
    hours UTINYINT)`,
  sql`CREATE OR REPLACE TABLE summary (
    week USMALLINT, source UTINYINT, category USMALLINT, located UTINYINT, n UINTEGER)`,
];

/** Name of the table into which one Arrow file is read before it is appended. */
export const INCOMING = 'incoming';

/** @param monday day number of the Monday of the snapshot's first week */
export const appendIncoming = (monday: number): readonly Sql[] => [
  sql`INSERT INTO facts
  SELECT cell_id, res, ((day - ${uint16(monday)}) // 7)::USMALLINT, source, category, division,
    (CASE WHEN hour IS NULL THEN 168 + (day + 3) % 7 ELSE (day + 3) % 7 * 24 + hour END)::UTINYINT
  FROM incoming`,
  sql`INSERT INTO summary
  SELECT ((day - ${uint16(monday)}) // 7)::USMALLINT AS week, source, category,
    (CASE WHEN cell_id IS NOT NULL THEN 1 WHEN division IS NOT NULL THEN 2 ELSE 0 END)::UTINYINT AS located, count(*)::UINTEGER AS n
  FROM incoming
  GROUP BY 1, 2, 3, 4
  ORDER BY 1, 2, 3, 4`,
  sql`DROP TABLE incoming`,
];

/** Files overlap in weeks at their edges; one row a combination is left. */
export const COMPACT_SUMMARY: readonly Sql[] = [
  sql`CREATE OR REPLACE TABLE summary AS
  SELECT week, source, category, located, sum(n)::UINTEGER AS n
  FROM summary
  GROUP BY week, source, category, located
  ORDER BY week, source, category, located`,
];
