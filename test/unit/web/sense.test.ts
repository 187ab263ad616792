import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { gridDisk } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { ALL_CATEGORIES, HOTSPOTS, RISK, SERIES, SERIES_INDEX } from '../../../core/contract/sense.ts';
import { arrowBytes } from '../../../pipelines/io/arrow.ts';
import en from '../../../web/src/i18n/sense.en.json';
import zh from '../../../web/src/i18n/sense.zh-CN.json';
import { saySense } from '../../../web/src/i18n/sense-texts.ts';
import { emergingColours, hotColours } from '../../../web/src/layers/sense-ramps.ts';
import { borderOf } from '../../../web/src/sense/border.ts';
import { calendarMarks } from '../../../web/src/sense/calendar-marks.ts';
import { changesOf } from '../../../web/src/sense/changes.ts';
import { rowHolding } from '../../../web/src/sense/holding.ts';
import {
  cellHotspots,
  countsWithin,
  emergingClasses,
  hotClass,
  hotspotClasses,
  shownCategory,
  tallyOf,
  variantsIn,
} from '../../../web/src/sense/hotspots.ts';
import { LEVELS } from '../../../web/src/sense/levels.ts';
import { liveHotspots, liveNeighbours } from '../../../web/src/sense/live-job.ts';
import { RISK_CELL, riskCells, riskClass, riskOf, riskWeek, waterfall } from '../../../web/src/sense/risk.ts';
import { bandFor, seriesDispersion } from '../../../web/src/sense/series.ts';
import { levelText, percent, probabilityText, recurrenceText, trackText } from '../../../web/src/sense/words.ts';
import {
  decodeHotspots,
  decodeRisk,
  decodeSeries,
  decodeSeriesIndex,
  type HotspotTable,
} from '../../../web/src/snapshot/sense.ts';

const say = (...[key, values]: Parameters<typeof saySense> extends [unknown, ...infer R] ? R : never) =>
  saySense('zh-CN', key, values);

describe('words of the sensing panels', () => {
  const placeholders = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map((match) => match[1]))].sort();

  it('are the same keys in both languages, with no value the Chinese does not name', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh));
    for (const [key, text] of Object.entries(en))
      for (const name of placeholders(text)) expect(placeholders(zh[key as keyof typeof zh]), key).toContain(name);
  });

  it('never call an internal level a public warning', () => {
    expect(Object.values(zh).filter((text) => /预警|发布预警/.test(text))).toEqual([]);
  });

  it('are all used, by name or by the part before the last point', () => {
    const code = readdirSync('web/src', { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.tsx?$/.test(path))
      .map((path) => readFileSync(join('web/src', path), 'utf8'))
      .join('\n');
    const used = (key: string) =>
      code.includes(`'${key}'`) || code.includes(`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`);
    expect(Object.keys(zh).filter((key) => !used(key))).toEqual([]);
  });

  it('say a recurrence in days, then in years', () => {
    expect(recurrenceText(null, say)).toBe('偶然出现的间隔：此方法不适用');
    expect(recurrenceText(400, say)).toBe('这样的聚集纯属偶然时约每 400 天出现一次');
    expect(recurrenceText(1826.25, say)).toBe('这样的聚集纯属偶然时约每 5 年出现一次');
    expect(recurrenceText(1e9, say)).toBe('这样的情形纯属偶然时少于十年一次');
  });

  it('do not write a tiny probability as 0', () => {
    expect(probabilityText(1e-9, say)).toContain('小于 0.01%');
    expect(probabilityText(0.0012, say)).toContain('0.12%');
    expect(probabilityText(null, say)).toBe('此方法不给出概率');
  });

  it('never say 0% or 100% of what is neither', () => {
    expect([0, 0.001, 0.5, 0.999, 1].map((share) => percent(share))).toEqual(['0%', '<1%', '50%', '>99%', '100%']);
  });

  it('say that no alert is old enough instead of a share of nothing', () => {
    const trackRecord = { weeks: 12, raised: 3, judged: 0, kept: 0, precision: null };
    expect(trackText({ kind: 'series', trackRecord }, say)).toBe('近 12 周提出 3 条，尚无一条可判断');
    const judged = { ...trackRecord, judged: 4, kept: 3, precision: 0.75 };
    expect(trackText({ kind: 'series', trackRecord: judged }, say)).toMatch(/随后 7 天.*75%/);
    expect(trackText({ kind: 'recurrence', trackRecord: judged }, say)).toContain('随后 28 天');
  });

  it('name a level by numeral and colour', () => {
    expect(LEVELS.map(({ level }) => levelText(level, say))).toEqual(['Ⅰ级 红', 'Ⅱ级 橙', 'Ⅲ级 黄', 'Ⅳ级 蓝']);
  });
});

