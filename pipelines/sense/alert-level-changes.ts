import type { Candidate } from '../../core/alert/candidate.ts';
import { cellCandidate } from '../../core/alert/candidates/from-cells.ts';
import type { TimedCandidate } from '../../core/alert/candidates/from-series.ts';
import type { AlertRules } from '../../core/contract/alert-rules.ts';
import { ALL_CATEGORIES } from '../../core/contract/sense.ts';
import { apartFromBetter, type LevelCounts, levelChanges, placeLevels } from '../../core/sense/level-change.ts';
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

/** Parts of the last weeks, each of which must lie above its normal: a month of many reports is no new level. */
const PARTS = 3;
/** Fewer weeks before are no year. */
const FEWEST_REFERENCE_WEEKS = 26;
/** Fewer expected in the last weeks: a handful of reports would be a multiple. */
const LEAST_EXPECTED = 2;

interface Span {
  readonly endDay: number;
  /** Positions in the weeks of the frame. */
  readonly reference: readonly number[];
  /** The last weeks in parts of equal length, oldest first. */
  readonly parts: readonly (readonly number[])[];
  /** The four weeks after, for the track record; null = not all in yet. */
  readonly next: readonly number[] | null;
}

interface Found {
  readonly place: number;
  readonly observed: number;
  readonly expected: number;
  readonly p: number;
  /** Found now, not only standing from before. */
  readonly rises: boolean;
  readonly isInside: boolean;
  readonly follow: Candidate['follow'];
}

/** Of one look: what stands, by its key, and whether it was inside its normal. */
interface Stands {
  readonly key: string;
  readonly isInside: boolean;
  readonly candidate: Candidate;
}

/** Weeks inside by the key of what stands. */
type Inside = ReadonlyMap<string, number>;

/**
 * Streets, districts and places of the city that have risen above their own share of the city and stay there (rule `level-change`). What stands
 * does not end at the first look inside its normal, only after `endWeeks` of them in a row: a level does not flicker.
 */
export function fromLevelChanges(input: CandidateInput): TimedCandidate[] {
  // A profile with rules of its own may have none.
  const rule = input.rules.rules.find(({ id }) => id === 'level-change');
  if (!rule) return [];
  const endWeeks = rule.parameters['endWeeks'] ?? 0; // rules of before: ends at once
  let inside: Inside = new Map();
  return mondaysEveryFour(input).flatMap((endDay) => {
    const span = spanOf(input, rule, endDay);
    if (span === null) return [];
    const weeks = (one: Stands): number => (one.isInside ? (inside.get(one.key) ?? 0) + SLOW_STANDS_DAYS / 7 : 0); // was above until now
    const standing = [...divisionChanges(input, rule, span, inside), ...placeChanges(input, rule, span, inside)].filter(
      (one) => !one.isInside || weeks(one) < endWeeks,
    );
    inside = new Map(standing.map((one) => [one.key, weeks(one)]));
    return standing.map(({ candidate }) => ({ fromDay: endDay, toDay: endDay + SLOW_STANDS_DAYS - 1, candidate }));
  });
}

const NEXT_WEEKS = SLOW_STANDS_DAYS / 7;

function spanOf({ sensed: { frame } }: CandidateInput, rule: AlertRules['rules'][number], endDay: number): Span | null {
  const end = frame.weeks.findIndex(({ firstDay }) => firstDay === endDay - 7) + 1;
  const weeks = parameter(rule, 'weeks');
  const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
  // What has been so for half a year is still new; with the months in between as reference it would soon be its own normal.
  const before = end - parameter(rule, 'referenceEndsWeeks');
  const first = Math.max(0, before - parameter(rule, 'referenceWeeks'));
  if (before - first < FEWEST_REFERENCE_WEEKS) return null;
  return {
    endDay,
    reference: range(first, before),
    parts: Array.from({ length: PARTS }, (_, k) =>
      range(end - weeks + Math.round((k * weeks) / PARTS), end - weeks + Math.round(((k + 1) * weeks) / PARTS)),
    ),
    next: end + NEXT_WEEKS <= frame.settledEnd ? range(end, end + NEXT_WEEKS) : null,
  };
}

