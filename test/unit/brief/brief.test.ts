import { describe, expect, it } from 'vitest';
import { alertRecord } from '../../../core/brief/alert-record.ts';
import { annex } from '../../../core/brief/annex.ts';
import { weeklyBrief } from '../../../core/brief/brief.ts';
import { comparedDays } from '../../../core/brief/change.ts';
import { bandAt, countIn, unlocatedIn, weeklyCounts } from '../../../core/brief/counts.ts';
import { decisionOutcomes } from '../../../core/brief/decisions.ts';
import { figureText, plain } from '../../../core/brief/figure.ts';
import { limits } from '../../../core/brief/limits.ts';
import { MOST_PLACES, outstandingPlaces } from '../../../core/brief/outstanding.ts';
import { problemClass } from '../../../core/brief/problem-class.ts';
import { seamsOf } from '../../../core/brief/seams.ts';
import { headlines } from '../../../core/brief/state.ts';
import { briefWeek, lastCompleteWeek } from '../../../core/brief/week.ts';
import { EMPTY_LEDGER, type Ledger } from '../../../core/contract/ledger.ts';
import { dayOf, isoWeek } from '../../../core/time/local-date.ts';
import { type MadeBrief, type MadeRow, madeAlert, madeAlerts, madeBrief } from '../../support/made-brief.ts';

/** Monday of 2026-W10. */
const MONDAY = dayOf(2026, 3, 2);
const flat = (weeks: number, n: number, change: Partial<MadeRow> = {}): MadeRow[] =>
  Array.from({ length: weeks }, (_, week) => ({ week, division: 1, source: 0, group: 1, n, ...change }));
const text = (sentences: ReturnType<typeof limits>, language: 'zh' | 'en' = 'zh') =>
  sentences.map((one) => plain(one, language)).join('\n');
const of = (made: MadeBrief) => {
  const input = madeBrief(made);
  return { input, week: briefWeek(input.manifest, input.week) };
};

describe('the week of a brief', () => {
  it('a week 53 has no counterpart in a year of 52 weeks', () => {
    const { week } = of({ firstMonday: dayOf(2025, 12, 1), weeks: 57, rows: [] });
    expect(week.iso).toBe('2026-W53');
    expect(week.lastYear).toBeNull();
    expect(week.issue).toEqual({ year: 2026, number: 53 });
    const { input } = of({ firstMonday: dayOf(2025, 12, 1), weeks: 57, rows: flat(57, 70), series: [] });
    expect(headlines(input, week)[0]?.yearAgo?.zh).toBe('不可比：无对应时段');
  });

  it('the first week has neither a week before nor a year before', () => {
    const { input, week } = of({ firstMonday: MONDAY, weeks: 3, rows: flat(3, 70), week: 0 });
    expect([week.previous, week.lastYear]).toEqual([null, null]);
    const [all] = headlines(input, week);
    expect(all?.figure.value).toBe(70);
    expect(all?.change?.previous.comparison).toEqual({ kind: 'not-comparable', why: 'missing-days' });
  });

  it('last complete = seven days inside the window; a snapshot of four days shows those', () => {
    const whole = madeBrief({ firstMonday: MONDAY, weeks: 3, rows: [] }).manifest;
    expect(lastCompleteWeek(whole)).toBe(2);
    expect(lastCompleteWeek({ ...whole, window: { firstDay: MONDAY, endDay: MONDAY + 20 } })).toBe(1);
    expect(lastCompleteWeek({ weeks: whole.weeks.slice(0, 1), window: { firstDay: MONDAY, endDay: MONDAY + 4 } })).toBe(
      0,
    );
    expect(lastCompleteWeek({ weeks: [], window: { firstDay: 0, endDay: 0 } })).toBeNull();
  });

  it('days to be read hold the week, the one before and last year’s; near the festival what it can have moved by', () => {
    const { week } = of({ firstMonday: dayOf(2025, 5, 5), weeks: 60, rows: [], week: 59 });
    expect(comparedDays(week, 'Asia/Shanghai')).toEqual([
      { firstDay: week.firstDay - 364, endDay: week.firstDay - 357 },
      { firstDay: week.firstDay - 7, endDay: week.endDay },
    ]);
    const near = of({ firstMonday: dayOf(2025, 1, 6), weeks: 58, rows: [], week: 57 }).week;
    expect(comparedDays(near, 'Asia/Shanghai')[0]?.firstDay).toBe(near.firstDay - 364 - 35);
    expect(comparedDays(near, 'America/Chicago')[0]?.firstDay).toBe(near.firstDay - 364);
  });
});

