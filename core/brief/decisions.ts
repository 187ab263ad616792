import type { Duty, Problem, Remedy } from '../contract/ledger.ts';
import { type Comparison, compareCounts, percentInterval } from '../metric/comparison.ts';
import { changeSentence, type Words } from '../metric/verdict-words.ts';
import { weekDispersion } from '../metric/week-dispersion.ts';
import { parseIsoDate } from '../time/local-date.ts';
import { deliveryGaps } from './change.ts';
import { weeklyCounts } from './counts.ts';
import type { Figure } from './figure.ts';
import type { BriefInput } from './input.ts';
import { ALL_WORDS, categoryWords, divisionWords } from './names.ts';
import type { BriefWeek } from './week.ts';

/** What was decided before this week, and what the numbers of the place say since. A change after a measure is no proof that the measure did it. */
export interface DecisionOutcome {
  readonly problem: Problem;
  readonly duty: Duty;
  readonly remedy: Remedy;
  readonly state: 'todo' | 'doing' | 'done' | 'cancelled' | 'overdue';
  readonly where: Words;
  /** As many weeks up to and with the week of the decision as there are weeks since. */
  readonly before: Figure | null;
  readonly after: Figure | null;
  readonly weeks: number;
  readonly comparison: Comparison | null;
  readonly words: Words;
  /** 95 % interval of the change in percent, in words; null where no percentage is given. */
  readonly interval: Words | null;
}

/** Weeks compared at most: a season lies in more. */
const MOST_WEEKS = 8;

/** Open measures of earlier weeks, and those finished that were decided at most four weeks ago: overdue first, then by deadline. */
export function decisionOutcomes(input: BriefInput, week: BriefWeek): readonly DecisionOutcome[] {
  const { problems, duties, remedies } = input.ledger;
  const out: DecisionOutcome[] = [];
  for (const remedy of remedies) {
    const duty = duties.find(({ id }) => id === remedy.duty);
    const problem = duty && problems.find(({ id }) => id === duty.problem);
    if (!duty || !problem || problem.week >= week.iso) continue;
    const decided = input.manifest.weeks.findIndex(({ iso }) => iso === problem.week);
    const isOver = remedy.state === 'done' || remedy.state === 'cancelled';
    if (isOver && (decided < 0 || week.index - decided > 4)) continue;
    const overdue = !isOver && parseIsoDate(remedy.deadline) < week.endDay;
    out.push({
      problem,
      duty,
      remedy,
      state: overdue ? 'overdue' : remedy.state,
      ...sinceDecision(input, week, problem, decided),
    });
  }
  const first = ({ state }: DecisionOutcome) =>
    state === 'overdue' ? 0 : state === 'done' || state === 'cancelled' ? 2 : 1;
  return out.sort(
    (a, b) =>
      first(a) - first(b) ||
      (a.remedy.deadline < b.remedy.deadline ? -1 : a.remedy.deadline > b.remedy.deadline ? 1 : 0) ||
      (a.remedy.id < b.remedy.id ? -1 : 1),
  );
}

type Since = Pick<DecisionOutcome, 'where' | 'before' | 'after' | 'weeks' | 'comparison' | 'words' | 'interval'>;

