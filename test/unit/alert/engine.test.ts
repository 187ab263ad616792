import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Candidate, CandidateDay } from '../../../core/alert/candidate.ts';
import { certaintyAllowed, runAlerts, trackRecord } from '../../../core/alert/engine.ts';
import { levelOf } from '../../../core/alert/level.ts';
import { mergeCandidates } from '../../../core/alert/merge.ts';
import { levelSentence, whySentence } from '../../../core/alert/why.ts';
import { AlertRules } from '../../../core/contract/alert-rules.ts';

const rules = AlertRules.parse(JSON.parse(readFileSync('data/alert-rules.json', 'utf8')));
/** Categories 0..9: 1 holds 2 and 3. Divisions 0..9: 1 holds 2..4, 5 holds 6..8. */
const context = {
  categories: { end: (id: number) => (id === 1 ? 4 : id + 1) },
  divisions: { end: (id: number) => (id === 0 ? 10 : id === 1 ? 5 : id === 5 ? 9 : id + 1) },
  all: 65_535,
};
const candidate = (over: Partial<Candidate> = {}): Candidate => ({
  kind: 'cluster',
  rule: 'cluster-scan',
  category: 1,
  severity: 1,
  place: { kind: 'cells', resolution: 8, cells: [10, 11, 12] },
  divisions: [{ division: 1, level: 1, observed: 30, share: 1 }],
  period: { firstDay: 100, endDay: 107 },
  observed: 30,
  expected: 10,
  interval: [4, 17],
  p: 1e-7,
  recurrenceDays: 400,
  quality: [],
  follow: null,
  ...over,
});
const evening = (day: number, ...candidates: Candidate[]): CandidateDay => ({ day, candidates });

describe('why', () => {
  const names = {
    category: () => ({ zh: '噪声', en: 'noise' }),
    division: () => ({ zh: '姑苏区', en: 'Gusu' }),
  };

  it('says distinct problems and the reports behind them where they differ', () => {
    const why = whySentence(candidate({ reports: 37 }), names);
    expect(why.zh).toContain('30 个不同问题（共 37 件）');
    expect(why.en).toContain('30 distinct problems (37 reports)');
    expect(whySentence(candidate({ reports: 30 }), names).zh).toContain('“噪声”30 件');
    expect(whySentence(candidate(), names).zh).toContain('“噪声”30 件');
  });
});

describe('why of what lasts', () => {
  const names = {
    category: () => ({ zh: '垃圾堆积', en: 'garbage' }),
    division: (id: number) => ({ zh: `区划${id}`, en: `division ${id}` }),
  };
  const share = (division: number, level: number, part: number) => ({
    division,
    level,
    observed: 30 * part,
    share: part,
  });
  const chronic = candidate({
    kind: 'recurrence',
    rule: 'chronic',
    place: { kind: 'cells', resolution: 9, cells: [5] },
    period: { firstDay: 100, endDay: 464 },
    divisions: [share(1, 1, 1), share(2, 2, 1)],
  });

  it('says a year in weeks', () => {
    expect(whySentence(chronic, names).zh).toContain('常年反复：');
    expect(whySentence(chronic, names).zh).toContain('近 52 周“垃圾堆积”30 件');
    expect(whySentence(chronic, names).en).toContain('in 52 weeks');
    expect(whySentence(chronic, names).zh).not.toContain('交界');
  });

  it('names both sides of a border that both have a good part of it', () => {
    const seam = { ...chronic, divisions: [share(1, 1, 1), share(2, 2, 0.55), share(3, 2, 0.45)] };
    expect(whySentence(seam, names).zh).toContain('地处交界，区划2 55%、区划3 45%');
    expect(whySentence(seam, names).en).toContain('on a border: division 2 55%, division 3 45%');
    const lopsided = { ...chronic, divisions: [share(1, 1, 1), share(2, 2, 0.9), share(3, 2, 0.1)] };
    expect(whySentence(lopsided, names).en).not.toContain('border');
  });

  it('calls a new level what it is', () => {
    const level = candidate({ kind: 'slow-growth', rule: 'level-change' });
    expect(whySentence(level, names).zh).toContain('持续高于以往：');
    expect(whySentence(candidate({ kind: 'slow-growth', rule: 'slow-growth' }), names).zh).toContain('缓慢上升：');
  });
});