describe('counting', () => {
  const rows: MadeRow[] = [
    { week: 0, division: 1, source: 0, group: 1, n: 5 },
    { week: 0, division: 4, source: 1, group: 3, n: 7 },
    { week: 0, division: null, source: 0, group: 3, n: 2 },
    { week: 0, division: 0, source: 2, group: 0, n: 1 },
    { week: 1, division: 1, source: 0, group: 1, n: 11 },
  ];
  const { input } = of({
    firstMonday: MONDAY,
    weeks: 2,
    rows,
    series: [{ division: 2, category: 1, observed: [3, null] }],
  });

  it('adds what the scope names', () => {
    expect(countIn(input, { sources: [], category: null, division: null }, 0)).toBe(15);
    expect(countIn(input, { sources: [0], category: null, division: null }, 0)).toBe(7);
    expect(countIn(input, { sources: [], category: 3, division: null }, 0)).toBe(9);
    expect(countIn(input, { sources: [], category: 3, division: 4 }, 0)).toBe(7);
    expect([...(weeklyCounts(input, { sources: [], category: 1, division: 1 }) ?? [])]).toEqual([5, 11]);
    expect(unlocatedIn(input, 0)).toBe(2);
  });

  it('a scope without a row is a zero; one that no table tells is not known', () => {
    expect(countIn(input, { sources: [], category: 1, division: 4 }, 0)).toBe(0);
    expect(countIn(input, { sources: [], category: 1, division: 2 }, 0)).toBe(3);
    expect(countIn(input, { sources: [], category: 1, division: 2 }, 1)).toBeNull();
    expect(countIn(input, { sources: [0], category: 1, division: 2 }, 0)).toBeNull();
    expect(countIn(input, { sources: [], category: 2, division: 1 }, 0)).toBeNull();
  });
});

describe('overall state', () => {
  const states = ['d'.repeat(60), 'd'.repeat(60), 'd'.repeat(60)];

  it('compares with the week before and with last year, and gives no percentage on a base below 20', () => {
    const rows = [
      ...flat(60, 140).map((row) => (row.week === 59 ? { ...row, n: 210 } : row)),
      ...flat(60, 14, { source: 1 }).map((row) => (row.week === 59 ? { ...row, n: 21 } : row)),
    ];
    const { input, week } = of({ firstMonday: dayOf(2025, 5, 5), weeks: 60, rows, states });
    const [all, complaint, police] = headlines(input, week);
    expect([all?.figure.value, complaint?.figure.value, police?.figure.value]).toEqual([231, 210, 21]);
    expect(complaint?.previous?.zh).toBe('由 140 件增至 210 件，上升 50%（明显上升）');
    expect(police?.previous?.zh).toBe('由 14 起增至 21 起（正常波动）');
    expect(complaint?.yearAgo?.en).toBe('140 requests up to 210, +50 % (clear rise)');
    expect(complaint?.change?.dispersionFrom).toBe('weeks');
  });

  it('a noisy history makes the same change normal variation', () => {
    const noisy = flat(60, 140).map((row) => ({ ...row, n: row.week === 59 ? 210 : row.week % 2 ? 100 : 182 }));
    const { input, week } = of({ firstMonday: dayOf(2025, 5, 5), weeks: 60, rows: noisy, states });
    expect(headlines(input, week)[0]?.previous?.zh).toMatch(/正常波动/);
  });

  it('days still filling are left out on both sides, and it is said', () => {
    const { input, week } = of({
      firstMonday: dayOf(2025, 5, 5),
      weeks: 60,
      rows: flat(60, 140),
      states,
      fillingDays: 5,
    });
    expect(headlines(input, week)[0]?.previous?.zh).toBe('按已报齐的 2 天，由 40 件仍为 40 件（正常波动）');
    expect(text(limits(input, week))).toContain('数据未齐');
  });

  it('a feed that is missing is no zero', () => {
    const missing = `${'d'.repeat(59)}m`;
    const rows = flat(59, 140);
    const { input, week } = of({
      firstMonday: dayOf(2025, 5, 5),
      weeks: 60,
      rows,
      kinds: ['complaint', 'police'],
      states: [missing, missing],
    });
    const [all] = headlines(input, week);
    expect(all?.figure.value).toBeNull();
    expect(all && figureText(all.figure, 'zh')).toBe('缺报');
    const brief = weeklyBrief(input);
    expect(text(brief.paragraph)).toContain('全部来源缺报');
    expect(text(brief.limits)).toContain('缺报，不是 0 件');
  });

  it('near Spring Festival both ways of comparing stand side by side when they disagree', () => {
    // 2025: festival 29 January (W05); 2026: 17 February (W08). W08 of 2025 was a plain week of 140, its festival week one of 40.
    const rows = flat(59, 140).map((row) => {
      const iso = isoWeek(dayOf(2025, 1, 6) + 7 * row.week);
      return {
        ...row,
        n: iso === '2025-W05' || iso === '2025-W04' || iso === '2025-W06' || iso === '2026-W08' ? 42 : 140,
      };
    });
    const { input, week } = of({ firstMonday: dayOf(2025, 1, 6), weeks: 59, rows, week: 58, states });
    expect(week.iso).toBe('2026-W08');
    const [all] = headlines(input, week);
    expect(all?.yearAgo?.zh).toMatch(/明显下降/);
    expect(all?.byFestival?.zh).toMatch(/正常波动/);
    expect(all?.festivalNote?.zh).toContain('今年春节较去年晚');
    expect(text(weeklyBrief(input).paragraph)).toContain('按距春节天数');
  });

  it('one source makes one number; a city without disputes or police says so', () => {
    const { input, week } = of({ firstMonday: MONDAY, weeks: 3, rows: flat(3, 10), kinds: ['complaint'] });
    expect(headlines(input, week)).toHaveLength(1);
    expect(text(limits(input, week))).toContain('没有矛盾纠纷来源');
    expect(text(limits(input, week), 'en')).toContain('no source of police');
  });

  it('before the days are read it claims no change', () => {
    const { input, week } = of({ firstMonday: MONDAY, weeks: 3, rows: flat(3, 10), daily: null });
    expect(headlines(input, week)[0]).toMatchObject({
      change: null,
      previous: null,
      yearAgo: null,
      figure: { value: 10 },
    });
  });
});

