import type { Candidate } from '../../core/alert/candidate.ts';
import { cellCandidate } from '../../core/alert/candidates/from-cells.ts';
import type { TimedCandidate } from '../../core/alert/candidates/from-series.ts';
import type { AlertRules } from '../../core/contract/alert-rules.ts';
import { ALL_CATEGORIES } from '../../core/contract/sense.ts';
import {
  apartFromBetter,
  type LevelRise,
  type LevelRule,
  type LevelSpan,
  type LevelStands,
  levelRises,
  levelSpan,
  stillStanding,
} from '../../core/sense/level-change.ts';
import {
  type CandidateInput,
  divisionShares,
  lineageOf,
  mondaysEveryFour,
  parameter,
  qualityOf,
  SLOW_STANDS_DAYS,
  severityIn,
  severityOf,
} from './alert-candidates.ts';
import type { SensedSeries } from './series.ts';

/** Of one look: what stands, by its key, and whether it was inside its normal. */
interface Stands extends LevelStands {
  readonly candidate: Candidate;
}

/** Weeks inside by the key of what stands. */
type Inside = ReadonlyMap<string, number>;

interface Look extends LevelSpan {
  readonly endDay: number;
}

/**
 * Streets, districts and places of the city that have risen above their own share of the city and stay there (rule `level-change`). What stands
 * does not end at the first look inside its normal, only after `endWeeks` of them in a row: a level does not flicker.
 */
export function fromLevelChanges(input: CandidateInput): TimedCandidate[] {
  // A profile with rules of its own may have none.
  const rule = input.rules.rules.find(({ id }) => id === 'level-change');
  if (!rule) return [];
  const endWeeks = rule.parameters.endWeeks ?? 0; // rules of before: ends at once
  const { frame } = input.sensed;
  const span = {
    weeks: parameter(rule, 'weeks'),
    referenceEndsWeeks: parameter(rule, 'referenceEndsWeeks'),
    referenceWeeks: parameter(rule, 'referenceWeeks'),
  };
  let inside: Inside = new Map();
  return mondaysEveryFour(input).flatMap((endDay) => {
    const end = frame.weeks.findIndex(({ firstDay }) => firstDay === endDay - 7) + 1;
    const weeks = levelSpan(end, span, frame.settledEnd);
    if (weeks === null) return [];
    const look: Look = { ...weeks, endDay };
    const found = [...divisionChanges(input, rule, look, inside), ...placeChanges(input, rule, look, inside)];
    const now = stillStanding(found, inside, endWeeks);
    inside = now.inside;
    return now.standing.map(({ candidate }) => ({ fromDay: endDay, toDay: endDay + SLOW_STANDS_DAYS - 1, candidate }));
  });
}

const boundsOf = (rule: AlertRules['rules'][number]): LevelRule => ({
  alpha: parameter(rule, 'alpha'),
  leastRatio: parameter(rule, 'leastRatio'),
  leastExcess: parameter(rule, 'leastExcess'),
});

function divisionChanges(
  input: CandidateInput,
  rule: AlertRules['rules'][number],
  span: Look,
  stood: Inside,
): Stands[] {
  const { categories, divisions } = input;
  const days = { firstDay: span.endDay - 7 * parameter(rule, 'weeks'), endDay: span.endDay };
  const groups = categories.filter(({ level }) => level === 1).map(({ id }) => id);
  return [1, 2].flatMap((level) =>
    groups.flatMap((category) => {
      const all = input.sensed.weekly.filter((series) => series.level === level && series.category === category);
      const read = (weeks: readonly number[]): Float64Array => Float64Array.from(all, (series) => sumOf(series, weeks));
      // A division that was not delivered in one of these weeks has no share to compare.
      const whole = [read(span.reference), ...span.parts.map(read)];
      const keyOf = (place: number): string => `d${(all[kept[place] as number] as SensedSeries).division}-${category}`;
      const kept = all.map((_, i) => i).filter((i) => whole.every((sums) => !Number.isNaN(sums[i] as number)));
      const pick = (sums: Float64Array): Float64Array[] => [Float64Array.from(kept, (i) => sums[i] as number)];
      const [reference, ...parts] = whole.map(pick);
      // With one division not delivered the city's own rise is not known either.
      const after = span.next && pick(read(span.next));
      const next = after?.some((sums) => sums.some(Number.isNaN)) ? null : after;
      const found = levelRises({ reference: reference as Float64Array[], parts, next }, boundsOf(rule), (place) =>
        stood.has(keyOf(place)),
      );
      return found.map(({ place, observed, expected, p, isInside, follow }): Stands => {
        const { division } = all[kept[place] as number] as SensedSeries;
        const spread = 1.96 * Math.sqrt(expected);
        const candidate: Candidate = {
          kind: 'slow-growth',
          rule: rule.id,
          category,
          severity: severityOf(categories, category),
          place: { kind: 'division', division },
          divisions: lineageOf(division, divisions).map((part) => ({ ...part, observed, share: 1 })),
          period: days,
          observed,
          expected,
          interval: [Math.max(0, expected - spread), expected + spread],
          p,
          recurrenceDays: null,
          quality: qualityOf(input, { division, category, ...days, detail: null }),
          follow,
        };
        return { key: keyOf(place), isInside, candidate };
      });
    }),
  );
}