describe('level', () => {
  it('adds the steps reached, and says each', () => {
    const levelled = levelOf(candidate(), rules.level);
    expect(levelled).toEqual({
      level: 3,
      cappedFrom: null,
      points: { size: 2, certainty: 3, growth: 2, severity: 0, spread: 0 },
      sum: 7,
      provenTo: null,
    });
    expect(levelSentence(candidate(), levelled, rules.level).zh).toContain('规模 2 + 把握 3 + 增幅 2');
  });

  it('gives Ⅰ only with the highest certainty', () => {
    const strong = {
      observed: 300,
      expected: 60,
      severity: 4,
      divisions: [1, 5, 9].map((division) => ({ division, level: 1, observed: 100, share: 0.33 })),
    };
    expect(levelOf(candidate(strong), rules.level).level).toBe(1);
    expect(levelOf(candidate({ ...strong, recurrenceDays: 200 }), rules.level).level).toBe(2);
  });

  it('calls itself no more certain than the rule’s record allows, and says so', () => {
    const limited = levelOf(candidate(), rules.level, 1);
    expect([limited.points.certainty, limited.sum, limited.provenTo]).toEqual([1, 5, 1]);
    expect(levelSentence(candidate(), limited, rules.level).zh).toContain('把握（规则的战绩所限） 1');
    const of = (judged: number, kept: number) =>
      certaintyAllowed(
        { weeks: 12, raised: judged, judged, kept, precision: judged > 0 ? kept / judged : null },
        rules.level.trackRecord,
      );
    expect([of(0, 0), of(4, 4), of(10, 2), of(10, 3)]).toEqual([2, 2, 1, Number.POSITIVE_INFINITY]);
  });

  it('does not take five cases for a large rise', () => {
    expect(levelOf(candidate({ observed: 5, expected: 0.02 }), rules.level).points.growth).toBe(1);
  });

  it('is capped by doubtful data, and says from where', () => {
    const capped = levelOf(candidate({ severity: 4, quality: ['pile-up'] }), rules.level);
    expect([capped.level, capped.cappedFrom]).toEqual([3, 2]);
    expect(levelSentence(candidate({ severity: 4, quality: ['pile-up'] }), capped, rules.level).zh).toContain(
      '由Ⅱ级降为Ⅲ级',
    );
  });
});

describe('merging', () => {
  it('makes one of a cluster, its district series and a subclass at the same cells', () => {
    const merged = mergeCandidates(
      [
        candidate(),
        candidate({
          kind: 'series',
          rule: 'series-weekly',
          place: { kind: 'division', division: 1 },
          observed: 80,
          expected: 50,
        }),
        candidate({
          kind: 'emerging',
          rule: 'emerging-hot',
          category: 2,
          place: { kind: 'cells', resolution: 8, cells: [11] },
        }),
      ],
      context,
    );
    expect(merged).toHaveLength(1);
    expect(merged[0]?.head.kind).toBe('cluster');
    expect(merged[0]?.foundBy).toEqual(['cluster', 'series', 'emerging']);
  });

  it('keeps another category and another place apart', () => {
    const others = [
      candidate({ category: 5 }),
      candidate({
        place: { kind: 'cells', resolution: 8, cells: [50] },
        divisions: [{ division: 5, level: 1, observed: 30, share: 1 }],
      }),
    ];
    expect(mergeCandidates([candidate(), ...others], context)).toHaveLength(3);
  });

  it('lets a rise of the whole city explain the local ones that follow it, and not the one that goes beyond', () => {
    const city = candidate({
      kind: 'series',
      rule: 'series-daily',
      place: { kind: 'city' },
      divisions: [],
      observed: 420,
      expected: 300,
    });
    const follows = [20, 30, 40, 50].map((cell) =>
      candidate({ place: { kind: 'cells', resolution: 8, cells: [cell] }, observed: 15, expected: 10, divisions: [] }),
    );
    const beyond = candidate({
      place: { kind: 'cells', resolution: 8, cells: [60] },
      observed: 40,
      expected: 10,
      divisions: [],
    });
    const merged = mergeCandidates([...follows, beyond, city], context);
    expect(merged).toHaveLength(2);
    expect(merged.map(({ head }) => head.place.kind).sort()).toEqual(['cells', 'city']);
  });
});