describe('outstanding places', () => {
  const weeks = 30;
  const end = MONDAY + 7 * weeks;
  const calm = Array<number>(weeks).fill(10);
  const burst = (n: number) => calm.map((value, week) => (week === weeks - 1 ? n : value));
  const series = (division: number, category: number, n: number) => ({
    division,
    category,
    observed: burst(n),
    expected: calm,
    upper: 17,
    alarm: 18,
  });
  const made = { firstMonday: MONDAY, weeks, rows: flat(weeks, 10) };

  it('alerts come first, by level; one judged false is gone; what says the same of the same place is said once', () => {
    const alerts = madeAlerts({
      asOfDay: end - 1,
      alerts: [
        madeAlert({
          id: 'four',
          since: end - 3,
          lastDay: end - 1,
          level: 4,
          category: 3,
          divisions: [{ division: 4, level: 1, observed: 12, share: 1 }],
        }),
        madeAlert({ id: 'two', since: end - 3, lastDay: end - 1, level: 2 }),
        madeAlert({
          id: 'same',
          since: end - 3,
          lastDay: end - 1,
          level: 3,
          category: 2,
          divisions: [{ division: 1, level: 1, observed: 12, share: 1 }],
        }),
      ],
    });
    const { input, week } = of({ ...made, alerts });
    expect(outstandingPlaces(input, week).map(({ id }) => id)).toEqual(['two', 'four']);
    const ledger: Ledger = {
      ...EMPTY_LEDGER,
      dispositions: [{ alert: 'two', what: 'false', week: week.iso, at: '', note: '' }],
    };
    const judged = of({ ...made, alerts, ledger });
    expect(outstandingPlaces(judged.input, judged.week).map(({ id }) => id)).toEqual(['same', 'four']);
  });

  it('the count of an alert is a figure inside its own sentence', () => {
    const alerts = madeAlerts({ asOfDay: end - 1, alerts: [madeAlert({ id: 'a', since: end - 3, lastDay: end - 1 })] });
    const { input, week } = of({ ...made, alerts });
    const [first] = outstandingPlaces(input, week);
    expect(first && plain(first.evidence, 'zh')).toBe('甲街道一带“类1”12 件，常态约 3 件。');
    expect(first?.evidence.parts.observed).toMatchObject({
      metric: 'alert.observed',
      value: 12,
      query: { alert: 'a' },
    });
  });

  it('older weeks take the series farthest above their normal', () => {
    const { input, week } = of({ ...made, series: [series(1, 1, 19), series(4, 3, 40), series(2, 2, 17)] });
    const found = outstandingPlaces(input, week);
    expect(found.map(({ id }) => id)).toEqual([`series-${week.iso}-02-traffic`, `series-${week.iso}-01-noise`]);
    expect(found[0] && plain(found[0].evidence, 'zh')).toBe(
      '东区本周“类3”40 件，常态约 10 件（95% 区间 0–17），高于正常范围。',
    );
    expect(found[0]?.level).toBeNull();
  });

  it('never more than five', () => {
    const many = Array.from({ length: 9 }, (_, i) =>
      madeAlert({
        id: `a${i}`,
        since: end - 2,
        lastDay: end - 1,
        category: i % 2 ? 1 : 3,
        divisions: [{ division: [2, 3, 5][i % 3] as number, level: 2, observed: 9, share: 1 }],
      }),
    );
    const { input, week } = of({ ...made, alerts: madeAlerts({ asOfDay: end - 1, alerts: many }) });
    const found = outstandingPlaces(input, week);
    expect(found.length).toBeLessThanOrEqual(MOST_PLACES);
    expect(found.length).toBe(5);
  });

  it('shares are those of the deepest level that several divisions share', () => {
    const alert = madeAlert({
      id: 'seam',
      since: end - 2,
      lastDay: end - 1,
      divisions: [
        { division: 1, level: 1, observed: 7, share: 0.58 },
        { division: 4, level: 1, observed: 5, share: 0.42 },
        { division: 2, level: 2, observed: 7, share: 0.58 },
      ],
    });
    const { input, week } = of({ ...made, alerts: madeAlerts({ asOfDay: end - 1, alerts: [alert] }) });
    expect(outstandingPlaces(input, week)[0]?.shares.map(({ name }) => name.zh)).toEqual(['西区', '东区']);
    expect(seamsOf(input, week).seams.map(({ shares }) => shares.length)).toEqual([2]);
    const early = briefWeek(input.manifest, 3);
    expect(seamsOf(input, early)).toEqual({ seams: [], assessed: false });
  });

  it('the class of the week is the one above normal, else the one farthest from it, and says which', () => {
    const above = of({ ...made, series: [series(0, 1, 12), series(0, 3, 30), series(1, 3, 20)] });
    const found = problemClass(above.input, above.week);
    expect(found?.category).toBe(3);
    expect(found && plain(found.sentences[0]!, 'zh')).toBe(
      '“类3”：全市 30 件，常态约 10 件（95% 区间 0–17），高于正常范围。',
    );
    expect(found?.districts.map(({ name }) => name.zh)).toEqual(['西区']);
    const quiet = of({ ...made, series: [series(0, 1, 12), series(0, 3, 9)] });
    const nearest = problemClass(quiet.input, quiet.week);
    expect(nearest && plain(nearest.sentences[0]!, 'zh')).toContain('本周没有类别高于正常范围');
    expect(problemClass(of(made).input, of(made).week)).toBeNull();
  });
});

