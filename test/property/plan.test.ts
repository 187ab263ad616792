import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DuckDBType, INTEGER, UINTEGER, USMALLINT, UTINYINT } from '@duckdb/node-api';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { columnAppender, type Duck, openDuck } from '../../pipelines/io/duck.ts';
import {
  type AggregatePlan,
  CUBE_RESOLUTIONS,
  cubePlan,
  DIMENSIONS,
  type Dimension,
  overviewPlan,
  reportingPlan,
  toSql,
  UNIT_PLANS,
} from '../../pipelines/sql/plan.ts';

/** The engine seam (TRUST.md D): what the plans may say in SQL, and that a second engine, here a few lines of TypeScript, says the same. */
const PLANS: readonly AggregatePlan[] = [
  ...Object.values(UNIT_PLANS),
  overviewPlan(7),
  overviewPlan(8),
  ...CUBE_RESOLUTIONS.map(cubePlan),
  reportingPlan({ firstDay: 20_000, endDay: 20_728 }),
];
const names = Object.keys(DIMENSIONS) as Dimension[];

const anyPlan = fc
  .record({
    by: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 5 }),
    where: fc.array(
      fc.record({
        dimension: fc.constantFrom(...names),
        is: fc.constantFrom('=' as const, '<>' as const, '>=' as const, '<' as const),
        value: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 2 },
    ),
    measures: fc.uniqueArray(
      fc.constantFrom(
        { kind: 'count' as const, as: 'n' },
        { kind: 'min' as const, of: 'day' as const, as: 'first_day' },
        { kind: 'max' as const, of: 'day' as const, as: 'last_day' },
        { kind: 'min' as const, of: 'reported_minute' as const, as: 'first_seen' },
        { kind: 'max' as const, of: 'reported_minute' as const, as: 'as_of' },
      ),
      { minLength: 1, selector: (measure) => measure.as },
    ),
  })
  .map((plan): AggregatePlan => ({ name: 'any', ...plan }));

/** Words an engine of another make reads as well, and the same way. Everything else is a fault. */
const WORDS = new Set(
  'SELECT FROM JOIN ON WHERE AND GROUP BY ORDER CAST AS INTEGER count min max incident category_group division_parent'.split(
    ' ',
  ),
);
const COLUMNS = new Set([
  ...Object.values(DIMENSIONS).map(({ column }) => column as string),
  ...['category', 'division', 'cell_id', 'day', 'reported_minute'],
]);