describe('over time', () => {
  const rise = (day: number, observed: number): Candidate =>
    candidate({ observed, period: { firstDay: day - 6, endDay: day + 1 }, p: 10 ** (-observed / 5) });

  it('a place of finer cells is a cluster only where it lies in it', () => {
    // Ten cells of resolution 9 in each of resolution 8.
    const isInside = (
      finer: { readonly cells: readonly number[] },
      coarser: { readonly cells: readonly number[] },
    ): boolean => finer.cells.every((cell) => coarser.cells.includes(Math.floor(cell / 10)));
    const at = (cell: number): Candidate =>
      candidate({
        kind: 'recurrence',
        rule: 'chronic',
        category: 2,
        place: { kind: 'cells', resolution: 9, cells: [cell] },
        period: { firstDay: 0, endDay: 364 },
      });
    expect(mergeCandidates([candidate(), at(115)], { ...context, isInside })).toHaveLength(1);
    expect(mergeCandidates([candidate(), at(415)], { ...context, isInside })).toHaveLength(2);
    // Without the geometry the division speaks for both.
    expect(mergeCandidates([candidate(), at(415)], context)).toHaveLength(1);
  });

  it('what a division has had for months does not take in a place of now', () => {
    const months = candidate({
      kind: 'slow-growth',
      rule: 'level-change',
      place: { kind: 'division', division: 1 },
      period: { firstDay: 20, endDay: 104 },
    });
    expect(mergeCandidates([candidate(), months], context)).toHaveLength(2);
    const week = { ...months, kind: 'series' as const, rule: 'series-weekly', period: { firstDay: 97, endDay: 104 } };
    expect(mergeCandidates([candidate(), week], context)).toHaveLength(1);
    expect(mergeCandidates([week, months], context)).toHaveLength(1);
  });

  it('yesterday’s alert is not news: new, continuing, escalated, easing, ended', () => {
    const days = [evening(100, rise(100, 18)), evening(101, rise(101, 19)), evening(102, rise(102, 90))];
    const state = (list: CandidateDay[]) => runAlerts(list, rules, context).standing.map((alert) => alert.state);
    expect(state(days.slice(0, 1))).toEqual(['new']);
    expect(state(days.slice(0, 2))).toEqual(['continuing']);
    expect(state(days)).toEqual(['escalated']);
    expect(state([...days, evening(103)])).toEqual(['easing']);
    const quiet = Array.from({ length: 9 }, (_, i) => evening(103 + i));
    const run = runAlerts([...days, ...quiet], rules, context);
    expect(run.standing).toEqual([]);
    expect(run.ended.map((alert) => [alert.state, alert.since, alert.lastDay])).toEqual([['ended', 100, 102]]);
    expect(run.replay.reduce((sum, { raised }) => sum + raised, 0)).toBe(1);
  });

  it('keeps its id when the cells shift by one', () => {
    const run = runAlerts(
      [
        evening(100, candidate()),
        evening(101, candidate({ place: { kind: 'cells', resolution: 8, cells: [11, 12, 13] } })),
      ],
      rules,
      context,
    );
    expect(run.standing.map((alert) => alert.id)).toEqual(['100-1-r8-10']);
  });

  it('never lets in more than the budget, and shows the rest', () => {
    const crowd = Array.from({ length: 30 }, (_, i) =>
      candidate({
        category: 4 + (i % 6),
        place: { kind: 'cells', resolution: 8, cells: [100 + i * 10] },
        divisions: [{ division: i % 2 ? 1 : 5, level: 1, observed: 9, share: 1 }],
        observed: 20 + i,
      }),
    );
    const run = runAlerts([evening(100, ...crowd), evening(101, ...crowd)], rules, context);
    expect(run.standing).toHaveLength(30);
    expect(run.replay).toEqual([
      { day: 100, raised: 30, withinBudget: 2, listed: 2, urgent: 2 },
      { day: 101, raised: 0, withinBudget: 2, listed: 4, urgent: 4 },
    ]);
  });

  it('does not depend on the order of the candidates', () => {
    const some = fc.array(
      fc.record({
        category: fc.integer({ min: 1, max: 9 }),
        cell: fc.integer({ min: 0, max: 20 }),
        observed: fc.integer({ min: 11, max: 60 }),
        day: fc.integer({ min: 0, max: 5 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(some, fc.infiniteStream(fc.nat()), (list, random) => {
        const all = list.map((item) =>
          candidate({
            category: item.category,
            place: { kind: 'cells', resolution: 8, cells: [item.cell] },
            observed: item.observed,
            p: 10 ** (-item.observed / 10),
          }),
        );
        const of = (order: number[]): CandidateDay[] =>
          Array.from({ length: 6 }, (_, day) =>
            evening(day, ...order.filter((i) => list[i]?.day === day).map((i) => all[i] as Candidate)),
          );
        const order = list.map((_, i) => i);
        const keys = order.map(() => random.next().value as number);
        const shuffled = [...order].sort((a, b) => (keys[a] as number) - (keys[b] as number));
        const shape = (days: CandidateDay[]) => {
          const run = runAlerts(days, rules, context);
          return [run.standing.map((alert) => [alert.id, alert.levelled.sum, alert.state]), run.replay];
        };
        expect(shape(of(shuffled))).toEqual(shape(of(order)));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses evenings that do not ascend', () => {
    expect(() => runAlerts([evening(2), evening(2)], rules, context)).toThrow(RangeError);
  });
});

describe('track record', () => {
  it('judges only what is over, by the week after', () => {
    const at = (cell: number, follow: Candidate['follow']): Candidate =>
      candidate({ place: { kind: 'cells', resolution: 8, cells: [cell] }, divisions: [], follow });
    const run = runAlerts(
      [evening(100, at(1, { observed: 30, expected: 10 }), at(5, { observed: 10, expected: 10 }), at(9, null))],
      rules,
      context,
    );
    expect(trackRecord(run, 'cluster-scan', { firstDay: 90, endDay: 174 })).toEqual({
      weeks: 12,
      raised: 3,
      judged: 2,
      kept: 1,
      precision: 0.5,
    });
    expect(trackRecord(run, 'recurrence', { firstDay: 90, endDay: 174 }).precision).toBeNull();
  });
});

it('says where, how many, what is normal and how rare, in both languages', () => {
  const label = (word: string) => (id: number) => ({ zh: `${word}${id}`, en: `${word} ${id}` });
  const why = whySentence(candidate(), { category: label('类'), division: label('区') });
  expect(why.zh).toBe(
    '区1（3 个单元格）4.11–4.17（7 天）“类1”30 件，常态约 10 件（95% 区间 4–17）；偶然出现约每 400 天一次。',
  );
  expect(why.en).toContain('by chance about once in 400 days');
});
