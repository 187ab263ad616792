import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { Coverage } from '../../../core/contract/coverage.ts';
import type { SourceEntry } from '../../../core/contract/manifest.ts';
import { WEEK_STATES } from '../../../core/quality/coverage.ts';
import { translate } from '../../../web/src/i18n/texts.ts';
import {
  freshnessNow,
  matrixOf,
  missingDayText,
  moved,
  statePath,
} from '../../../web/src/rooms/desk/coverage-matrix.ts';
import { cellText, dayText, delayText, spanText } from '../../../web/src/rooms/desk/coverage-texts.ts';
import { MatrixDrawing } from '../../../web/src/rooms/desk/coverage-weeks.tsx';
import { monthsOf } from '../../../web/src/rooms/desk/delivery.ts';
import { freshnessText } from '../../../web/src/rooms/desk/freshness-text.ts';
import { NO_DIVISION, type WeekCube } from '../../../web/src/snapshot/model.ts';

const MONDAY = 20_031; // 2024-11-04
const t = (...args: Parameters<typeof translate> extends [unknown, ...infer Rest] ? Rest : never) =>
  translate('zh-CN', ...args);
const en = (...args: Parameters<typeof translate> extends [unknown, ...infer Rest] ? Rest : never) =>
  translate('en', ...args);

const coverage = Coverage.parse({
  nowDay: MONDAY + 41,
  divisions: [1, 7],
  weeks: 6,
  sources: [
    {
      key: 'police',
      freshness: { verdict: 'late', asOfDay: MONDAY + 38, ageDays: 3, overdueDays: 2 },
      delay: { kind: 'learned', completeness: [0.5, ...Array(60).fill(1)], daysTo95: 1, rowsUsed: 900, rowsBeyond: 0 },
      fillingDays: 1,
      recent: [{ day: MONDAY, n: 3, expected: 100.4, verdict: 'low', why: null }],
      spans: [{ kind: 'thin', firstDay: MONDAY + 14, endDay: MONDAY + 28, n: 4, expected: 1400.2, breakDay: null }],
      states: ['bdtmdn', 'bztmdn', 'bdmmzn'],
      notes: [
        { week: [2, 3], expected: [700, null], missingDays: [0b0111001, 0b1111111] },
        { week: [1, 2, 3], expected: [0.4, 70, 70], missingDays: [0, 1, 0] },
        { week: [2, 3, 4], expected: [70, 70, 2], missingDays: [0, 0, 0] },
      ],
    },
  ],
});
const source = coverage.sources[0] as Coverage['sources'][number];
const cube: WeekCube = {
  division: Uint32Array.of(1, 7, NO_DIVISION, 1, 7, 1, 1),
  week: Uint16Array.of(1, 1, 1, 2, 4, 4, 4),
  source: Uint8Array.of(2, 2, 2, 2, 0, 2, 2),
  group: Uint16Array.of(0, 0, 0, 0, 0, 0, 3),
  n: Uint32Array.of(5, 6, 7, 3, 99, 4, 10),
};
const matrix = matrixOf(coverage, source, cube, 2);