describe('record of alerts', () => {
  const weeks = 30;
  const end = MONDAY + 7 * weeks;
  const calm = Array<number>(weeks).fill(10);
  const replay = Array.from({ length: 84 }, (_, i) => ({ day: end - 84 + i, raised: 2, withinBudget: 1 }));
  const series = [
    { division: 1, category: 1, observed: calm.map((n, w) => (w === weeks - 1 ? 40 : n)), expected: calm, alarm: 18 },
    { division: 4, category: 3, observed: calm.map((n, w) => (w === weeks - 1 ? 40 : n)), expected: calm, alarm: 18 },
  ];
  const alerts = madeAlerts({
    asOfDay: end - 1,
    replay,
    alerts: [madeAlert({ id: 'a', since: end - 3, lastDay: end - 1, category: 2 })],
  });

  it('adds the evenings of the week, and names what no alert spoke of', () => {
    const { input, week } = of({ firstMonday: MONDAY, weeks, rows: flat(weeks, 10), alerts, series });
    const record = alertRecord(input, week);
    expect([record.raised.value, record.withinBudget.value]).toEqual([14, 7]);
    expect(record.missed?.map(({ name }) => name.zh)).toEqual(['东区“类3”']);
  });

  it('counts what people said of the alerts of that week', () => {
    const iso = isoWeek(end - 7);
    const say = (alert: string, what: 'confirmed' | 'false', week = iso) => ({ alert, what, week, at: '', note: '' });
    const ledger: Ledger = {
      ...EMPTY_LEDGER,
      dispositions: [say('a', 'confirmed'), say('b', 'false'), say('c', 'false'), say('d', 'false', '2020-W01')],
    };
    const { input, week } = of({ firstMonday: MONDAY, weeks, rows: flat(weeks, 10), alerts, series, ledger });
    const { judged } = alertRecord(input, week);
    expect([judged.confirmed.value, judged.false.value, judged.watch.value, judged.whistled.value]).toEqual([
      1, 2, 0, 0,
    ]);
  });

  it('a week before the replay is not known, which is not nothing', () => {
    const { input, week } = of({ firstMonday: MONDAY, weeks, rows: flat(weeks, 10), alerts, series, week: 4 });
    const record = alertRecord(input, week);
    expect([record.raised.value, record.missed]).toEqual([null, null]);
    expect(figureText(record.raised, 'zh')).toBe('无记录');
  });
});

