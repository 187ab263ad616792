/**
 * Puts made sensing files beside a published snapshot: valid by the contract, with numbers that add up, but estimated by nobody.
 * For tests of the screen only; what the product publishes comes from its own step.
 *   npx tsx test/support/made-sense.ts <snapshot folder>
 */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type FileEntry, fileAt, Manifest } from '../../core/contract/manifest.ts';
import {
  ALL_CATEGORIES,
  type Alert,
  Alerts,
  EMERGING,
  HOTSPOTS,
  NOT_ASSESSABLE,
  RISK,
  SERIES,
  SERIES_INDEX,
  Sense,
} from '../../core/contract/sense.ts';
import type { Column } from '../../core/contract/tables.ts';
import { arrowBytes, type ColumnValues } from '../../pipelines/io/arrow.ts';
import {
  decodeCoarseGrid,
  decodeDivisions,
  decodeOverviewCube,
  decodeWeekCube,
} from '../../web/src/snapshot/decode.ts';
import type { CoarseGrid, Divisions, WeekCube } from '../../web/src/snapshot/model.ts';

type Row = Readonly<Record<string, number | boolean | null>>;

/** Rows as the columns of a contract. */
function table(contract: readonly Column[], rows: readonly Row[]): Uint8Array {
  const columns: Record<string, ColumnValues> = {};
  for (const { name, type, nullable } of contract) {
    if (type === 'bool') columns[name] = { flags: rows.map((row) => row[name] === true) };
    else {
      const values = rows.map((row) => Number(row[name] ?? 0));
      columns[name] = nullable
        ? { values, nulls: Uint8Array.from(rows, (row) => (row[name] === null || row[name] === undefined ? 1 : 0)) }
        : { values };
    }
  }
  return arrowBytes(contract, rows.length, columns);
}

interface City {
  readonly manifest: Manifest;
  readonly divisions: Divisions;
  readonly grid: CoarseGrid;
  readonly cube: WeekCube;
  /** Incidents of the whole window by row of the grid. */
  readonly cells: Uint32Array;
}

function readCity(folder: string): City {
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')));
  const bytes = (path: string) => new Uint8Array(readFileSync(join(folder, fileAt(manifest, path).file)));
  const grid = decodeCoarseGrid(bytes(`grid/r${manifest.grid.overview}.arrow`), 'grid', manifest.grid.overview);
  const overview = decodeOverviewCube(bytes('cube/overview.arrow'), 'overview');
  const cells = new Uint32Array(grid.h3.length);
  overview.cell.forEach((cell, i) => {
    cells[cell] = cells[cell]! + overview.n[i]!;
  });
  return {
    manifest,
    grid,
    cells,
    divisions: decodeDivisions(bytes('divisions.arrow'), 'divisions'),
    cube: decodeWeekCube(bytes('cube/week.arrow'), 'week'),
  };
}

const topDivisions = ({ divisions }: City): number[] =>
  Array.from({ length: divisions.count }, (_, id) => id).filter((id) => divisions.level[id] === 1);

const groupsOf = ({ manifest }: City): number[] =>
  manifest.dictionaries.categories.filter(({ level }) => level === 1).map(({ id }) => id);

function weekly({ cube, manifest }: City, division: number, category: number): Uint32Array {
  const weeks = new Uint32Array(manifest.weeks.length);
  cube.week.forEach((week, i) => {
    const inside = division === 0 || cube.division[i] === division;
    if (inside && (category === ALL_CATEGORIES || cube.group[i] === category)) weeks[week] = weeks[week]! + cube.n[i]!;
  });
  return weeks;
}

/** Weeks of the past that the made expectation looks at. */
const PAST = 12;

function seriesOf(city: City) {
  const index: Row[] = [];
  const rows: Row[] = [];
  for (const division of [0, ...topDivisions(city)]) {
    for (const category of [ALL_CATEGORIES, ...groupsOf(city)]) {
      const counts = weekly(city, division, category);
      const total = counts.reduce((sum, n) => sum + n, 0);
      const assessed = total >= counts.length;
      const first = rows.length;
      counts.forEach((observed, week) => {
        const past = counts.slice(Math.max(0, week - PAST), week);
        if (!assessed || past.length < PAST) {
          rows.push({ observed, expected: null, lower: null, upper: null, alarm: null, p: null, filling: false });
          return;
        }
        const filling = week === counts.length - 1;
        const expected = past.reduce((sum, n) => sum + n, 0) / past.length;
        const sd = Math.sqrt(2 * Math.max(expected, 0.5));
        const upper = Math.ceil(expected + 1.96 * sd);
        const lower = Math.max(0, Math.floor(expected - 1.96 * sd));
        rows.push({ observed, expected, lower, upper, alarm: expected + 2.33 * sd, p: 0.5, filling });
      });
      const reason = NOT_ASSESSABLE.indexOf(assessed ? 'assessed' : total === 0 ? 'all-zero' : 'too-few-cases');
      const model = assessed ? 1 : 0;
      const place = { division, category, step: 0, first_period: 0, first_row: first, end_row: rows.length };
      index.push({ ...place, model, reason, dispersion: assessed ? 2 : null });
    }
  }
  return { index, rows };
}

