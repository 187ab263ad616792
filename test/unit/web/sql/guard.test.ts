import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOCK } from '../../../../web/src/rooms/desk/sql/fill.ts';
import { guard, ROW_CAP } from '../../../../web/src/rooms/desk/sql/guard.ts';
import { QueryRefused } from '../../../../web/src/rooms/desk/sql/problem.ts';
import { runGuarded } from '../../../../web/src/rooms/desk/sql/run.ts';
import { consoleDuckdb } from '../../../support/console-duckdb.ts';

/** The WebAssembly engine of the browser itself: what it lets through here it lets through there. */
let db: Awaited<ReturnType<typeof consoleDuckdb>>;

beforeAll(async () => {
  db = await consoleDuckdb();
  await db.run('CREATE TABLE incidents AS SELECT range AS id, range % 7 AS category FROM range(1000)');
  await db.run(`CREATE VIEW seen AS SELECT * FROM incidents`);
  for (const setting of LOCK) await db.run(setting);
}, 60_000);
afterAll(() => db?.close());

/** What the database is: equal before and after, whatever was tried. */
async function fingerprint(): Promise<string> {
  const of = async (sql: string) => JSON.stringify((await runGuarded(db, sql)).sheet.rows);
  return [
    await of('SELECT count(*), sum(id), sum(category) FROM incidents'),
    await of('SELECT table_name, column_count FROM duckdb_tables() ORDER BY 1'),
    await of('SELECT view_name FROM duckdb_views() WHERE NOT internal ORDER BY 1'),
    await of('SELECT name, value FROM duckdb_settings() ORDER BY 1'),
    await of('SELECT database_name FROM duckdb_databases() ORDER BY 1'),
    await of('SELECT extension_name FROM duckdb_extensions() WHERE loaded ORDER BY 1'),
    await of('SELECT function_name FROM duckdb_functions() WHERE NOT internal ORDER BY 1'),
  ].join('\n');
}

const HOSTILE = [
  `COPY incidents TO 'out.csv'`,
  `COPY (SELECT * FROM incidents) TO 'out.parquet' (FORMAT PARQUET)`,
  `COPY incidents FROM 'in.csv'`,
  `EXPORT DATABASE 'x'`,
  `IMPORT DATABASE 'x'`,
  `ATTACH 'other.db' AS other`,
  `ATTACH ':memory:' AS other`,
  `DETACH memory`,
  `USE memory`,
  `INSTALL httpfs`,
  `LOAD httpfs`,
  `FORCE INSTALL json`,
  `PRAGMA database_list`,
  `PRAGMA threads=4`,
  `SET threads=2`,
  `SET enable_external_access=true`,
  `SET SESSION lock_configuration=false`,
  `RESET lock_configuration`,
  `SET VARIABLE x = 1`,
  `INSERT INTO incidents VALUES (1, 1)`,
  `UPDATE incidents SET category = 0`,
  `DELETE FROM incidents`,
  `TRUNCATE incidents`,
  `MERGE INTO incidents USING incidents b ON true WHEN MATCHED THEN DELETE`,
  `CREATE TABLE t (a INT)`,
  `CREATE TEMP TABLE t AS SELECT 1`,
  `CREATE OR REPLACE VIEW seen AS SELECT 1`,
  `CREATE MACRO f(a) AS a`,
  `CREATE TYPE mood AS ENUM ('a')`,
  `CREATE SECRET s (TYPE S3)`,
  `ALTER TABLE incidents DROP COLUMN category`,
  `DROP TABLE incidents`,
  `DROP VIEW seen`,
  `CALL pragma_version()`,
  `CHECKPOINT`,
  `VACUUM`,
  `ANALYZE`,
  `BEGIN TRANSACTION`,
  `PREPARE p AS SELECT 1`,
  `EXECUTE p`,
  `DEALLOCATE p`,
  `COMMENT ON TABLE incidents IS 'x'`,
  `EXPLAIN ANALYZE DELETE FROM incidents`,
  `EXPLAIN ANALYZE INSERT INTO incidents VALUES (1, 1)`,
  `EXPLAIN COPY incidents TO 'x.csv'`,
  // Two statements, in every disguise.
  `SELECT 1; DROP TABLE incidents`,
  `SELECT 1;; DELETE FROM incidents;`,
  `SELECT ';' ; DROP TABLE incidents`,
  `SELECT 1 /* ; */ ; DROP TABLE incidents -- `,
  `SELECT $$ ; $$ ; DROP TABLE incidents`,
  // Out of the bracket it is put into.
  `SELECT 1) LIMIT 1; DROP TABLE incidents; SELECT * FROM (SELECT 1`,
  `SELECT 1) AS x; DELETE FROM incidents; --`,
  `SELECT 1 /* ) */ ) ; DROP TABLE incidents; SELECT (1`,
  `SELECT ')' ) ; DROP TABLE incidents; (SELECT 1`,
  // Writing inside a query.
  `WITH gone AS (DELETE FROM incidents RETURNING *) SELECT * FROM gone`,
  `WITH made AS (INSERT INTO incidents VALUES (1, 1) RETURNING id) SELECT * FROM made`,
  `SELECT * FROM (DROP TABLE incidents)`,
  // Outside, through a function or a name.
  `SELECT * FROM read_csv('/etc/passwd')`,
  `SELECT * FROM read_csv_auto('https://example.org/x.csv')`,
  `SELECT * FROM read_text('/etc/passwd')`,
  `SELECT * FROM read_blob('manifest.json')`,
  `SELECT * FROM read_parquet('s3://bucket/x.parquet')`,
  `SELECT * FROM read_json('x.json')`,
  `SELECT * FROM glob('*')`,
  `SELECT * FROM 'data.csv'`,
  `SELECT * FROM '/etc/passwd'`,
  `SELECT * FROM "https://example.org/x.csv"`,
  // Functions that change, or that run a text.
  `SELECT * FROM enable_logging()`,
  `SELECT * FROM "enable_logging"()`,
  `SELECT * FROM disable_logging()`,
  `SELECT * FROM checkpoint()`,
  `SELECT * FROM force_checkpoint()`,
  `SELECT * FROM query('DROP TABLE incidents')`,
  `SELECT * FROM query('SELECT * FROM enable_logging()')`,
  `SELECT * FROM query_table('incidents')`,
  `SELECT getenv('HOME')`,
];

