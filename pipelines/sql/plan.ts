/**
 * Aggregation as data: what is counted, by what, under which conditions. `toSql` writes it in the subset of SQL that DuckDB and
 * ClickHouse read alike (integers and codes only, no rounding, no dates, no NULL logic, every result ordered by a unique key); every
 * rate and score is computed from these integers in TypeScript. A second engine needs this file's `toSql`, or nothing of it.
 */

/** Columns of `incident` and of the small look-up tables beside it. */
export const DIMENSIONS = {
  source: { table: 'incident', column: 'source' },
  /** `202611` */
  month: { table: 'incident', column: 'month' },
  /** Monday-first weeks since 1970: floor((day + 3) / 7). */
  week: { table: 'incident', column: 'week' },
  day: { table: 'incident', column: 'day' },
  /** Whole days from occurred to first seen, 0..60; 61 = more, 255 = not known. */
  delay: { table: 'incident', column: 'delay' },
  category: { table: 'incident', column: 'category' },
  method: { table: 'incident', column: 'method' },
  unlocated: { table: 'incident', column: 'unlocated' },
  res: { table: 'incident', column: 'res' },
  /** Cell of the finest resolution; 4294967295 = none. */
  cell: { table: 'incident', column: 'cell_id' },
  severity: { table: 'incident', column: 'severity' },
  stage: { table: 'incident', column: 'stage' },
  /** Local hour; 255 = not known. */
  hour: { table: 'incident', column: 'hour' },
  /** Whole hours from occurred to closed; 65535 = not closed, or not known. */
  close: { table: 'incident', column: 'close_hours' },
  /** Deepest division; 4294967295 = unlocated. */
  division: { table: 'incident', column: 'division' },
  group: { table: 'category_group', column: 'category_group' },
  sensitive: { table: 'category_group', column: 'is_sensitive' },
  district: { table: 'division_parent', column: 'district' },
  /** Deepest ancestor of level 1 or 2, the division itself included. */
  street: { table: 'division_parent', column: 'street' },
  /** Row of the cell's ancestor in the grid of that resolution; 4294967295 = no cell. */
  r7: { table: 'incident', column: 'r7' },
  r8: { table: 'incident', column: 'r8' },
  r9: { table: 'incident', column: 'r9' },
} as const;
export type Dimension = keyof typeof DIMENSIONS;

const JOINS = {
  category_group: 'JOIN category_group ON category_group.category = incident.category',
  division_parent: 'JOIN division_parent ON division_parent.division = incident.division',
} as const;

export type Measure =
  | { readonly kind: 'count'; readonly as: string }
  | { readonly kind: 'min' | 'max'; readonly of: 'day' | 'reported_minute'; readonly as: string };

export interface Condition {
  readonly dimension: Dimension;
  readonly is: '=' | '<>' | '>=' | '<';
  /** A whole number. */
  readonly value: number;
}

export interface AggregatePlan {
  readonly name: string;
  /** Result columns, in this order, before the measures. The result is ordered by them. */
  readonly by: readonly Dimension[];
  readonly where: readonly Condition[];
  readonly measures: readonly Measure[];
}

/** @throws Error for a plan whose numbers are not whole */
export function toSql(plan: AggregatePlan): string {
  const used = new Set<string>(
    [...plan.by, ...plan.where.map((condition) => condition.dimension)].map((dimension) => DIMENSIONS[dimension].table),
  );
  used.delete('incident');
  const at = (dimension: Dimension): string => `${DIMENSIONS[dimension].table}.${DIMENSIONS[dimension].column}`;
  const where = plan.where.map(({ dimension, is, value }) => {
    if (!Number.isSafeInteger(value)) throw new Error(`${plan.name}: ${value} is no whole number`);
    return `${at(dimension)} ${is} ${value}`;
  });
  const measures = plan.measures.map((measure) =>
    measure.kind === 'count'
      ? `CAST(count(*) AS INTEGER) AS ${measure.as}`
      : `CAST(${measure.kind}(incident.${measure.of}) AS INTEGER) AS ${measure.as}`,
  );
  return [
    `SELECT ${[...plan.by.map((dimension) => `${at(dimension)} AS by_${dimension}`), ...measures].join(', ')}`,
    'FROM incident',
    ...[...used].sort().map((table) => JOINS[table as keyof typeof JOINS]),
    ...(where.length > 0 ? [`WHERE ${where.join(' AND ')}`] : []),
    `GROUP BY ${plan.by.map(at).join(', ')}`,
    `ORDER BY ${plan.by.map((dimension) => `by_${dimension}`).join(', ')}`,
  ].join('\n');
}