describe('decisions', () => {
  const weeks = 40;
  const iso = (week: number) => isoWeek(MONDAY + 7 * week);
  const ledger = (
    change: {
      week?: number;
      deadline?: string;
      state?: 'todo' | 'done';
      division?: string | null;
      category?: string | null;
    } = {},
  ): Ledger => ({
    ...EMPTY_LEDGER,
    problems: [
      {
        id: 'P1',
        text: '西区噪声',
        week: iso(change.week ?? 35),
        snapshot: 's',
        scope: {
          division: change.division === undefined ? '01' : change.division,
          category: change.category === undefined ? 'noise' : change.category,
          sources: [],
          alert: null,
        },
      },
    ],
    duties: [{ id: 'D1', problem: 'P1', owner: '城管局' }],
    remedies: [
      {
        id: 'R1',
        duty: 'D1',
        measure: '夜间巡查',
        deadline: change.deadline ?? '2030-01-01',
        state: change.state ?? 'todo',
        result: '',
      },
    ],
  });
  const rows = flat(weeks, 40).map((row) => ({ ...row, n: row.week > 35 ? 10 : 40 }));

  it('sets as many weeks before beside the weeks since, with an interval', () => {
    const { input, week } = of({ firstMonday: MONDAY, weeks, rows, ledger: ledger() });
    const [outcome] = decisionOutcomes(input, week);
    expect(outcome).toMatchObject({ state: 'todo', weeks: 4, before: { value: 160 }, after: { value: 40 } });
    expect(outcome?.words.zh).toBe('由 160 件降至 40 件，下降 75%（明显下降）');
    expect(outcome?.interval?.zh).toMatch(/^95% 区间 −8\d% 至 −6\d%$/);
  });

  it('is of next week’s page, not of its own', () => {
    const { input } = of({ firstMonday: MONDAY, weeks, rows, ledger: ledger() });
    expect(decisionOutcomes({ ...input, week: 35 }, briefWeek(input.manifest, 35))).toEqual([]);
    expect(decisionOutcomes({ ...input, week: 36 }, briefWeek(input.manifest, 36))).toHaveLength(1);
  });

  it('past its deadline it is overdue; a finished one is shown for four weeks', () => {
    const late = of({ firstMonday: MONDAY, weeks, rows, ledger: ledger({ deadline: '2026-06-01' }) });
    expect(decisionOutcomes(late.input, late.week)[0]?.state).toBe('overdue');
    const done = of({ firstMonday: MONDAY, weeks, rows, ledger: ledger({ state: 'done' }) });
    expect(decisionOutcomes(done.input, done.week)).toHaveLength(1);
    const old = of({ firstMonday: MONDAY, weeks, rows, ledger: ledger({ state: 'done', week: 30 }) });
    expect(decisionOutcomes(old.input, old.week)).toEqual([]);
  });

  it.each([
    [{ division: 'gone' }, '本快照没有这个区划'],
    [{ category: 'gone' }, '本快照没有这个区划、类别'],
    [{ week: -60 }, '不在本快照内'],
    [{ division: '0101' }, '没有这一范围的逐周件数'],
  ])('what cannot be counted says why: %o', (change, says) => {
    const { input, week } = of({ firstMonday: MONDAY, weeks, rows, ledger: ledger(change) });
    const [outcome] = decisionOutcomes(input, week);
    expect(outcome?.comparison).toBeNull();
    expect(outcome?.words.zh).toContain(says);
  });

  it('a week still filling is not compared', () => {
    const states = ['d'.repeat(weeks), 'd'.repeat(weeks), 'd'.repeat(weeks)];
    const { input, week } = of({ firstMonday: MONDAY, weeks, rows, ledger: ledger(), states, fillingDays: 3 });
    expect(decisionOutcomes(input, week)[0]?.words.zh).toBe('数据未齐');
  });
});