/** NaN = one of the weeks was not delivered. Weeks before the series was first reported count 0: nobody used it. */
function sumOf({ observed, firstPeriod }: SensedSeries, weeks: readonly number[]): number {
  return weeks.reduce((sum, week) => sum + (week < firstPeriod ? 0 : (observed[week - firstPeriod] ?? Number.NaN)), 0);
}

/** Disks of a cell and its neighbours, all categories; those that share no cell with a clearer one. */
function placeChanges(input: CandidateInput, rule: AlertRules['rules'][number], span: Look, stood: Inside): Stands[] {
  const { sensed, categories } = input;
  const grid = sensed.cells;
  const counts = sensed.counts?.cellWeek;
  if (!grid || !counts) return [];
  const groups = categories.filter(({ level }) => level === 1).map(({ id }) => id);
  const groupAt = new Map(groups.map((id, g) => [id, g]));
  const partOf = new Map<number, number>(span.reference.map((week) => [week, 0]));
  for (const [k, weeks] of [...span.parts, span.next ?? []].entries())
    for (const week of weeks) partOf.set(week, k + 1);
  const sums = Array.from({ length: 2 + span.parts.length }, () =>
    groups.map(() => new Float64Array(grid.cells.length)),
  );
  const [cell, week, group] = [counts.column('r8'), counts.column('week'), counts.column('group')];
  for (let i = 0; i < counts.length; i++) {
    const part = partOf.get((week[i] as number) - sensed.frame.firstWeek);
    const g = groupAt.get(group[i] as number);
    if (part === undefined || g === undefined) continue;
    const into = (sums[part] as Float64Array[])[g] as Float64Array;
    into[cell[i] as number] = (into[cell[i] as number] as number) + (counts.n[i] as number);
  }
  const { offsets, neighbours } = grid.neighbours;
  const disk = (centre: number): number[] => [
    centre,
    ...neighbours.subarray(offsets[centre] as number, offsets[centre + 1] as number),
  ];
  const ofDisks = (cells: Float64Array): Float64Array =>
    Float64Array.from(cells, (own, centre) => {
      let sum = own;
      for (let k = offsets[centre] as number; k < (offsets[centre + 1] as number); k++)
        sum += cells[neighbours[k] as number] as number;
      return sum;
    });
  const disks = sums.map((byGroup) => byGroup.map(ofDisks));
  const given = {
    reference: disks[0] as Float64Array[],
    parts: disks.slice(1, 1 + span.parts.length),
    next: span.next && (disks[1 + span.parts.length] as Float64Array[]),
  };
  const keyOf = (centre: number): string => `c${centre}`;
  const found = new Map(
    levelRises(given, boundsOf(rule), (centre) => stood.has(keyOf(centre))).map((one) => [one.place, one]),
  );
  // What is found now comes before what only stands: the place that says it best may have moved by a cell.
  const p = new Float64Array(grid.cells.length).fill(1);
  for (const one of found.values()) p[one.place] = one.rises ? one.p : one.p + 1;
  const days = {
    firstDay: span.endDay - 7 * parameter(rule, 'weeks'),
    endDay: span.endDay,
    category: ALL_CATEGORIES,
  };
  return apartFromBetter([...found.keys()], { p, parts: disk }).map((centre) => {
    const one = found.get(centre) as LevelRise;
    const at = { resolution: 8, cells: disk(centre) };
    const detail = input.places.ofCells(at, days);
    const divisions = divisionShares(detail, input.divisions);
    const candidate = cellCandidate({
      kind: 'slow-growth',
      rule: rule.id,
      severity: severityIn(detail, input, ALL_CATEGORIES),
      ...at,
      ...days,
      divisions,
      observed: one.observed,
      expected: one.expected,
      dispersion: 1,
      p: one.p,
      recurrenceDays: null,
      quality: qualityOf(input, { division: divisions[0]?.division ?? 0, ...days, detail: null }),
      follow: one.follow,
    });
    return { key: keyOf(centre), isInside: one.isInside, candidate };
  });
}