describe('coverage matrix of the desk', () => {
  it('takes the counts of its source: the city with what has no division, divisions without', () => {
    expect(matrix.cell(0, 1)).toEqual({ state: 'delivered', n: 18, expected: null, missingDays: 0 });
    expect(matrix.cell(1, 4).n).toBe(14);
    expect(matrix.cell(2, 4)).toMatchObject({ state: 'zero', n: 0, expected: 2 });
    expect(matrix.tally(0)).toEqual({ delivered: 2, zero: 0, thin: 1, missing: 1, 'not-yet': 1, 'before-first': 1 });
  });

  it('gives every state a look of its own; missing is hatched and never drawn like zero', () => {
    const shapes = WEEK_STATES.map((state) => statePath(matrix, state, 10));
    const forms = shapes.map((path) => path.match(/^M\S+ \S+?(h.*?z)/)?.[1] ?? '');
    expect(shapes.at(-1)).toBe(''); // before the first delivery: an empty place
    expect(new Set(forms.filter((form) => form !== '')).size).toBe(4); // delivered and missing share the full box, not the fill
    const html = renderToStaticMarkup(
      <MatrixDrawing
        matrix={matrix}
        mondays={[0, 1, 2, 3, 4, 5].map((w) => MONDAY + 7 * w)}
        cursor={{ row: 2, week: 3 }}
        onPoint={() => undefined}
        onPick={() => undefined}
      />,
    );
    for (const state of ['delivered', 'zero', 'thin', 'missing', 'not-yet'])
      expect(html).toContain(`data-state="${state}"`);
    expect(html).toContain('coverage-hatch');
    const missing = /data-state="missing" d="([^"]*)"/.exec(html)?.[1] ?? '';
    expect(missing.match(/M/g)).toHaveLength(4);
  });

  it('says numbers and days in words, in both languages', () => {
    const say = (row: number, week: number) =>
      cellText(matrix.cell(row, week), MONDAY + 7 * week, { t, locale: 'zh-CN' });
    expect(say(0, 1)).toBe('已报送，18 件');
    expect(say(1, 1)).toBe('0 件（来源已报送），5 件，整周通常不足 1 件');
    expect(say(0, 2)).toBe('数据稀少（部分缺报），3 件，整周应约 700 件，缺 11.18、11.21–11.23');
    expect(say(0, 3)).toBe('缺报（不是 0），缺 11.25–12.1');
    expect(say(0, 5)).toBe('尚未到报送时间');
    expect(cellText(matrix.cell(0, 2), MONDAY + 14, { t: en, locale: 'en' })).toBe(
      'thin (partly missing), 3 incidents, about 700 expected in a full week, missing 11-18, 11-21–11-23',
    );
    expect(missingDayText(MONDAY, 0b1000000, 'zh-CN')).toBe('11.10');
  });

  it('moves by keys and stays inside', () => {
    expect(moved({ row: 0, week: 0 }, 'ArrowLeft', matrix)).toEqual({ row: 0, week: 0 });
    expect(moved({ row: 0, week: 0 }, 'ArrowDown', matrix)).toEqual({ row: 1, week: 0 });
    expect(moved({ row: 2, week: 0 }, 'End', matrix)).toEqual({ row: 2, week: 5 });
    expect(moved({ row: 2, week: 5 }, 'PageDown', matrix)).toEqual({ row: 2, week: 5 });
    expect(moved({ row: 2, week: 5 }, 'Tab', matrix)).toBeNull();
  });
});

describe('coverage in words', () => {
  it('freshness, delay, days and spans', () => {
    expect(t(...freshnessText(source.freshness))).toBe('逾期 2 天');
    expect(t(...freshnessText({ verdict: 'silent', overdueDays: null }))).toBe('未报送');
    expect(delayText(source).map((words) => t(...words))).toEqual(['1 天内到齐 95%', '最近 1 天数据未齐']);
    expect(delayText(source).map((words) => en(...words))).toEqual([
      '95 % within 1 day',
      'the last 1 day is still filling',
    ]);
    const unknown = { delay: { kind: 'not-assessable', why: 'no-first-seen', rowsUsed: 0 }, fillingDays: 7 } as const;
    expect(t(...(delayText(unknown)[0] ?? ['coverage.fresh']))).toBe('时延未知：来源未记录登记时间');
    expect(dayText(source.recent[0] as (typeof source.recent)[number], t)).toBe('2024-11-04：3 件，应约 100 件，偏低');
    expect(spanText(source.spans[0] as (typeof source.spans)[number], t)).toBe(
      '2024-11-18 – 2024-12-01 数据稀少：4 件，应约 1,400 件',
    );
  });

  it('freshness by the clock is counted in days of the city', () => {
    const own = { asOf: '2026-11-15 23:59', cadenceDays: 1 };
    const now = new Date('2026-11-16T16:30:00Z'); // already the 17th in Shanghai, still the 16th in Chicago
    expect(freshnessNow(own, 'Asia/Shanghai', now)).toMatchObject({ verdict: 'due', ageDays: 2, overdueDays: 1 });
    expect(freshnessNow(own, 'America/Chicago', now)).toMatchObject({ verdict: 'fresh', ageDays: 1 });
    expect(freshnessNow({ ...own, asOf: null }, 'Asia/Shanghai', now)).toMatchObject({
      verdict: 'silent',
      ageDays: null,
    });
  });

  it('a month that a thin span covers is not shown as delivered; without coverage it is as before', () => {
    const entry = {
      key: 'police',
      firstDay: MONDAY - 40,
      lastDay: MONDAY + 60,
      monthsMissing: [] as string[],
    } as unknown as SourceEntry;
    const window = { firstDay: MONDAY, endDay: MONDAY + 50 };
    const state = (spans?: typeof source.spans) => monthsOf(entry, window, null, spans).map((month) => month.state);
    expect(state(source.spans)).toEqual(['thin', 'delivered']);
    expect(state()).toEqual(['delivered', 'delivered']);
    expect(monthsOf({ ...entry, monthsMissing: ['2024-11'] }, window, null, source.spans)[0]?.state).toBe('missing');
  });
});