function sinceDecision(input: BriefInput, week: BriefWeek, { scope }: Problem, decided: number): Since {
  const { manifest, divisions } = input;
  const division = scope.division === null ? null : divisions.code.indexOf(scope.division);
  const category =
    scope.category === null ? null : manifest.dictionaries.categories.find(({ code }) => code === scope.category)?.id;
  const entries = manifest.dictionaries.sources.filter(({ key }) => scope.sources.includes(key));
  const names = {
    place: division === null || division < 0 ? { zh: '全市', en: 'the whole city' } : divisionWords(input, division),
    kind:
      category === null
        ? ALL_WORDS
        : category === undefined
          ? { zh: scope.category ?? '', en: scope.category ?? '' }
          : categoryWords(input, category),
  };
  const where = { zh: `${names.place.zh} · ${names.kind.zh}`, en: `${names.kind.en} · ${names.place.en}` };
  const none = (words: Words): Since => ({
    where,
    before: null,
    after: null,
    weeks: 0,
    comparison: null,
    words,
    interval: null,
  });
  if (division === -1 || category === undefined || entries.length !== scope.sources.length)
    return none({
      zh: '本快照没有这个区划、类别或来源，不能计数',
      en: 'this snapshot lacks that division, category or source: not counted',
    });
  if (decided < 0)
    return none({
      zh: '作决定的那一周不在本快照内，不能对比',
      en: 'the week of the decision is not in this snapshot: no comparison',
    });
  const sources = entries.map(({ id }) => id);
  const counts = weeklyCounts(input, { sources, category, division });
  if (!counts)
    return none({
      zh: '没有这一范围的逐周件数，不能对比',
      en: 'no weekly counts are published for this scope: no comparison',
    });
  const weeks = Math.min(MOST_WEEKS, week.index - decided, decided + 1);
  const ranges = {
    before: { first: decided + 1 - weeks, end: decided + 1 },
    after: { first: week.index + 1 - weeks, end: week.index + 1 },
  };
  const gaps = deliveryGaps(input, sources.length > 0 ? sources : manifest.dictionaries.sources.map(({ id }) => id));
  const filling = fillingFrom(input, sources);
  const known = manifest.weeks.map(
    ({ firstDay }, i) =>
      !gaps[i] &&
      !Number.isNaN(counts[i]) &&
      firstDay >= manifest.window.firstDay &&
      firstDay + 7 <= Math.min(manifest.window.endDay, filling),
  );
  const sum = ({ first, end }: { first: number; end: number }): number | null => {
    let n = 0;
    for (let i = first; i < end; i++) n += counts[i] as number;
    return Number.isNaN(n) ? null : n;
  };
  const figure = (range: { first: number; end: number }): Figure => ({
    metric: 'incidents',
    value: sum(range),
    text: sum(range) === null ? { zh: '缺报', en: 'not delivered' } : null,
    query: { weeks: range, sources, category, division, alert: null },
  });
  const [before, after] = [figure(ranges.before), figure(ranges.after)];
  const allKnown = [ranges.before, ranges.after].every(({ first, end }) => known.slice(first, end).every(Boolean));
  const lastFilling = !known[week.index] && !gaps[week.index];
  const comparison: Comparison = allKnown
    ? compareCounts({
        before: { n: before.value ?? Number.NaN, days: 7 * weeks }, // known: checked above
        after: { n: after.value ?? Number.NaN, days: 7 * weeks },
        dispersion: weekDispersion(counts, known, decided + 1) ?? 1, // too short to tell: as Poisson
      })
    : { kind: 'not-comparable', why: lastFilling ? 'still-filling' : 'missing-days' };
  const interval = comparison.kind === 'compared' ? percentInterval(comparison) : null;
  return {
    where,
    before,
    after,
    weeks,
    comparison,
    words: changeSentence(comparison),
    interval: interval && intervalWords(interval),
  };
}

function fillingFrom({ coverage, manifest }: BriefInput, sources: readonly number[]): number {
  const keys = manifest.dictionaries.sources
    .filter(({ id }) => sources.length === 0 || sources.includes(id))
    .map(({ key }) => key);
  const days = coverage?.sources.filter(({ key }) => keys.includes(key)).map(({ fillingDays }) => fillingDays) ?? [];
  return manifest.window.endDay - Math.max(0, ...days);
}

function intervalWords({ lower, upper }: { readonly lower: number; readonly upper: number | null }): Words {
  const text = (value: number) => `${value > 0 ? '+' : value < 0 ? '−' : ''}${Math.abs(Math.round(value))}%`;
  return {
    zh: `95% 区间 ${text(lower)} 至 ${upper === null ? '无上限' : text(upper)}`,
    en: `95 % ${text(lower)} to ${upper === null ? 'no bound' : text(upper)}`,
  };
}