/** Places whose level has changed, by the rule, and those that stood; counts by group of the reference, of each part, and of the weeks after. */
function changed(
  rule: AlertRules['rules'][number],
  counts: {
    readonly reference: readonly Float64Array[];
    readonly parts: readonly (readonly Float64Array[])[];
    readonly next: readonly Float64Array[] | null;
  },
  stood: (place: number) => boolean,
): Found[] {
  const { reference, parts, next } = counts;
  const last = reference.map((_, g) =>
    (reference[g] as Float64Array).map((_n, i) =>
      parts.reduce((sum, part) => sum + ((part[g] as Float64Array)[i] as number), 0),
    ),
  );
  const levels = placeLevels({ last, reference } satisfies LevelCounts);
  const changes = levelChanges(levels, { leastExpected: LEAST_EXPECTED });
  if (changes === null) return [];
  const byPart = parts.map((part) => placeLevels({ last: part, reference }));
  const after = next && placeLevels({ last: next, reference });
  const ratio = parameter(rule, 'leastRatio');
  /** Half of the way to the ratio. */
  const half = (1 + ratio) / 2;
  const found: Found[] = [];
  for (let place = 0; place < levels.observed.length; place++) {
    const [observed, expected] = [levels.observed[place] as number, levels.expected[place] as number];
    const rises =
      (changes.q[place] as number) <= parameter(rule, 'alpha') &&
      observed >= ratio * expected &&
      observed - expected >= parameter(rule, 'leastExcess') &&
      // Half of the way in every part: it stays.
      byPart.every((part) => (part.observed[place] as number) > half * (part.expected[place] as number));
    if (!rises && !stood(place)) continue;
    const p = changes.p[place] as number;
    found.push({
      place,
      observed,
      expected,
      p: Number.isNaN(p) ? 1 : p, // too few to be compared now: no evidence
      rises,
      isInside: !rises && observed <= half * expected,
      follow: after && { observed: after.observed[place] as number, expected: after.expected[place] as number },
    });
  }
  return found;
}

function divisionChanges(
  input: CandidateInput,
  rule: AlertRules['rules'][number],
  span: Span,
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
      const found = changed(rule, { reference: reference as Float64Array[], parts, next }, (place) =>
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
function placeChanges(input: CandidateInput, rule: AlertRules['rules'][number], span: Span, stood: Inside): Stands[] {
  const { sensed, categories } = input;
  const grid = sensed.cells;
  const counts = sensed.counts?.cellWeek;
  if (!grid || !counts) return [];
  const groups = categories.filter(({ level }) => level === 1).map(({ id }) => id);
  const groupAt = new Map(groups.map((id, g) => [id, g]));
  const partOf = new Map<number, number>(span.reference.map((week) => [week, 0]));
  for (const [k, weeks] of [...span.parts, span.next ?? []].entries())
    for (const week of weeks) partOf.set(week, k + 1);
  const sums = Array.from({ length: 2 + PARTS }, () => groups.map(() => new Float64Array(grid.cells.length)));
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
    parts: disks.slice(1, 1 + PARTS),
    next: span.next && (disks[1 + PARTS] as Float64Array[]),
  };
  const keyOf = (centre: number): string => `c${centre}`;
  const found = new Map(changed(rule, given, (centre) => stood.has(keyOf(centre))).map((one) => [one.place, one]));
  // What is found now comes before what only stands: the place that says it best may have moved by a cell.
  const p = new Float64Array(grid.cells.length).fill(1);
  for (const one of found.values()) p[one.place] = one.rises ? one.p : one.p + 1;
  const days = {
    firstDay: span.endDay - 7 * parameter(rule, 'weeks'),
    endDay: span.endDay,
    category: ALL_CATEGORIES,
  };
  return apartFromBetter([...found.keys()], { p, parts: disk }).map((centre) => {
    const one = found.get(centre) as Found;
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