/** The rows of the grid with most incidents, most first. */
function busiest(cells: Uint32Array, count: number): number[] {
  return Array.from(cells, (_, row) => row)
    .sort((a, b) => cells[b]! - cells[a]! || a - b)
    .slice(0, count);
}

function hotspotRows(city: City): Row[] {
  const cells = busiest(city.cells, 120);
  return [ALL_CATEGORIES, ...groupsOf(city).slice(0, 3)].flatMap((category) =>
    [0, 2].flatMap((variant) =>
      [0, 1].flatMap((window) =>
        cells.map((cell, i) => {
          const cold = i % 5 === 4;
          const q = [0.0004, 0.004, 0.03, 0.08][i % 4]!;
          const z = (cold ? -1 : 1) * (4.6 - (i % 4));
          const emerging = cold ? 9 + (i % 8) : i % (EMERGING.length - 8);
          const observed = Math.round(city.cells[cell]! / (window === 0 ? 39 : 12));
          return { cell, category, window, variant, observed, expected: observed / 2, z, p: q / 2, q, emerging };
        }),
      ),
    ),
  );
}

const INDICATORS = [
  {
    key: 'change',
    name: { zh: '近四周增减', en: 'Change of four weeks' },
    weight: 0.3,
    unit: { zh: '倍', en: 'times' },
  },
  { key: 'severity', name: { zh: '严重程度', en: 'Severity' }, weight: 0.25, unit: { zh: '分', en: 'points' } },
  { key: 'persistence', name: { zh: '持续周数', en: 'Weeks in a row' }, weight: 0.2, unit: { zh: '周', en: 'weeks' } },
  { key: 'repeat', name: { zh: '重复诉求', en: 'Repeats' }, weight: 0.15, unit: { zh: '件', en: 'incidents' } },
  { key: 'spread', name: { zh: '类别广度', en: 'Spread of classes' }, weight: 0.1, unit: { zh: '类', en: 'classes' } },
] as const;

function riskRows(city: City): Row[] {
  const week = city.manifest.weeks.length - 2;
  const made = (unit: number, ids: readonly number[]): Row[] => {
    const scored = ids.map((id, i) => {
      const percentile = (k: number) => ((ids.length - i) * (k + 3) * 7919 + id * 104_729 * (k + 1)) % 101;
      const parts = INDICATORS.map(({ weight }, k) => weight * percentile(k));
      return { id, parts, score: parts.reduce((sum, part) => sum + part, 0) };
    });
    scored.sort((a, b) => b.score - a.score);
    return scored.map(({ id, parts, score }, i) => ({
      unit,
      id,
      week,
      score,
      ...Object.fromEntries(Array.from({ length: 6 }, (_, k) => [`part_${k}`, parts[k] ?? 0])),
      ...Object.fromEntries(Array.from({ length: 6 }, (_, k) => [`raw_${k}`, k < 5 ? (id % 7) + k : null])),
      rank: i + 1,
      rank_low: Math.max(1, i + 1 - (i % 3) * 2),
      rank_high: Math.min(ids.length, i + 1 + (i % 3) * 3),
      top_tenth: Math.max(0, 1 - i / ids.length),
    }));
  };
  return [...made(0, topDivisions(city)), ...made(1, busiest(city.cells, Math.min(1500, city.cells.length)))];
}

const KINDS = ['cluster', 'series', 'emerging', 'recurrence', 'slow-growth'] as const;
const STATES = ['new', 'continuing', 'escalated', 'easing'] as const;