describe('annex', () => {
  it('both tables add up to the total, in the order of the divisions', () => {
    const rows: MadeRow[] = [
      { week: 1, division: 4, source: 0, group: 1, n: 50 },
      { week: 1, division: 1, source: 1, group: 3, n: 5 },
      { week: 1, division: 0, source: 1, group: 3, n: 3 },
      { week: 1, division: null, source: 2, group: 0, n: 2 },
    ];
    const { input, week } = of({ firstMonday: MONDAY, weeks: 2, rows });
    const table = annex(input, week);
    expect(table.total.value).toBe(60);
    expect(table.divisions.map(({ key, figure }) => [key, figure.value])).toEqual([
      ['01', 5],
      ['02', 50],
    ]);
    expect([table.elsewhere, table.unlocated]).toEqual([3, 2]);
    expect(table.categories.map(({ figure }) => figure.value)).toEqual([2, 50, 8]);
  });
});

describe('cities that lack something', () => {
  const all = (made: MadeBrief) => {
    const brief = weeklyBrief(madeBrief(made));
    return { brief, words: [...brief.paragraph, ...brief.limits, ...brief.suggestions, ...brief.record.notes] };
  };

  it('no incident at all', () => {
    const { brief } = all({ firstMonday: MONDAY, weeks: 4, rows: [] });
    expect(brief.headlines.map(({ figure }) => figure.value)).toEqual([0, 0, 0, 0]);
    expect(brief.annex.total.value).toBe(0);
    expect(brief.places).toEqual([]);
  });

  it('one week of data, cut short', () => {
    const { brief, words } = all({
      firstMonday: MONDAY,
      weeks: 1,
      rows: flat(1, 9),
      window: { firstDay: MONDAY, endDay: MONDAY + 4 },
    });
    expect(brief.headlines[0]?.figure.value).toBe(9);
    expect(text(words)).toContain('不足七天');
  });

  it('one district', () => {
    const { brief } = all({ firstMonday: MONDAY, weeks: 4, rows: flat(4, 9), districts: 1 });
    expect(brief.annex.divisions.map(({ figure }) => figure.value)).toEqual([9]);
  });

  it('English names only: no hanzi in the English brief', () => {
    const { words, brief } = all({
      firstMonday: MONDAY,
      weeks: 4,
      rows: flat(4, 9),
      englishOnly: true,
      kinds: ['complaint'],
    });
    expect(text(words, 'en')).not.toMatch(/\p{Script=Han}/u);
    expect(brief.annex.divisions.map(({ name }) => name.en)).toEqual(['West', 'East']);
  });

  it('a snapshot from before sensing says what cannot be told, and shows the rest', () => {
    const { brief, words } = all({ firstMonday: MONDAY, weeks: 4, rows: flat(4, 9) });
    expect([brief.tally, brief.problem, brief.record.raised.value]).toEqual([null, null, null]);
    expect(text(words)).toContain('没有常态序列');
    expect(text(words)).toContain('没有报送情况文件');
    expect(
      bandAt(madeBrief({ firstMonday: MONDAY, weeks: 4, rows: [] }), { division: 0, category: 1, week: 3 }),
    ).toBeNull();
  });

  it('no sentence names a cause', () => {
    const { words } = all({ firstMonday: MONDAY, weeks: 4, rows: flat(4, 9) });
    expect(text(words)).not.toMatch(/导致|引起|造成|由于/);
  });
});