function faultsOf(sql: string, plan: AggregatePlan): string[] {
  const made = new Set([...plan.by.map((name) => `by_${name}`), ...plan.measures.map((measure) => measure.as)]);
  const words = sql.match(/[A-Za-z_][A-Za-z_0-9]*/g) ?? [];
  const faults = words.filter((word) => !WORDS.has(word) && !COLUMNS.has(word) && !made.has(word));
  if (/\d\.\d|'|"|;|--|\/|%|\|\||::|\[/.test(sql)) faults.push('a sign that engines read differently');
  if (
    /\b(round|avg|stddev|median|length|substr|date_trunc|interval|not\s+in|float|double|real|decimal|now|current_|lag|distinct|null)/i.test(
      sql,
    )
  )
    faults.push('a function or type that engines read differently');
  // An alias that is a column of the same name is an illegal aggregation elsewhere.
  for (const [, alias] of sql.matchAll(/ AS (\w+)/g)) if (COLUMNS.has(alias as string)) faults.push(`alias ${alias}`);
  // Every column of the result that is no measure is grouped and ordered by: the order is total, the key unique.
  const grouped = /GROUP BY (.*)/.exec(sql)?.[1]?.split(', ') ?? [];
  const ordered = /ORDER BY (.*)/.exec(sql)?.[1]?.split(', ') ?? [];
  if (grouped.join() !== plan.by.map((name) => `${DIMENSIONS[name].table}.${DIMENSIONS[name].column}`).join())
    faults.push('groups by something else than its keys');
  if (ordered.join() !== plan.by.map((name) => `by_${name}`).join()) faults.push('is not ordered by its keys');
  if (!/ORDER BY [^\n]*$/.test(sql)) faults.push('says something after its order');
  return faults;
}

describe('the SQL of the plans', () => {
  it.each(PLANS.map((plan) => [plan.name, plan] as const))('%s stays in the portable subset', (_, plan) => {
    expect(faultsOf(toSql(plan), plan)).toEqual([]);
  });

  it('stays there for any plan', () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(faultsOf(toSql(plan), plan)).toEqual([]);
      }),
    );
  });

  it.each([
    ['SELECT round(incident.day) AS by_day FROM incident GROUP BY incident.day ORDER BY by_day'],
    ["SELECT incident.day AS by_day, length('市') AS n FROM incident GROUP BY incident.day ORDER BY by_day"],
    ['SELECT incident.day AS day FROM incident GROUP BY incident.day ORDER BY by_day'],
    [
      'SELECT incident.day AS by_day, CAST(avg(incident.hour) AS DOUBLE) AS n FROM incident GROUP BY incident.day ORDER BY by_day',
    ],
    ['SELECT incident.day AS by_day FROM incident GROUP BY incident.day'],
    [
      'SELECT incident.day AS by_day FROM incident WHERE incident.day NOT IN (1, 2) GROUP BY incident.day ORDER BY by_day',
    ],
    ['SELECT incident.day AS by_day FROM incident GROUP BY incident.day ORDER BY by_day LIMIT 5'],
  ])('is told from: %s', (sql) => {
    const plan: AggregatePlan = { name: 'x', by: ['day'], where: [], measures: [{ kind: 'count', as: 'n' }] };
    expect(faultsOf(sql, plan)).not.toEqual([]);
  });

  it('refuses numbers that are not whole', () => {
    for (const value of [1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])
      expect(() =>
        toSql({ name: 'odd', by: ['day'], where: [{ dimension: 'res', is: '>=', value }], measures: [] }),
      ).toThrow('no whole number');
  });
});

type Table = Readonly<Record<string, readonly number[]>>;
/** Look-up tables by their join column. */
const KEYS = { category_group: 'category', division_parent: 'division' } as const;
type Lookups = Readonly<Record<keyof typeof KEYS, Table>>;

/** The plan, executed in the plainest way: nested loops and a sorted list. */
function reference(plan: AggregatePlan, incident: Table, lookups: Lookups): number[][] {
  const groups = new Map<string, { key: number[]; rows: number[] }>();
  const rows = incident.day?.length ?? 0;
  for (let i = 0; i < rows; i++) {
    // One joined row an incident for every match in the look-up tables in use.
    const used = [
      ...new Set([...plan.by, ...plan.where.map((one) => one.dimension)].map((name) => DIMENSIONS[name].table)),
    ];
    let joined: Record<string, number>[] = [{}];
    for (const table of used) {
      if (table === 'incident') continue;
      const lookup = lookups[table];
      const matches = (lookup[KEYS[table]] ?? []).flatMap((key, row) =>
        key === incident[KEYS[table]]?.[i] ? [row] : [],
      );
      joined = joined.flatMap((line) => matches.map((row) => ({ ...line, [table]: row })));
    }
    for (const line of joined) {
      const value = (name: Dimension): number => {
        const { table, column } = DIMENSIONS[name];
        return (
          table === 'incident' ? incident[column]?.[i] : lookups[table][column]?.[line[table] as number]
        ) as number;
      };
      const holds = plan.where.every(({ dimension, is, value: limit }) => {
        const found = value(dimension);
        return is === '='
          ? found === limit
          : is === '<>'
            ? found !== limit
            : is === '>='
              ? found >= limit
              : found < limit;
      });
      if (!holds) continue;
      const key = plan.by.map(value);
      const group = groups.get(key.join()) ?? { key, rows: [] };
      group.rows.push(i);
      groups.set(key.join(), group);
    }
  }
  const result = [...groups.values()].map(({ key, rows: members }) => [
    ...key,
    ...plan.measures.map((measure) => {
      if (measure.kind === 'count') return members.length;
      const values = members.map((i) => incident[measure.of]?.[i] as number);
      return measure.kind === 'min' ? Math.min(...values) : Math.max(...values);
    }),
  ]);
  const order = (a: number[], b: number[]): number => {
    for (let c = 0; c < plan.by.length; c++) if (a[c] !== b[c]) return (a[c] as number) - (b[c] as number);
    return 0;
  };
  return result.sort(order);
}