function alertOf(city: City, i: number, rank: number, ended: boolean): Alert {
  const { manifest, grid, cells, divisions } = city;
  const day = manifest.window.endDay - 1;
  const cityWide = i === 5;
  const ordered = busiest(cells, 60);
  const centre = ordered[(i * 5) % ordered.length]!;
  const [lng, lat] = [grid.lngE6[centre]! / 1e6, grid.latE6[centre]! / 1e6];
  const near = Array.from(grid.h3, (_, row) => row)
    .map((row) => ({ row, d: Math.hypot(grid.lngE6[row]! / 1e6 - lng, (grid.latE6[row]! / 1e6 - lat) * 1.17) }))
    .sort((a, b) => a.d - b.d)
    .slice(0, [1, 7, 19][i % 3])
    .map(({ row }) => row)
    .sort((a, b) => a - b);
  const groups = groupsOf(city);
  const category = cityWide ? ALL_CATEGORIES : groups[i % groups.length]!;
  const kind = KINDS[i % KINDS.length]!;
  const observed = 42 - 3 * i;
  const expected = Number((observed / (2.6 - 0.1 * i)).toFixed(1));
  const tops = topDivisions(city);
  const first = tops[i % tops.length]!;
  const second = tops[(i + 1) % tops.length]!;
  const major = Math.round(observed * 0.7);
  const shared = i % 2 === 0 && tops.length > 1;
  const level = Math.min(4, 1 + Math.floor(i / 2));
  const capped = i === 4;
  const name = (id: number) => divisions.name[id]!;
  const entry = manifest.dictionaries.categories[category];
  const of = entry?.name ?? { zh: '全部类别', en: 'All categories' };
  const curve = Array.from({ length: 28 }, (_, at) => (at < 21 ? 1 + ((at * 7 + i) % 4) : 4 + ((at * 5 + i) % 6)));
  return {
    id: `${kind}-${entry?.code ?? 'all'}-${divisions.code[first]}-${i}`,
    level,
    cappedFrom: capped ? 1 : null,
    state: ended ? 'ended' : STATES[i % STATES.length]!,
    since: day - (i % STATES.length === 0 ? 0 : 2 + i),
    lastDay: ended ? day - 3 : day,
    kind,
    foundBy: i % 2 === 0 ? [kind] : [kind, KINDS[(i + 1) % KINDS.length]!],
    rule: { id: `${kind}-1`, version: 2 },
    category,
    divisions: cityWide
      ? []
      : shared
        ? [
            { division: first, level: 1, observed: major, share: major / observed },
            { division: second, level: 1, observed: observed - major, share: (observed - major) / observed },
          ]
        : [{ division: first, level: 1, observed, share: 1 }],
    cells: cityWide ? [] : near,
    resolution: cityWide ? null : grid.resolution,
    centre: cityWide ? null : [lng, lat],
    period: { firstDay: day - 6, endDay: day + 1 },
    observed,
    expected,
    interval: [
      Math.max(0, Math.round(expected - 2 * Math.sqrt(expected))),
      Math.round(expected + 2 * Math.sqrt(expected)),
    ],
    p: 0.00012 * (i + 1),
    recurrenceDays: kind === 'cluster' ? 400 / (i + 1) : null,
    curve: {
      step: 'day',
      firstDay: day - 27,
      observed: curve.map((n, at) => (at === 9 ? null : n)),
      expected: curve.map(() => 2.5),
      upper: curve.map(() => 6),
    },
    neighbours: cityWide ? null : { observed: 18 + i, expected: 16.5 },
    classes: [
      { category: category === ALL_CATEGORIES ? groups[0]! : category, observed: major, expected: expected * 0.7 },
      { category: groups[(i + 1) % groups.length]!, observed: observed - major, expected: null },
    ],
    sources: manifest.dictionaries.sources.slice(0, 2).map(({ id }, at) => ({
      source: id,
      observed: at === 0 ? major : observed - major,
    })),
    hours:
      i % 3 === 2 ? null : Array.from({ length: 24 }, (_, hour) => Math.max(0, Math.round(6 - Math.abs(hour - 20)))),
    calendar: i % 2 === 0 ? [] : [{ zh: '期内无节假日', en: 'No holiday in the period' }],
    quality: capped
      ? [
          {
            flag: 'thin-coverage',
            says: {
              zh: '该区划近两周报送偏少，可能是补报。',
              en: 'Few reports came in the last two weeks; these may be late ones.',
            },
          },
        ]
      : [],
    why: {
      zh: `${cityWide ? '全市' : name(first)}${shared && !cityWide ? `与${name(second)}交界一带` : ''}${of.zh}近7天 ${observed} 件，按本地往常约 ${expected} 件。`,
      en: `${of.en}: ${observed} in 7 days, about ${expected} in normal times here.`,
    },
    levelWhy: {
      zh: '件数达往常两倍以上，且偶然出现的可能很小。',
      en: 'More than twice the normal count, and unlikely by chance.',
    },
    rank,
    score: 100 - i,
  };
}

