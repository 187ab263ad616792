import type { BriefInput, DailyCounts } from '../../core/brief/input.ts';
import { NO_DIVISION } from '../../core/brief/input.ts';
import type { Coverage } from '../../core/contract/coverage.ts';
import { EMPTY_LEDGER, type Ledger } from '../../core/contract/ledger.ts';
import type { CategoryEntry, Manifest, SourceEntry } from '../../core/contract/manifest.ts';
import type { Alert, Alerts } from '../../core/contract/sense.ts';
import { isoWeek, weekStart } from '../../core/time/local-date.ts';

/** Small hand-made tables for the weekly brief. Every number of a test stands in the test. */
export interface MadeRow {
  readonly week: number;
  /** Level-1 division id, 0 = in none; null = no place. */
  readonly division: number | null;
  readonly source: number;
  readonly group: number;
  readonly n: number;
}

export interface MadeSeries {
  readonly division: number;
  readonly category: number;
  /** Index = week; null = not delivered. */
  readonly observed: readonly (number | null)[];
  readonly expected?: readonly (number | null)[];
  readonly lower?: number;
  readonly upper?: number;
  readonly alarm?: number;
  readonly dispersion?: number;
}

export interface MadeBrief {
  readonly firstMonday: number;
  readonly weeks: number;
  readonly window?: { readonly firstDay: number; readonly endDay: number };
  readonly rows: readonly MadeRow[];
  readonly kinds?: readonly SourceEntry['kind'][];
  readonly week?: number;
  readonly series?: readonly MadeSeries[];
  /** Letter a week, by source. */
  readonly states?: readonly string[];
  readonly fillingDays?: number;
  readonly alerts?: Alerts | null;
  readonly ledger?: Ledger;
  /** Daily counts that agree with `rows`: a week's count lies on its Monday; null = not read. */
  readonly daily?: DailyCounts | null;
  readonly districts?: number;
  readonly englishOnly?: boolean;
}

/** Categories: 0 unmapped, 1 group `noise` with class 2, 3 group `traffic` with class 4. */
const CATEGORIES: readonly CategoryEntry[] = [
  { id: 0, end: 1, level: 0, code: 'unmapped', parent: null },
  { id: 1, end: 3, level: 1, code: 'noise', parent: null },
  { id: 2, end: 3, level: 2, code: 'noise.social', parent: 1 },
  { id: 3, end: 5, level: 1, code: 'traffic', parent: null },
  { id: 4, end: 5, level: 2, code: 'traffic.parking', parent: 3 },
].map((entry) => ({
  ...entry,
  name: { zh: `类${entry.id}`, en: `class ${entry.id}` },
  severity: 1,
  sensitive: false,
}));

/**
 * Divisions in pre-order: 0 city; 1 west (streets 2, 3); 4 east (street 5). With one district: 0, 1, 2, 3.
 */
const DIVISIONS = [
  { code: 'city', name: '市', en: 'City', level: 0, parent: null, end: 6 },
  { code: '01', name: '西区', en: 'West', level: 1, parent: 0, end: 4 },
  { code: '0101', name: '甲街道', en: 'Street A', level: 2, parent: 1, end: 3 },
  { code: '0102', name: '乙街道', en: 'Street B', level: 2, parent: 1, end: 4 },
  { code: '02', name: '东区', en: 'East', level: 1, parent: 0, end: 6 },
  { code: '0201', name: '丙街道', en: 'Street C', level: 2, parent: 4, end: 6 },
] as const;

export function madeBrief(made: MadeBrief): BriefInput {
  const { firstMonday, weeks: count, kinds = ['complaint', 'police', 'dispute'] } = made;
  if (weekStart(firstMonday) !== firstMonday) throw new Error(`${firstMonday} is no Monday`);
  const weeks = Array.from({ length: count }, (_, i) => ({
    iso: isoWeek(firstMonday + 7 * i),
    firstDay: firstMonday + 7 * i,
  }));
  const window = made.window ?? { firstDay: firstMonday, endDay: firstMonday + 7 * count };
  const divisions = DIVISIONS.slice(0, made.districts === 1 ? 4 : 6).map((one) =>
    made.districts === 1 && one.level === 0 ? { ...one, end: 4 } : one,
  );
  const sources = kinds.map(
    (kind, id): SourceEntry => ({
      id,
      key: `source-${id}`,
      kind,
      name: { zh: made.englishOnly ? `Source ${id}` : `来源${id}`, en: `Source ${id}` },
      cadenceDays: 1,
      asOf: '2026-11-22 08:00',
      firstDay: window.firstDay,
      lastDay: window.endDay - 1,
      read: 0,
      accepted: 0,
      rejected: {},
      located: 0,
      divisionOnly: 0,
      unlocated: {},
      unmapped: 0,
      monthsMissing: [],
    }),
  );
  const manifest: Manifest = {
    format: 'hexsight-snapshot',
    schemaVersion: 2,
    snapshot: '0123456789abcdef',
    profile: { id: 'made', name: { zh: '小城', en: 'Small' }, attribution: { zh: '测试', en: 'test' } },
    zone: 'Asia/Shanghai',
    from: { inputs: [], config: '', code: '' },
    window,
    weeks,
    bounds: [120, 31, 121, 32],
    grid: { finest: 10, coarsest: 5, cells: {}, overview: 8 },
    divisionLevels: [],
    dictionaries: { sources, categories: [...CATEGORIES] },
    totals: {
      read: 0,
      accepted: 0,
      rejected: 0,
      located: 0,
      divisionOnly: 0,
      unlocated: 0,
      unmapped: 0,
      coarsened: 0,
    },
    basemap: null,
    files: [],
  };
  return {
    week: made.week ?? count - 1,
    manifest,
    divisions: {
      count: divisions.length,
      code: divisions.map(({ code }) => code),
      name: divisions.map(({ name, en }) => (made.englishOnly ? en : name)),
      nameEn: divisions.map(({ en }) => (made.englishOnly ? null : en)),
      level: divisions.map(({ level }) => level),
      parent: divisions.map(({ parent }) => parent),
      end: divisions.map(({ end }) => end),
    },
    cube: {
      division: made.rows.map(({ division }) => division ?? NO_DIVISION),
      week: made.rows.map(({ week }) => week),
      source: made.rows.map(({ source }) => source),
      group: made.rows.map(({ group }) => group),
      n: made.rows.map(({ n }) => n),
    },
    coverage: made.states ? madeCoverage(sources, made.states, made.fillingDays ?? 0) : null,
    series: made.series ? madeSeries(made.series) : null,
    alerts: made.alerts ?? null,
    sense: null,
    daily: made.daily === undefined ? dailyOf(made, window) : made.daily,
    ledger: made.ledger ?? EMPTY_LEDGER,
  };
}

