import fc from 'fast-check';
import { expect, it } from 'vitest';
import { weeklyBrief } from '../../core/brief/brief.ts';
import { weekChange } from '../../core/brief/change.ts';
import { countIn } from '../../core/brief/counts.ts';
import { briefWeek } from '../../core/brief/week.ts';
import { EMPTY_LEDGER } from '../../core/contract/ledger.ts';
import { compareCounts } from '../../core/metric/comparison.ts';
import { weekDispersion } from '../../core/metric/week-dispersion.ts';
import { dayOf } from '../../core/time/local-date.ts';
import { withDecision } from '../../web/src/ledger/changes.ts';
import { ledgerOf, ledgerSheets } from '../../web/src/ledger/sheets.ts';
import { readWorkbook, writeWorkbook } from '../../web/src/ledger/xlsx.ts';
import { madeBrief } from '../support/made-brief.ts';

const WEEKS = 70;
const rows = fc.array(
  fc.record({
    week: fc.integer({ min: 0, max: WEEKS - 1 }),
    division: fc.constantFrom(null, 0, 1, 4),
    source: fc.integer({ min: 0, max: 2 }),
    group: fc.constantFrom(0, 1, 3),
    n: fc.integer({ min: 1, max: 400 }),
  }),
  { maxLength: 200 },
);
const city = fc.record({ rows, week: fc.integer({ min: 0, max: WEEKS - 1 }) });
/** Monday of 2025-W20. */
const MONDAY = dayOf(2025, 5, 12);

it('every number of a brief is a sum over the table, for any week', () => {
  fc.assert(
    fc.property(city, (made) => {
      const brief = weeklyBrief(madeBrief({ firstMonday: MONDAY, weeks: WEEKS, ...made }));
      const sum = (keep: (row: (typeof made.rows)[number]) => boolean) =>
        made.rows.filter((row) => row.week === made.week && keep(row)).reduce((n, row) => n + row.n, 0);
      const [all, ...kinds] = brief.headlines;
      expect(all?.figure.value).toBe(sum(() => true));
      expect(kinds.map(({ figure }) => figure.value)).toEqual(
        [0, 1, 2].map((id) => sum(({ source }) => source === id)),
      );
      const { annex } = brief;
      const total = (list: typeof annex.divisions) => list.reduce((n, { figure }) => n + (figure.value ?? 0), 0);
      expect(total(annex.divisions) + annex.elsewhere + annex.unlocated).toBe(all?.figure.value);
      expect(total(annex.categories)).toBe(all?.figure.value);
      for (const row of [...annex.divisions, ...annex.categories])
        expect(row.bySource.reduce((n, figure) => n + (figure?.value ?? 0), 0)).toBe(row.figure.value);
    }),
    { numRuns: 60 },
  );
});

it('over whole weeks the comparison by days is the comparison of the weekly counts', () => {
  fc.assert(
    fc.property(city, (made) => {
      const input = madeBrief({ firstMonday: MONDAY, weeks: WEEKS, ...made });
      const week = briefWeek(input.manifest, made.week);
      const change = weekChange(input, week, [0]);
      const count = (at: number) => countIn(input, { sources: [0], category: null, division: null }, at) ?? Number.NaN;
      if (week.previous === null) return;
      const found = change?.previous.comparison;
      const weekly = input.manifest.weeks.map((_, at) => count(at));
      const dispersion =
        weekDispersion(
          weekly,
          weekly.map(() => true),
          made.week,
        ) ?? 1;
      expect(found).toEqual(
        compareCounts({
          before: { n: count(week.previous), days: 7 },
          after: { n: count(made.week), days: 7 },
          dispersion,
        }),
      );
    }),
    { numRuns: 60 },
  );
});

it('stable weeks are called 明显 in at most one of a hundred', () => {
  // Poisson counts by inversion from a seeded stream: 400 weeks at four levels, each against the week before.
  let seed = 7;
  const uniform = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (seed + 0.5) / 0x80000000;
  };
  const poisson = (mean: number) => {
    const bound = Math.exp(-mean);
    let [n, product] = [0, uniform()];
    while (product > bound) {
      n++;
      product *= uniform();
    }
    return n;
  };
  let [clear, said] = [0, 0];
  for (const mean of [25, 60, 150, 400]) {
    const counts = Array.from({ length: 400 }, () => poisson(mean));
    for (let week = 53; week < counts.length; week++) {
      const dispersion =
        weekDispersion(
          counts,
          counts.map(() => true),
          week,
        ) ?? 1;
      const found = compareCounts({
        before: { n: counts[week - 1]!, days: 7 },
        after: { n: counts[week]!, days: 7 },
        dispersion,
      });
      said++;
      if (found.kind === 'compared' && /clear/.test(found.verdict)) clear++;
    }
  }
  expect(said).toBe(4 * 347);
  expect(clear / said).toBeLessThanOrEqual(0.01);
});

it('any text a person types comes back from the workbook', () => {
  const text = fc
    .string({ minLength: 1, maxLength: 60, unit: 'grapheme' })
    .filter((one) => one.trim() === one && one.trim() !== '');
  fc.assert(
    fc.property(text, text, text, (problem, measure, owner) => {
      const ledger = withDecision(EMPTY_LEDGER, {
        problem,
        measure,
        owner,
        week: '2026-W46',
        snapshot: 's',
        deadline: '2026-11-29',
        scope: { division: null, category: null, sources: [], alert: null },
      });
      // A carriage return is a line feed to XML.
      const back = ledgerOf(readWorkbook(writeWorkbook(ledgerSheets(ledger))), EMPTY_LEDGER);
      const plain = (one: string) => one.replace(/\r\n?/g, '\n');
      expect(back.faults).toEqual([]);
      expect(back.ledger.problems[0]?.text).toBe(plain(problem));
      expect(back.ledger.remedies[0]?.measure).toBe(plain(measure));
      expect(back.ledger.duties[0]?.owner).toBe(plain(owner));
    }),
    { numRuns: 100 },
  );
});