describe('hostile statements', () => {
  it('are more than forty', () => expect(HOSTILE.length).toBeGreaterThanOrEqual(40));

  it.each(HOSTILE)('%s is refused and changes nothing', async (sql) => {
    const before = await fingerprint();
    await expect(runGuarded(db, sql)).rejects.toBeInstanceOf(QueryRefused);
    expect(await fingerprint()).toBe(before);
  });

  it('what the text check lets through, the engine still refuses: it is prepared as a query in a bracket', async () => {
    const wrapped = (sql: string) => `SELECT * FROM (\n${sql}\n) LIMIT ${ROW_CAP + 1}`;
    const before = await fingerprint();
    for (const sql of HOSTILE.filter((text) => !/enable_logging|disable_logging|checkpoint\(|query/i.test(text)))
      await expect(db.runPrepared(wrapped(sql)), sql).rejects.toThrow();
    expect(await fingerprint()).toBe(before);
  });
});

describe('queries', () => {
  const rows = async (sql: string) => (await runGuarded(db, sql)).sheet.rows;

  it.each([
    'SELECT 1',
    'SELECT 1;',
    'SELECT 1 -- a comment',
    'SELECT 1 /* ; DROP TABLE incidents */',
    `SELECT 'it''s; fine' AS "a;b"`,
    'WITH a AS (SELECT 1 AS x) SELECT * FROM a',
    'FROM incidents LIMIT 1',
    'VALUES (1)',
    'TABLE incidents',
    '(SELECT 1)',
    'DESCRIBE incidents',
    'SUMMARIZE incidents',
    'SHOW TABLES',
    'EXPLAIN SELECT count(*) FROM incidents',
    'EXPLAIN ANALYZE SELECT count(*) FROM incidents',
    '-- first a comment\nSELECT 1',
  ])('%s runs', async (sql) => {
    expect((await rows(sql)).length).toBeGreaterThan(0);
  });

  it('keep the order they ask for, and names that come twice', async () => {
    const { sheet } = await runGuarded(db, 'SELECT id, id FROM incidents ORDER BY id DESC');
    expect(sheet.rows.slice(0, 2)).toEqual([
      [999, 999],
      [998, 998],
    ]);
    expect(sheet.columns.map(({ name }) => name)).toEqual(['id', 'id_1']);
  });

  it('are cut at the cap, and say so', async () => {
    const capped = await runGuarded(db, `SELECT * FROM range(${ROW_CAP + 1})`);
    expect([capped.sheet.rows.length, capped.capped]).toEqual([ROW_CAP, true]);
    const whole = await runGuarded(db, `SELECT * FROM range(${ROW_CAP})`);
    expect([whole.sheet.rows.length, whole.capped]).toEqual([ROW_CAP, false]);
  });

  it('give dates, moments, big numbers, nulls and lists as they can be read', async () => {
    const sql = `SELECT DATE '2026-11-22' AS day, TIMESTAMP '2026-11-22 13:05:00' AS at, 9007199254740993::UBIGINT AS big,
      NULL AS none, [1, 2] AS list, 1.5::DECIMAL(4, 1) AS half, true AS yes, sum(id) AS total FROM incidents`;
    const [row] = await rows(sql);
    expect(row).toEqual(['2026-11-22', '2026-11-22 13:05:00', '9007199254740993', null, '[1,2]', 1.5, 'true', 499_500]);
  });

  it('that fail name the line of the own text and what to do', async () => {
    const failed = await runGuarded(db, 'SELECT id\nFROM incidents\nWHERE nothing = 1').catch(
      (thrown: unknown) => thrown,
    );
    expect(failed).toBeInstanceOf(QueryRefused);
    expect((failed as QueryRefused).problem).toMatchObject({ kind: 'error', line: 3, advice: 'column' });
  });

  it.each([
    ['', 'empty'],
    [' -- only a comment', 'empty'],
    ['SELECT 1; SELECT 2', 'several'],
    ['DROP TABLE incidents', 'not-a-query'],
    ['SELECT 1)', 'unbalanced'],
    ["SELECT * FROM query('SELECT 1')", 'function'],
  ])('%j is refused as %s', (sql, why) => {
    expect(guard(sql)).toMatchObject({ kind: 'refused', why });
  });
});