function alertsOf(city: City): Alerts {
  const day = city.manifest.window.endDay - 1;
  return {
    format: 'hexsight-alerts',
    asOfDay: day,
    budget: { cityPerDay: 7, divisionPerDay: 2 },
    alerts: Array.from({ length: 7 }, (_, i) => alertOf(city, i, i + 1, false)),
    rest: [7, 8].map((i) => alertOf(city, i, i + 1, false)),
    ended: [9, 10].map((i) => alertOf(city, i, i + 1, true)),
    rules: KINDS.map((kind, i) => ({
      id: `${kind}-1`,
      version: 2,
      kind,
      name: { zh: `规则${i + 1}`, en: `Rule ${i + 1}` },
      says: {
        zh: '件数高于本地往常的上限时提出。',
        en: 'Speaks when the count is above the bound of the place itself.',
      },
      parameters: { alpha: 0.01 },
      history: [
        { version: 2, day: '2026-10-01', by: 'made', what: { zh: '提高门槛', en: 'Higher bound' } },
        { version: 1, day: '2026-06-01', by: 'made', what: { zh: '首版', en: 'First' } },
      ],
      trackRecord:
        i === 4
          ? { weeks: 12, raised: 1, judged: 0, kept: 0, precision: null }
          : { weeks: 12, raised: 20 + i, judged: 18, kept: 12 + i, precision: (12 + i) / 18 },
    })),
    replay: Array.from({ length: 84 }, (_, at) => ({
      day: day - 84 + at,
      raised: (at * 3) % 5,
      withinBudget: (at * 3) % 3,
    })),
  };
}

function senseOf(city: City, index: readonly Row[]): Sense {
  const day = city.manifest.window.endDay - 1;
  return {
    format: 'hexsight-sense',
    asOfDay: day,
    series: {
      alpha: 0.01,
      assessed: index.filter((row) => row.reason === 0).length,
      notAssessed: { 'too-few-cases': index.filter((row) => row.reason !== 0).length },
      leftOut: 0,
    },
    hotspots: {
      resolution: city.grid.resolution,
      ring: 2,
      cells: city.grid.h3.length,
      windows: [
        { key: 'w4', name: { zh: '近4周', en: 'Last 4 weeks' }, firstDay: day - 27, endDay: day + 1 },
        { key: 'w13', name: { zh: '近13周', en: 'Last 13 weeks' }, firstDay: day - 90, endDay: day + 1 },
      ],
      notAssessed: [0, 1].map((window) => ({
        category: ALL_CATEGORIES,
        variant: 1,
        window,
        why: 'no-exposure' as const,
      })),
      emergingWeeks: 52,
    },
    clusters: [],
    risk: {
      kind: 'change',
      resolution: city.grid.resolution,
      spanWeeks: 4,
      indicators: INDICATORS.map((indicator) => ({ ...indicator })),
      severityWeights: [1, 2, 3, 4, 5],
      weightsFrom: 'made',
      robustness: 0.91,
      why: 'assessed',
      kinds: [
        {
          unit: 0,
          level: 1,
          places: topDivisions(city).length,
          why: 'assessed',
          robustness: 0.95,
          choice: 'without severity',
        },
        { unit: 1, level: null, places: 1500, why: 'assessed', robustness: 0.91, choice: 'without severity' },
      ],
    },
  };
}

/** Writes the files and the manifest that lists them. */
export function addMadeSense(folder: string): Alerts {
  const city = readCity(folder);
  const files: FileEntry[] = city.manifest.files.filter(
    ({ path }) => !path.startsWith('sense/') && path !== 'sense.json' && path !== 'alerts.json',
  );
  const put = (path: string, bytes: Uint8Array, rows: number | null) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = `files/${sha256}.${path.split('.').at(-1)}`;
    writeFileSync(join(folder, file), bytes);
    const entry = { path, file, sha256, bytes: bytes.length, encoded: {}, rows, kind: 'sense' as const };
    files.push({ ...entry, grade: 'desk', division: null, period: null });
  };
  const rowsOf = (path: string, contract: readonly Column[], rows: readonly Row[]) =>
    put(path, table(contract, rows), rows.length);
  const json = (path: string, value: unknown) => put(path, new TextEncoder().encode(JSON.stringify(value)), null);
  const series = seriesOf(city);
  rowsOf('sense/series-index.arrow', SERIES_INDEX, series.index);
  rowsOf('sense/series.arrow', SERIES, series.rows);
  rowsOf('sense/hotspots.arrow', HOTSPOTS, hotspotRows(city));
  rowsOf('sense/risk.arrow', RISK, riskRows(city));
  json('sense.json', Sense.parse(senseOf(city, series.index)));
  const alerts = Alerts.parse(alertsOf(city));
  json('alerts.json', alerts);
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify({ ...city.manifest, files }));
  return alerts;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2];
  if (!folder) throw new Error('name the snapshot folder');
  addMadeSense(folder);
}