const INCIDENT: Readonly<Record<string, DuckDBType>> = {
  source: UTINYINT,
  month: UINTEGER,
  week: USMALLINT,
  day: USMALLINT,
  delay: UTINYINT,
  category: USMALLINT,
  method: UTINYINT,
  unlocated: UTINYINT,
  res: UTINYINT,
  severity: UTINYINT,
  stage: UTINYINT,
  hour: UTINYINT,
  close_hours: USMALLINT,
  division: UINTEGER,
  cell_id: UINTEGER,
  r7: UINTEGER,
  r8: UINTEGER,
  r9: UINTEGER,
  reported_minute: INTEGER,
};
const NONE = 4294967295;
const small = fc.integer({ min: 0, max: 5 });
const incidents = fc
  .array(
    fc.record({
      ...Object.fromEntries(Object.keys(INCIDENT).map((name) => [name, small])),
      cell_id: fc.constantFrom(0, 1, 2, 3, NONE),
      division: fc.constantFrom(0, 1, 2, NONE),
      category: fc.constantFrom(0, 1, 2, 65_535),
      reported_minute: fc.integer({ min: -2_147_483_648, max: 2_147_483_647 }),
    }) as fc.Arbitrary<Record<string, number>>,
    { maxLength: 60 },
  )
  .map(
    (rows): Table =>
      Object.fromEntries(Object.keys(INCIDENT).map((name) => [name, rows.map((row) => row[name] as number)])),
  );
const LOOKUPS: Lookups = {
  category_group: { category: [0, 1, 2], category_group: [0, 1, 1], is_sensitive: [0, 0, 1] },
  // A division without a parent row is lost by a join, one with two counted twice: both engines must say so.
  division_parent: { division: [0, 1, 1, NONE], district: [0, 1, 2, NONE], street: [0, 1, 2, NONE] },
};
const ARRAYS = new Map<
  DuckDBType,
  Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor | Int32ArrayConstructor
>([
  [UTINYINT, Uint8Array],
  [USMALLINT, Uint16Array],
  [UINTEGER, Uint32Array],
  [INTEGER, Int32Array],
]);

describe('DuckDB and a reference engine', () => {
  let duck: Duck;
  const folder = mkdtempSync(join(tmpdir(), 'hexsight-plan-'));
  const load = async (name: string, types: Readonly<Record<string, DuckDBType>>, table: Table): Promise<void> => {
    const columns = Object.entries(types);
    await duck.run(
      `CREATE OR REPLACE TABLE ${name} (${columns.map(([column, type]) => `${column} ${type}`).join(', ')})`,
    );
    const appender = await columnAppender(
      duck,
      name,
      columns.map(([, type]) => type),
    );
    appender.append(
      columns.map(([column, type]) => {
        const Type = ARRAYS.get(type) as Uint32ArrayConstructor;
        return Type.from(table[column] ?? []);
      }),
      table[columns[0]?.[0] as string]?.length ?? 0,
    );
    appender.close();
  };
  beforeAll(async () => {
    duck = await openDuck({ temporaryFolder: folder, memoryLimit: '500MB' });
    for (const [name, table] of Object.entries(LOOKUPS))
      await load(name, Object.fromEntries(Object.keys(table).map((column) => [column, UINTEGER])), table);
  });
  afterAll(() => {
    duck.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('give exactly the same rows in the same order, for any plan and any table', async () => {
    let rowsSeen = 0;
    await fc.assert(
      fc.asyncProperty(incidents, fc.oneof(fc.constantFrom(...PLANS), anyPlan), async (table, plan) => {
        await load('incident', INCIDENT, table);
        const found: number[][] = [];
        for await (const block of duck.blocks(toSql(plan)))
          for (let i = 0; i < block.length; i++) found.push(block.columns.map((column) => Number(column[i])));
        rowsSeen += found.length;
        expect(found).toEqual(reference(plan, table, LOOKUPS));
      }),
      { numRuns: 300 },
    );
    expect(rowsSeen).toBeGreaterThan(500);
  });
});