/** Each week's count spread over its days: a seventh a day, what is left on Monday. */
export function dailyOf(
  { rows, firstMonday }: Pick<MadeBrief, 'rows' | 'firstMonday'>,
  window: { readonly firstDay: number; readonly endDay: number },
): DailyCounts {
  const counts = new Map<number, Map<number, number>>();
  for (const { week, source, n } of rows) {
    const days = counts.get(source) ?? new Map<number, number>();
    counts.set(source, days);
    const monday = firstMonday + 7 * week;
    const each = Math.floor(n / 7);
    for (let d = 0; d < 7; d++) days.set(monday + d, (days.get(monday + d) ?? 0) + (d === 0 ? n - 6 * each : each));
  }
  return { spans: [window], counts };
}

function madeCoverage(sources: readonly SourceEntry[], states: readonly string[], fillingDays: number): Coverage {
  return {
    nowDay: null,
    divisions: [],
    weeks: states[0]?.length ?? 0,
    sources: sources.map(({ key }, i) => ({
      key,
      freshness: { verdict: 'fresh' as const, asOfDay: null, ageDays: null, overdueDays: null },
      delay: { kind: 'not-assessable' as const, why: 'no-first-seen' as const, rowsUsed: 0 },
      fillingDays,
      recent: [],
      spans: [],
      states: [states[i] ?? ''],
      notes: [{ week: [], expected: [], missingDays: [] }],
    })),
  };
}

function madeSeries(series: readonly MadeSeries[]): NonNullable<BriefInput['series']> {
  const rows = { observed: [], expected: [], lower: [], upper: [], alarm: [], filling: [] } as Record<
    'observed' | 'expected' | 'lower' | 'upper' | 'alarm' | 'filling',
    number[]
  >;
  const index = {
    division: [],
    category: [],
    step: [],
    firstPeriod: [],
    firstRow: [],
    endRow: [],
    dispersion: [],
  } as Record<'division' | 'category' | 'step' | 'firstPeriod' | 'firstRow' | 'endRow' | 'dispersion', number[]>;
  for (const one of series) {
    index.division.push(one.division);
    index.category.push(one.category);
    index.step.push(0);
    index.firstPeriod.push(0);
    index.firstRow.push(rows.observed.length);
    index.dispersion.push(one.dispersion ?? 1);
    one.observed.forEach((n, week) => {
      const expected = one.expected ? (one.expected[week] ?? Number.NaN) : Number.NaN;
      rows.observed.push(n ?? Number.NaN);
      rows.expected.push(expected);
      rows.lower.push(Number.isNaN(expected) ? Number.NaN : (one.lower ?? 0));
      rows.upper.push(Number.isNaN(expected) ? Number.NaN : (one.upper ?? 2 * expected));
      rows.alarm.push(Number.isNaN(expected) ? Number.NaN : (one.alarm ?? 2 * expected));
      rows.filling.push(0);
    });
    index.endRow.push(rows.observed.length);
  }
  return { index, rows };
}

export function madeAlert(change: Partial<Alert> & Pick<Alert, 'id' | 'since' | 'lastDay'>): Alert {
  return {
    level: 3,
    cappedFrom: null,
    state: 'new',
    kind: 'cluster',
    foundBy: ['cluster'],
    rule: { id: 'rule', version: 1 },
    category: 1,
    divisions: [
      { division: 1, level: 1, observed: 12, share: 1 },
      { division: 2, level: 2, observed: 12, share: 1 },
    ],
    cells: [1, 2],
    resolution: 8,
    centre: [120.5, 31.5],
    period: { firstDay: change.since, endDay: change.lastDay + 1 },
    observed: 12,
    expected: 3,
    interval: [0, 7],
    p: 0.001,
    recurrenceDays: 100,
    curve: { step: 'day', firstDay: change.since, observed: [], expected: [], upper: [] },
    neighbours: null,
    classes: [],
    sources: [],
    hours: null,
    calendar: [],
    quality: [],
    why: { zh: '甲街道一带“类1”12 件，常态约 3 件。', en: '12 reports of class 1 around Street A; normal is about 3.' },
    levelWhy: { zh: '规则', en: 'rule' },
    rank: 1,
    score: 1,
    ...change,
  };
}

export const madeAlerts = (change: Partial<Alerts> & Pick<Alerts, 'asOfDay'>): Alerts => ({
  format: 'hexsight-alerts',
  budget: { cityPerDay: 10, divisionPerDay: 3 },
  alerts: [],
  rest: [],
  ended: [],
  rules: [],
  replay: [],
  ...change,
});
