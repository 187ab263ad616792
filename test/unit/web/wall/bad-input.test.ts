import { describe, expect, it } from 'vitest';
import type { Manifest, SourceEntry } from '../../../../core/contract/manifest.ts';
import { compareCounts } from '../../../../core/metric/comparison.ts';
import { cohortWeeks, failuresOf, loadWall } from '../../../../web/src/rooms/wall/load-wall.ts';
import { wallModel, wallSentence } from '../../../../web/src/rooms/wall/model.ts';
import type { Snapshot } from '../../../../web/src/snapshot/snapshot.ts';

const MONDAY = 20_766;
interface Made {
  readonly weeks?: number;
  readonly districts?: number;
  readonly kinds?: readonly SourceEntry['kind'][];
  /** Incidents a week, district and source. */
  readonly n?: number;
  readonly files?: Manifest['files'];
}

/** A snapshot of counts alone: older than sensing, coverage and privacy reports. */
function made({ weeks = 60, districts = 2, kinds = ['complaint'], n = 10, files = [] }: Made): Snapshot {
  const first = MONDAY - 7 * (weeks - 1);
  const sources = kinds.map(
    (kind, id): SourceEntry => ({
      id,
      key: kind,
      kind,
      name: { zh: kind, en: kind },
      cadenceDays: 1,
      asOf: n > 0 ? '2026-11-15 23:00' : null,
      firstDay: null,
      lastDay: null,
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
    profile: { id: 'made', name: { zh: '城', en: 'city' }, attribution: { zh: '测', en: 'test' } },
    zone: 'Asia/Shanghai',
    from: { inputs: [], config: '', code: '' },
    window: { firstDay: first, endDay: MONDAY + 7 },
    weeks: Array.from({ length: weeks }, (_, i) => ({
      iso: `2026-W${String(i + 1).padStart(2, '0')}`,
      firstDay: first + 7 * i,
    })),
    bounds: [120, 31, 121, 32],
    grid: { finest: 10, coarsest: 5, cells: {}, overview: 8 },
    divisionLevels: [],
    dictionaries: {
      sources,
      categories: [
        {
          id: 0,
          end: 1,
          level: 0,
          code: 'unmapped',
          parent: null,
          name: { zh: '未', en: 'un' },
          severity: 0,
          sensitive: false,
        },
        {
          id: 1,
          end: 2,
          level: 1,
          code: 'noise',
          parent: null,
          name: { zh: '噪', en: 'noise' },
          severity: 1,
          sensitive: false,
        },
      ],
    },
    totals: { read: 0, accepted: 0, rejected: 0, located: 0, divisionOnly: 0, unlocated: 0, unmapped: 0, coarsened: 0 },
    basemap: null,
    files,
  };
  const rows =
    n === 0
      ? []
      : manifest.weeks.flatMap((_, week) =>
          Array.from({ length: districts }, (_d, d) =>
            sources.map(({ id }) => ({ division: d + 1, week, source: id, group: 1, n })),
          ).flat(),
        );
  const column = <T>(build: (values: number[]) => T, key: keyof (typeof rows)[number]): T =>
    build(rows.map((row) => row[key]));
  const count = districts + 1;
  const refuse = () => Promise.reject(new Error('HTTP 404'));
  return {
    manifest,
    divisions: {
      count,
      code: Array.from({ length: count }, (_, i) => String(i)),
      name: Array.from({ length: count }, (_, i) => `区${i}`),
      nameEn: Array.from({ length: count }, () => null),
      level: Uint8Array.from({ length: count }, (_, i) => Math.min(i, 1)),
      parent: Array.from({ length: count }, (_, i) => (i === 0 ? null : 0)),
      end: Uint32Array.from({ length: count }, (_, i) => (i === 0 ? count : i + 1)),
      areaKm2: new Float64Array(count),
      population: Array.from({ length: count }, () => null),
      made: Array.from({ length: count }, () => false),
    },
    overview: { cell: new Uint32Array(), source: new Uint8Array(), group: new Uint16Array(), n: new Uint32Array() },
    overviewCells: {
      resolution: 8,
      h3: new BigUint64Array(),
      firstId: new Uint32Array(),
      endId: new Uint32Array(),
      lngE6: new Int32Array(),
      latE6: new Int32Array(),
    },
    weekCube: {
      division: column((v) => Uint32Array.from(v), 'division'),
      week: column((v) => Uint16Array.from(v), 'week'),
      source: column((v) => Uint8Array.from(v), 'source'),
      group: column((v) => Uint16Array.from(v), 'group'),
      n: column((v) => Uint32Array.from(v), 'n'),
    },
    bytes: refuse,
    bytesOnce: refuse,
    coarseGrid: refuse,
    finestGrid: refuse,
    quality: () => Promise.resolve(null),
    coverage: () => Promise.resolve(null),
  };
}

const model = async (input: Made) => wallModel(await loadWall(made(input), 'whole'));

describe('a wall on what it can get', () => {
  it('an old snapshot without sensing: absent, not failed; numbers and weeks are there', async () => {
    const data = await loadWall(made({}), 'whole');
    expect(failuresOf(data)).toEqual([]);
    expect([data.alerts.status, data.series.status, data.coverage.status]).toEqual(['absent', 'absent', 'absent']);
    const { headline, strip, stops, pair } = wallModel(data);
    expect(headline.map(({ changes }) => changes?.n)).toEqual([80]);
    expect(strip.byWeek[0]).toBe(20);
    expect(stops.map(({ id }) => id)).toEqual(['city']);
    expect(pair.map(({ demand }) => demand?.n)).toEqual([40, 40]);
  });

  it('a file that is listed but not there is named', async () => {
    const sha256 = 'a'.repeat(64);
    const file = {
      path: 'alerts.json',
      file: `files/${sha256}.json`,
      sha256,
      bytes: 1,
      encoded: {},
      rows: null,
      kind: 'sense',
      grade: 'desk',
      division: null,
      period: null,
    } as const;
    const data = await loadWall(made({ files: [file] }), 'whole');
    expect(data.alerts.status).toBe('failed');
    expect(failuresOf(data).map((problem) => problem.file)).toEqual(['alerts.json']);
    expect(wallModel(data).headline[0]?.changes?.n).toBe(80);
  });

  it('the large files come after the first picture', async () => {
    const data = await loadWall(made({}), 'map');
    expect([data.series.status, data.response.status]).toEqual(['loading', 'loading']);
    expect(wallModel(data).headline).toHaveLength(1);
    const figures = await loadWall(made({}), 'figures');
    expect([figures.alerts.status, figures.risk.status]).toEqual(['absent', 'loading']);
    expect(wallModel(figures).headline).toEqual(wallModel(data).headline);
  });

  it('no disputes: two numbers; four kinds: three', async () => {
    expect((await model({ kinds: ['complaint', 'police'] })).headline.map(({ id }) => id)).toEqual([
      'incidents/sources=complaint',
      'incidents/sources=police',
    ]);
    expect((await model({ kinds: ['complaint', 'police', 'dispute', 'other'] })).headline).toHaveLength(3);
  });

  it('one district, or none', async () => {
    expect((await model({ districts: 1 })).pair).toHaveLength(1);
    expect((await model({ districts: 0, n: 0 })).pair).toEqual([]);
  });

  it('no incident at all: zero is said, change is not', async () => {
    const { headline, movers, strip } = await model({ n: 0 });
    expect(headline[0]?.changes?.n).toBe(0);
    expect(headline[0]?.changes?.previous).toMatchObject({ kind: 'compared', verdict: 'too-few' });
    expect(movers).toEqual([]);
    expect(Math.max(...strip.byWeek)).toBe(0);
  });

  it('one week of data: a number without a comparison, and no cohort yet', async () => {
    const { headline } = await model({ weeks: 1 });
    expect(headline[0]?.changes).toMatchObject({ n: 20, previous: { kind: 'not-comparable', why: 'no-counterpart' } });
    expect(cohortWeeks(made({ weeks: 1 }).manifest)).toBeNull();
    expect(cohortWeeks(made({ weeks: 2 }).manifest)).toEqual({ first: 0, end: 1 });
    expect(cohortWeeks(made({}).manifest)).toEqual({ first: 55, end: 59 });
  });

  it('a count below k is told as a verdict only', () => {
    const unit = { zh: '件', en: 'cases' };
    const of = (before: number, after: number) =>
      wallSentence(compareCounts({ before: { n: before, days: 28 }, after: { n: after, days: 28 } }), 5, unit).zh;
    expect(of(4, 9)).not.toMatch(/\d/);
    expect(of(40, 90)).toContain('由 40 件增至 90 件');
  });
});