/** What is counted once per unit of work (source × month); sums of these are the city's. */
export const UNIT_PLANS = {
  extent: {
    name: 'extent',
    by: ['source', 'month'],
    where: [],
    measures: [
      { kind: 'count', as: 'n' },
      { kind: 'min', of: 'day', as: 'first_day' },
      { kind: 'max', of: 'day', as: 'last_day' },
      { kind: 'max', of: 'reported_minute', as: 'as_of' },
    ],
  },
  place: {
    name: 'place',
    by: ['source', 'month', 'unlocated', 'method'],
    where: [],
    measures: [{ kind: 'count', as: 'n' }],
  },
  category: {
    name: 'category',
    by: ['source', 'month', 'category', 'res'],
    where: [],
    measures: [{ kind: 'count', as: 'n' }],
  },
  week: {
    name: 'week',
    by: ['source', 'month', 'district', 'week', 'group'],
    where: [],
    measures: [{ kind: 'count', as: 'n' }],
  },
  daily: {
    name: 'daily',
    by: ['source', 'month', 'district', 'day'],
    where: [],
    measures: [{ kind: 'count', as: 'n' }],
  },
  delay: { name: 'delay', by: ['source', 'month', 'day', 'delay'], where: [], measures: [{ kind: 'count', as: 'n' }] },
  wall: {
    name: 'wall',
    by: ['source', 'month', 'r8', 'district', 'week', 'group', 'sensitive', 'res'],
    where: [],
    measures: [{ kind: 'count', as: 'n' }],
  },
} as const satisfies Record<string, AggregatePlan>;
export type UnitPlan = keyof typeof UNIT_PLANS;

export const overviewPlan = (resolution: 7 | 8): AggregatePlan => ({
  name: 'overview',
  by: ['source', 'month', `r${resolution}`, 'group'],
  where: [{ dimension: 'res', is: '>=', value: resolution }],
  measures: [{ kind: 'count', as: 'n' }],
});

export const CUBE_RESOLUTIONS = [7, 8, 9] as const;
export const cubePlan = (resolution: (typeof CUBE_RESOLUTIONS)[number]): AggregatePlan => ({
  name: `cube r${resolution}`,
  by: [`r${resolution}`, 'week', 'source', 'group'],
  where: [{ dimension: 'res', is: '>=', value: resolution }],
  measures: [{ kind: 'count', as: 'n' }],
});

/** Days are half-open, weeks Monday-first since 1970. */
export interface SenseSpans {
  /** Weeks of the cell series. */
  readonly firstWeek: number;
  readonly endWeek: number;
  /** Days of the cluster streams. */
  readonly clusterFirstDay: number;
  /** Days the index of places looks at. */
  readonly riskFirstDay: number;
  readonly riskEndDay: number;
  /** First day of reports that a report of the index may repeat. */
  readonly repeatFirstDay: number;
}

/** The first count of sensing: what the sources weigh, and every weekly series. */
export const SENSE_WEEK_PLAN = {
  name: 'sense week',
  by: ['source', 'street', 'week', 'category'],
  where: [],
  measures: [{ kind: 'count', as: 'n' }],
} as const satisfies AggregatePlan;

/** By deepest division: what each source hears there, and how late. */
export const reportingPlan = ({ firstDay, endDay }: { readonly firstDay: number; readonly endDay: number }) =>
  ({
    name: 'sense reporting',
    by: ['division', 'source', 'delay'],
    where: [
      { dimension: 'day', is: '>=', value: firstDay },
      { dimension: 'day', is: '<', value: endDay },
    ],
    measures: [{ kind: 'count', as: 'n' }],
  }) as const satisfies AggregatePlan;

/** What else sensing counts over all units: one plan a need. */
export const sensePlans = (spans: SenseSpans) => {
  const n = [{ kind: 'count', as: 'n' }] as const;
  const inRisk = [
    { dimension: 'day', is: '>=', value: spans.riskFirstDay },
    { dimension: 'day', is: '<', value: spans.riskEndDay },
  ] as const;
  const atCell = { dimension: 'res', is: '>=', value: 8 } as const;
  return {
    day: { name: 'sense day', by: ['source', 'district', 'day', 'group'], where: [], measures: n },
    cellWeek: {
      name: 'sense cell week',
      by: ['r8', 'week', 'group', 'severity'],
      where: [
        atCell,
        { dimension: 'week', is: '>=', value: spans.firstWeek },
        { dimension: 'week', is: '<', value: spans.endWeek },
      ],
      measures: n,
    },
    cluster: {
      name: 'sense cluster',
      // By finest cell and item: repeated reports of one problem are told by them.
      by: ['group', 'r8', 'cell', 'res', 'category', 'day', 'delay'],
      where: [atCell, { dimension: 'day', is: '>=', value: spans.clusterFirstDay }],
      measures: n,
    },
    place: { name: 'sense place', by: ['street', 'stage'], where: inRisk, measures: n },
    cell: { name: 'sense cell', by: ['r8', 'stage'], where: [atCell, ...inRisk], measures: n },
    repeat: {
      name: 'sense repeat',
      by: ['cell', 'category', 'street', 'day', 'close'],
      where: [
        { dimension: 'res', is: '>=', value: 10 },
        { dimension: 'day', is: '>=', value: spans.repeatFirstDay },
        { dimension: 'day', is: '<', value: spans.riskEndDay },
      ],
      measures: n,
    },
  } as const satisfies Record<string, AggregatePlan>;
};
export type SensePlan = keyof ReturnType<typeof sensePlans>;
