import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DOUBLE, type DuckDBType, INTEGER, UBIGINT, UINTEGER, USMALLINT, UTINYINT } from '@duckdb/node-api';
import { columnAppender, type Duck } from '../io/duck.ts';
import { INCIDENT_COLUMNS, type IncidentBatch } from './incident-batch.ts';

const TYPES: Record<(typeof INCIDENT_COLUMNS)[number][1], DuckDBType> = {
  UTINYINT,
  USMALLINT,
  UINTEGER,
  INTEGER,
  UBIGINT,
  DOUBLE,
};

/** Where the accepted rows of all files come together before duplicates and corrections are settled. */
export async function openStaging(duck: Duck): Promise<{ append: (batch: IncidentBatch) => void; close: () => void }> {
  await duck.run(
    `CREATE TABLE staging (${INCIDENT_COLUMNS.map(([name, type]) => `${name} ${type} NOT NULL`).join(', ')})`,
  );
  const appender = await columnAppender(
    duck,
    'staging',
    INCIDENT_COLUMNS.map(([, type]) => TYPES[type]),
  );
  return {
    append: (batch) =>
      appender.append(
        INCIDENT_COLUMNS.map(([name]) => batch.columns[name]),
        batch.length,
      ),
    close: appender.close,
  };
}

export interface Superseded {
  readonly seq: bigint;
  readonly reason: 'duplicate-id' | 'superseded' | 'deleted';
  /** The row that counts instead; null for a deletion. */
  readonly by: bigint | null;
}

/** Content of a row apart from where it stood: two rows alike in these are one report delivered twice. */
const CONTENT = [
  'source',
  'revision',
  'cell_id',
  'res',
  'day',
  'hour',
  'category',
  'severity',
  'stage',
  'close_hours',
  'division',
  'reported_minute',
  'deleted',
];

/**
 * One row per (feed, id): the highest revision, then the later record of the later file. Makes table `incident` and returns what was
 * set aside. A deletion wins like any other revision and leaves nothing.
 */
export async function settleRevisions(duck: Duck): Promise<Superseded[]> {
  await duck.run(`CREATE TEMP TABLE contested AS
    SELECT feed, id_high, id_low FROM staging GROUP BY feed, id_high, id_low HAVING count(*) > 1`);
  const same = CONTENT.map((name) => `r.${name} = w.${name}`).join(' AND ');
  await duck.run(`CREATE TEMP TABLE ranked AS
    SELECT s.*, row_number() OVER (PARTITION BY s.feed, s.id_high, s.id_low ORDER BY s.revision DESC, s.seq DESC) AS place
    FROM staging s JOIN contested c ON s.feed = c.feed AND s.id_high = c.id_high AND s.id_low = c.id_low`);
  await duck.run(`CREATE TEMP TABLE aside AS
    SELECT r.seq AS seq, CASE WHEN ${same} THEN 'duplicate-id' ELSE 'superseded' END AS reason, w.seq AS by_seq
    FROM ranked r JOIN ranked w ON w.feed = r.feed AND w.id_high = r.id_high AND w.id_low = r.id_low AND w.place = 1
    WHERE r.place > 1`);
  await duck.run(`INSERT INTO aside
    SELECT s.seq, 'deleted', NULL FROM staging s WHERE s.deleted = 1 AND NOT EXISTS (SELECT 1 FROM aside a WHERE a.seq = s.seq)`);
  await duck.run(
    `CREATE TABLE incident AS SELECT s.* FROM staging s WHERE NOT EXISTS (SELECT 1 FROM aside a WHERE a.seq = s.seq)`,
  );
  const aside = await duck.rows<{ seq: bigint; reason: Superseded['reason']; by_seq: bigint | null }>(
    'SELECT seq, reason, by_seq FROM aside ORDER BY seq',
  );
  await duck.run('DROP TABLE staging; DROP TABLE contested; DROP TABLE ranked; DROP TABLE aside');
  return aside.map((row) => ({ seq: row.seq, reason: row.reason, by: row.by_seq }));
}

/**
 * Parquet per source and month, written whole into a new folder and swapped in by rename: `incidents/source=<n>/month=<yyyymm>/`.
 * Holds the keyed ids; never served.
 */
export async function writeStore(duck: Duck, store: string): Promise<void> {
  const target = join(store, 'incidents');
  const temporary = `${target}.tmp-${process.pid}`;
  const old = `${target}.old-${process.pid}`;
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary, { recursive: true });
  await duck.run(`COPY (
      SELECT i.*, d.month AS month FROM incident i JOIN calendar d ON d.day = i.day
    ) TO '${temporary.replaceAll("'", "''")}' (FORMAT parquet, PARTITION_BY (source, month), WRITE_PARTITION_COLUMNS true, OVERWRITE_OR_IGNORE true)`);
  if (existsSync(target)) renameSync(target, old);
  renameSync(temporary, target);
  rmSync(old, { recursive: true, force: true });
}