/** OKLab hue of `#rrggbb`, degrees. */
function hueOf(colour: string): number {
  const linear = [1, 3, 5]
    .map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  const [r, g, b] = linear as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const [x, y] = [
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
  return ((Math.atan2(y, x) * 180) / Math.PI + 360) % 360;
}

describe('colours of the sensing layers', () => {
  it('keep clear of the four hues of the levels', () => {
    const reserved = LEVELS.map(({ colour }) => hueOf(colour));
    for (const theme of ['light', 'dark'] as const)
      for (const colour of [...hotColours(theme), ...emergingColours(theme)])
        for (const hue of reserved) {
          const apart = Math.abs(hueOf(colour) - hue);
          expect(Math.min(apart, 360 - apart), `${theme} ${colour}`).toBeGreaterThan(18);
        }
  });

  it('are 6 and 16 different ones', () => {
    for (const theme of ['light', 'dark'] as const) {
      expect(new Set(hotColours(theme)).size).toBe(6);
      expect(new Set(emergingColours(theme)).size).toBe(16);
    }
  });
});

const table: HotspotTable = decodeHotspots(
  arrowBytes(HOTSPOTS, 4, {
    cell: { values: [3, 3, 5, 3] },
    category: { values: [ALL_CATEGORIES, ALL_CATEGORIES, ALL_CATEGORIES, 7] },
    window: { values: [0, 1, 0, 0] },
    variant: { values: [2, 2, 0, 0] },
    observed: { values: [9, 9, 1, 2] },
    expected: { values: [2, 2, 0, 0], nulls: Uint8Array.of(0, 0, 1, 1) },
    z: { values: [5, 2, -3, 0], nulls: Uint8Array.of(0, 0, 0, 1) },
    p: { values: [0.001, 0.03, 0.01, 0], nulls: Uint8Array.of(0, 0, 0, 1) },
    q: { values: [0.004, 0.09, 0.03, 0], nulls: Uint8Array.of(0, 0, 0, 1) },
    emerging: { values: [1, 1, 255, 16] },
  }),
  'sense/hotspots.arrow',
);

describe('published hot spots', () => {
  it('a null is NaN, in no class and never 0', () => {
    expect(table.expected[2]).toBeNaN();
    expect(hotClass({ z: Number.NaN, q: Number.NaN })).toBe(0);
    expect(hotClass({ z: 5, q: Number.NaN })).toBe(0);
  });

  it('falls into classes by sign and q', () => {
    const classes = [0.01, 0.05, 0.1, 0.11].map((q) => hotClass({ z: 2, q }));
    expect(classes).toEqual([3, 2, 1, 0]);
    expect([0.01, 0.05, 0.1, 0.11].map((q) => hotClass({ z: -2, q }))).toEqual([6, 5, 4, 0]);
  });

  it('shows one category, window and variant', () => {
    const of = (window: number, variant: number) => [
      ...hotspotClasses(table, { category: ALL_CATEGORIES, window, variant }, 6),
    ];
    expect(of(0, 2)).toEqual([0, 0, 0, 3, 0, 0]);
    expect(of(1, 2)).toEqual([0, 0, 0, 1, 0, 0]);
    expect(of(0, 0)).toEqual([0, 0, 0, 0, 0, 5]);
    expect(of(0, 1)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('keeps "not assessed" out of the 17 classes', () => {
    expect([...emergingClasses(table, { category: ALL_CATEGORIES, variant: 0 }, 6)]).toEqual([0, 0, 0, 0, 0, 0]);
    const seven = emergingClasses(table, { category: 7, variant: 0 }, 6);
    expect(tallyOf(seven, 17)).toEqual([5, ...Array(15).fill(0), 1]);
    expect(cellHotspots(table, { cell: 5, category: ALL_CATEGORIES }).emerging).toEqual([{ variant: 0, kind: null }]);
  });

  it('offers the variants that have rows, the own past first', () => {
    expect(variantsIn(table)).toEqual(['change', 'count']);
  });

  it('finds the nearest published category for a filter', () => {
    const tree = [
      { id: 0, end: 1, level: 0 },
      { id: 1, end: 4, level: 1 },
      { id: 2, end: 4, level: 2 },
    ];
    expect(shownCategory([], tree)).toEqual({ category: ALL_CATEGORIES, fit: 'exact' });
    expect(shownCategory([{ id: 1, end: 4 }], tree)).toEqual({ category: 1, fit: 'exact' });
    expect(shownCategory([{ id: 2, end: 4 }], tree)).toEqual({ category: 1, fit: 'above' });
    expect(shownCategory([tree[0]!, tree[1]!], tree).fit).toBe('several');
  });
});

describe('live Gi*', () => {
  const cells = [...gridDisk('8830946951fffff', 9)].sort();
  const h3 = BigUint64Array.from(cells, (cell) => BigInt(`0x${cell}`));
  const neighbours = liveNeighbours(h3);

  it('finds a planted cluster and nothing far from it', () => {
    const near = new Set(gridDisk(cells[100]!, 1));
    const n = Float64Array.from(cells, (cell, i) => (near.has(cell) ? 30 : i % 3));
    const result = liveHotspots(n, neighbours);
    if (result.kind !== 'value') throw new Error(result.why);
    expect(result.cells).toBe(cells.length);
    expect(result.classes[100]).toBe(3);
    const far = new Set(gridDisk(cells[100]!, 3));
    expect(cells.filter((cell, i) => !far.has(cell) && result.classes[i]! > 0 && result.classes[i]! <= 3)).toEqual([]);
  });

  it('says why when every count is the same', () => {
    expect(liveHotspots(new Float64Array(cells.length), neighbours)).toEqual({ kind: 'not-assessed', why: 'constant' });
  });

  it('looks only at cells of the division in focus', () => {
    const ranges = { firstId: (row: number) => 2 * row, endId: (row: number) => 2 * row + 2 };
    const finest = { division: Uint32Array.of(1, 1, 2, 5, 5, 5) };
    const n = countsWithin(
      Uint32Array.of(4, 0, 6),
      { division: { id: 1, end: 3 }, area: null },
      { finest, cells: ranges },
    );
    expect([...n]).toEqual([4, 0, Number.NaN]);
  });

  it('a cell outside the chosen area is in no disk: it is not 0', () => {
    const ranges = { firstId: (row: number) => 2 * row, endId: (row: number) => 2 * row + 2 };
    const finest = { division: Uint32Array.of(1, 1, 2, 5, 5, 5, 1, 1) };
    const counts = Uint32Array.of(4, 0, 6, 2);
    const grids = { finest, cells: ranges };
    const area = [
      { id: 1, end: 2 },
      { id: 4, end: 6 },
    ];
    const { NaN: out } = Number;
    expect([...countsWithin(counts, { division: null, area }, grids)]).toEqual([4, out, 6, out]);
    expect([...countsWithin(counts, { division: { id: 5, end: 6 }, area }, grids)]).toEqual([out, out, 6, out]);
  });

  it('draws one border around a disk of cells', () => {
    const rings = borderOf(BigUint64Array.from(gridDisk('8830946951fffff', 1), (cell) => BigInt(`0x${cell}`)));
    expect(rings).toHaveLength(1);
    expect(rings[0]?.at(0)).toEqual(rings[0]?.at(-1));
    expect(rings[0]).toHaveLength(19);
  });
});

describe('risk index', () => {
  const parts = [
    [20, 10, 5],
    [18, 9, 4],
  ];
  const zeros = { values: [0, 0] };
  const risk = decodeRisk(
    arrowBytes(RISK, 2, {
      unit: { values: [1, 1] },
      id: { values: [4, 2] },
      week: { values: [9, 9] },
      score: { values: parts.map((row) => row.reduce((sum, part) => sum + part, 0)) },
      ...Object.fromEntries(
        [0, 1, 2, 3, 4, 5].flatMap((k) => [
          [`part_${k}`, k < 3 ? { values: parts.map((row) => row[k]!) } : zeros],
          [`raw_${k}`, { ...zeros, nulls: Uint8Array.of(k === 2 ? 1 : 0, 0) }],
        ]),
      ),
      rank: { values: [1, 2] },
      rank_low: { values: [1, 2] },
      rank_high: { values: [2, 2] },
      top_tenth: { values: [0.6, 0.2] },
    }),
    'sense/risk.arrow',
  );
  const query = { unit: RISK_CELL, id: 4, week: 9, indicators: 3, alike: () => true };

  it('adds up, and the waterfall ends at the score', () => {
    const place = riskOf(risk, query)!;
    expect(waterfall(place.parts).at(-1)?.to).toBe(place.score);
    expect(place.parts[2]).toEqual({ part: 5, raw: null });
  });

  it('says a tie where intervals of neighbours in rank meet', () => {
    expect(riskOf(risk, query)).toMatchObject({ rank: 1, low: 1, high: 2, of: 2, tied: true });
    const apart = { ...risk, rankHigh: Uint32Array.of(1, 2) };
    expect(riskOf(apart, query)?.tied).toBe(false);
    expect(riskOf(risk, { ...query, id: 3 })).toBeNull();
  });

  it('falls into equal steps; a cell without a row is in none', () => {
    expect([0, 19.9, 20, 99, 100, Number.NaN].map(riskClass)).toEqual([1, 1, 2, 5, 5, 0]);
    expect(riskWeek(risk)).toBe(9);
    expect([...riskCells(risk, { week: 9, cells: 5, all: true }).classes]).toEqual([0, 0, 2, 0, 2]);
  });

  it('has a colour only where the rank leaves out the middle one', () => {
    // Ranks 1 and 2: the middle is 1.5, which the interval 1–2 of cell 4 holds and 2–2 of cell 2 does not.
    const { classes, ranked, apart } = riskCells(risk, { week: 9, cells: 5 });
    expect([...classes]).toEqual([0, 0, 2, 0, 0]);
    expect([ranked, apart]).toEqual([2, 1]);
  });
});

describe('weekly normal', () => {
  const series = {
    index: decodeSeriesIndex(
      arrowBytes(SERIES_INDEX, 2, {
        division: { values: [0, 3] },
        category: { values: [ALL_CATEGORIES, 1] },
        step: { values: [0, 0] },
        first_period: { values: [1, 0] },
        first_row: { values: [0, 3] },
        end_row: { values: [3, 4] },
        model: { values: [1, 0] },
        reason: { values: [0, 2] },
        dispersion: { values: [2.5, 0], nulls: Uint8Array.of(0, 1) },
      }),
      'index',
    ),
    rows: decodeSeries(
      arrowBytes(SERIES, 4, {
        observed: { values: [5, 30, 0, 1], nulls: Uint8Array.of(0, 0, 1, 0) },
        ...Object.fromEntries(
          ['expected', 'lower', 'upper', 'alarm', 'p'].map((name, k) => [
            name,
            { values: [10, 10, 10, 0].map((n) => n + k), nulls: Uint8Array.of(0, 0, 0, 1) },
          ]),
        ),
        filling: { flags: [false, false, true, false] },
      }),
      'series',
    ),
  };
  const city = { categories: [{ id: 1, end: 4 }], weeks: 5 };
  const none = { sources: [], categories: [], division: null, area: null };

  it('lies on the weeks it belongs to; a feed that was not delivered is missing, not 0', () => {
    const answer = bandFor(series, none, city);
    if (answer.kind !== 'band') throw new Error(answer.kind);
    expect([...answer.band.expected]).toEqual([Number.NaN, 10, 10, 10, Number.NaN]);
    expect(answer.band.exceeds).toEqual([false, false, true, false, false]);
    expect(answer.band.missing).toEqual([false, false, false, true, false]);
    expect(answer.band.filling).toEqual([false, false, false, true, false]);
    expect(seriesDispersion(series, none, city.categories)).toBe(2.5);
  });

  it('is not drawn where there is none, and says why', () => {
    const division = { id: 3, end: 4 };
    expect(bandFor(series, { ...none, division }, city).kind).toBe('no-series');
    expect(bandFor(series, { ...none, sources: [1] }, city).kind).toBe('sources-filtered');
    const area = [{ id: 0, end: 2, res: 10 }];
    expect(bandFor(series, { ...none, area }, city).kind).toBe('area-filtered');
    expect(seriesDispersion(series, { ...none, area }, city.categories)).toBeNull();
    expect(bandFor(series, { ...none, division, categories: [{ id: 1, end: 4 }] }, city)).toEqual({
      kind: 'not-assessed',
      why: 'too-few-cases',
    });
    expect(bandFor(series, { ...none, categories: [{ id: 2, end: 3 }] }, city).kind).toBe('no-series');
  });
});

describe('changes of the chosen weeks', () => {
  const weeks = Array.from({ length: 120 }, (_, i) => ({ iso: `w${i}`, firstDay: 19_723 + 7 * i })); // from 2024-01-01
  const base = {
    weeks,
    usable: weeks.map((_, i) => i < 118),
    gaps: weeks.map(() => false),
    range: null,
    dispersion: 1,
  };
  const counts = Uint32Array.from(weeks, (_, i) => (i >= 114 && i < 118 ? 200 : 100));

  it('compares the last filled weeks with the ones before and with last year', () => {
    const changes = changesOf({ ...base, counts })!;
    expect(changes.weeks).toEqual({ first: 114, end: 118 });
    expect(changes.leftOut).toBe(2);
    expect(changes.n).toBe(800);
    expect(changes.previous).toMatchObject({ kind: 'compared', percent: 100, verdict: 'clear-rise' });
    expect(changes.yearAgo).toMatchObject({ kind: 'compared', before: { n: 400, days: 28 } });
  });

  it('does not compare over a gap in delivery', () => {
    const gaps = weeks.map((_, i) => i === 112);
    expect(changesOf({ ...base, counts, gaps })!.previous).toEqual({ kind: 'not-comparable', why: 'missing-days' });
  });

  it('has no counterpart before the data begins', () => {
    const changes = changesOf({ ...base, counts, range: { first: 2, end: 6 } })!;
    expect(changes.previous).toEqual({ kind: 'not-comparable', why: 'no-counterpart' });
    expect(changes.yearAgo).toEqual({ kind: 'not-comparable', why: 'no-counterpart' });
    expect(changes.nearFestival).toBe(true);
  });

  it('compares nothing while the chosen weeks are still filling', () => {
    expect(changesOf({ ...base, counts, range: { first: 118, end: 120 } })).toBeNull();
  });
});

describe('marks of the weekly chart', () => {
  const weeks = [20_492, 20_499, 20_506].map((firstDay, i) => ({ iso: `w${i}`, firstDay })); // Mondays from 2026-02-09

  it('name the holiday of a week, and the week of a break', () => {
    const marks = calendarMarks(weeks, { zone: 'Asia/Shanghai', breakDays: [20_508] });
    expect(marks.holidays.map((name) => name?.zh ?? null)).toEqual([null, '春节', null]);
    expect(marks.breaks).toEqual([false, false, true]);
  });

  it('name none for a city whose holidays are not known', () => {
    expect(calendarMarks(weeks, { zone: 'America/Chicago', breakDays: [] }).holidays).toEqual([null, null, null]);
  });
});

it('the row that holds a finest cell is found wherever it lies', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 40 }), (sizes) => {
      const endId = Uint32Array.from(sizes);
      for (let i = 1; i < sizes.length; i++) endId[i] = endId[i - 1]! + sizes[i]!;
      const firstId = endId.map((end, i) => end - sizes[i]!);
      for (let id = 0; id < endId.at(-1)!; id++) {
        const row = rowHolding({ firstId, endId }, id)!;
        expect(id >= firstId[row]! && id < endId[row]!).toBe(true);
      }
      expect(rowHolding({ firstId, endId }, endId.at(-1)!)).toBeNull();
    }),
  );
});
