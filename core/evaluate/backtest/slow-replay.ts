import { cellCandidate } from '../../alert/candidates/from-cells.ts';
import type { TimedCandidate } from '../../alert/candidates/from-series.ts';
import {
  apartFromBetter,
  LEVEL_LOOK_WEEKS,
  type LevelRise,
  type LevelRule,
  type LevelSpan,
  type LevelStands,
  levelRises,
  levelSpan,
  stillStanding,
} from '../../sense/level-change.ts';
import { type SlowGrowthOptions, slowGrowth } from '../../sense/slow-growth.ts';
import { diskNeighbours, type NeighbourLists } from '../../stats/neighbours.ts';
import { ALL_GROUPS, type CityFacts } from './city-facts.ts';
import type { WeeklySeries } from './weekly-series.ts';

/** What builds up over months (`slow-growth`, `level-change`), looked at on past Mondays from what was known then. */

const FOLLOW_WEEKS = LEVEL_LOOK_WEEKS;

type Severities = ReadonlyMap<number, number>;
const severities = (facts: CityFacts): Severities => new Map(facts.groups.map(({ id, severity }) => [id, severity]));
const divisionOf = (facts: CityFacts, district: number): number =>
  district < 0 ? 0 : (facts.districts[district] as { id: number }).id;

/** Weeks of the span at whose end a look is taken, every `step` of them counted from the newest. */
function looks({ weeks, window }: CityFacts, span: Span, step: number): number[] {
  const ends: number[] = [];
  for (let w = 0; w < weeks.length; w++) {
    const monday = (weeks[w] as number) + 7;
    if (monday <= window.endDay && monday >= span.firstDay && monday <= span.endDay) ends.push(w + 1);
  }
  return ends.filter((_, i) => (ends.length - 1 - i) % step === 0);
}

interface Span {
  readonly firstDay: number;
  readonly endDay: number;
}

/** Series of the city and its districts that drift upwards. Cost: one fit a series and Monday. */
export function slowGrowthCandidates(
  facts: CityFacts,
  series: readonly WeeklySeries[],
  span: Span,
  rule: SlowGrowthOptions & { readonly leastObserved: number },
): TimedCandidate[] {
  const severity = severities(facts);
  return series.flatMap(({ district, group, counts }) =>
    looks(facts, span, 1).flatMap((end): TimedCandidate[] => {
      const found = slowGrowth(counts.subarray(0, end), rule);
      if (found.kind !== 'assessed' || !found.grows || found.observed < rule.leastObserved) return [];
      const endDay = (facts.weeks[end - 1] as number) + 7;
      const division = divisionOf(facts, district);
      const spread = 1.96 * Math.sqrt(found.dispersion * found.expected);
      const after = counts.subarray(end, end + FOLLOW_WEEKS);
      const sum = after.reduce((total, n) => total + n, 0);
      return [
        {
          fromDay: endDay,
          toDay: endDay + 6,
          candidate: {
            kind: 'slow-growth',
            rule: 'slow-growth',
            category: group,
            severity: severity.get(group) ?? 0, // all groups have no severity of their own
            place: division === 0 ? { kind: 'city' } : { kind: 'division', division },
            divisions: division === 0 ? [] : [{ division, level: 1, observed: found.observed, share: 1 }],
            period: { firstDay: endDay - 28, endDay },
            observed: found.observed,
            expected: found.expected,
            interval: [Math.max(0, found.expected - spread), found.expected + spread],
            p: found.trendP,
            recurrenceDays: null,
            quality: [],
            follow: after.length === FOLLOW_WEEKS && sum >= 0 ? { observed: sum, expected: found.expected } : null,
          },
        },
      ];
    }),
  );
}

export interface LevelParameters extends LevelRule {
  readonly weeks: number;
  readonly referenceEndsWeeks: number;
  readonly referenceWeeks: number;
  readonly endWeeks: number;
}

interface Stands extends LevelStands {
  readonly candidate: TimedCandidate['candidate'];
}

/** Districts by group and disks of seven cells that have risen above their share of the city; streets are not in these facts. Cost: looks × (rows + places). */
export function levelChangeCandidates(
  facts: CityFacts,
  series: readonly WeeklySeries[],
  span: Span,
  rule: LevelParameters,
): TimedCandidate[] {
  const neighbours = diskNeighbours(facts.cells, { k: 1 });
  const cellWeeks = weeklyCells(facts);
  let inside: ReadonlyMap<string, number> = new Map();
  return looks(facts, span, LEVEL_LOOK_WEEKS).flatMap((end) => {
    const weeks = levelSpan(end, rule, wholeWeeks(facts));
    if (weeks === null) return [];
    const endDay = (facts.weeks[end - 1] as number) + 7;
    const days = { firstDay: endDay - 7 * rule.weeks, endDay };
    const found = [
      ...districtRises(facts, series, weeks, rule, inside, days),
      ...diskRises(facts, cellWeeks, weeks, rule, inside, days, neighbours),
    ];
    const now = stillStanding(found, inside, rule.endWeeks);
    inside = now.inside;
    return now.standing.map(({ candidate }) => ({
      fromDay: endDay,
      toDay: endDay + 7 * LEVEL_LOOK_WEEKS - 1,
      candidate,
    }));
  });
}

/** Weeks that end inside the window. */
const wholeWeeks = ({ weeks, window }: CityFacts): number =>
  weeks.reduce((count, monday) => count + (monday + 7 <= window.endDay ? 1 : 0), 0);

const common = (one: LevelRise, days: Span) => ({
  rule: 'level-change',
  observed: one.observed,
  expected: one.expected,
  p: one.p,
  recurrenceDays: null,
  quality: [],
  follow: one.follow,
  period: days,
});

function districtRises(
  facts: CityFacts,
  series: readonly WeeklySeries[],
  weeks: LevelSpan,
  rule: LevelRule,
  stood: ReadonlyMap<string, number>,
  days: Span,
): Stands[] {
  const severity = severities(facts);
  return facts.groups.flatMap(({ id: group }) => {
    const all = series.filter((one) => one.district >= 0 && one.group === group);
    const read = (of: readonly number[]): Float64Array =>
      Float64Array.from(all, ({ counts }) => of.reduce((sum, week) => sum + (counts[week] ?? Number.NaN), 0)); // past the end: not known
    const whole = [read(weeks.reference), ...weeks.parts.map(read)];
    const kept = all.flatMap((_, i) => (whole.every((sums) => sums[i] !== undefined && sums[i] >= 0) ? [i] : []));
    const pick = (sums: Float64Array): Float64Array[] => [Float64Array.from(kept, (i) => sums[i] as number)];
    const [reference, ...parts] = whole.map(pick);
    const after = weeks.next && pick(read(weeks.next));
    const next = after?.some((sums) => sums.some(Number.isNaN)) ? null : after;
    const divisionAt = (place: number): number =>
      divisionOf(facts, (all[kept[place] as number] as WeeklySeries).district);
    const keyOf = (place: number): string => `d${divisionAt(place)}-${group}`;
    return levelRises({ reference: reference as Float64Array[], parts, next }, rule, (place) =>
      stood.has(keyOf(place)),
    ).map((one): Stands => {
      const division = divisionAt(one.place);
      const spread = 1.96 * Math.sqrt(one.expected);
      return {
        key: keyOf(one.place),
        isInside: one.isInside,
        candidate: {
          ...common(one, days),
          kind: 'slow-growth',
          category: group,
          severity: severity.get(group) ?? 0, // every group is in the map
          place: { kind: 'division', division },
          divisions: [{ division, level: 1, observed: one.observed, share: 1 }],
          interval: [Math.max(0, one.expected - spread), one.expected + spread],
        },
      };
    });
  });
}

/** Reports by week, group and cell of resolution 8. */
type CellWeeks = readonly (readonly Float64Array[])[];

function weeklyCells(facts: CityFacts): CellWeeks {
  const groupAt = new Map(facts.groups.map(({ id }, at) => [id, at]));
  const out = Array.from(facts.weeks, () => facts.groups.map(() => new Float64Array(facts.cells.length)));
  const monday = facts.weeks[0] ?? 0; // no weeks, no rows to place
  for (let i = 0; i < facts.day.length; i++) {
    const cell = facts.cell[i] as number;
    const group = groupAt.get(facts.group[i] as number);
    const sums = out[Math.floor(((facts.day[i] as number) - monday) / 7)]?.[group ?? -1];
    if (sums && cell >= 0) sums[cell] = (sums[cell] as number) + 1;
  }
  return out;
}

function diskRises(
  facts: CityFacts,
  cellWeeks: CellWeeks,
  weeks: LevelSpan,
  rule: LevelRule,
  stood: ReadonlyMap<string, number>,
  days: Span,
  { offsets, neighbours }: NeighbourLists,
): Stands[] {
  const disk = (centre: number): number[] => [
    centre,
    ...neighbours.subarray(offsets[centre] as number, offsets[centre + 1] as number),
  ];
  const ofDisks = (of: readonly number[]): Float64Array[] =>
    facts.groups.map((_, g) => {
      const cells = new Float64Array(facts.cells.length);
      for (const week of of)
        ((cellWeeks[week] as readonly Float64Array[])[g] as Float64Array).forEach((n, i) => {
          cells[i] = (cells[i] as number) + n;
        });
      return cells.map((_n, centre) => disk(centre).reduce((sum, cell) => sum + (cells[cell] as number), 0));
    });
  const look = {
    reference: ofDisks(weeks.reference),
    parts: weeks.parts.map(ofDisks),
    next: weeks.next && ofDisks(weeks.next),
  };
  const keyOf = (centre: number): string => `c${centre}`;
  const found = new Map(levelRises(look, rule, (c) => stood.has(keyOf(c))).map((one) => [one.place, one]));
  const p = new Float64Array(facts.cells.length).fill(1);
  for (const one of found.values()) p[one.place] = one.rises ? one.p : one.p + 1;
  return apartFromBetter([...found.keys()], { p, parts: disk }).map((centre): Stands => {
    const one = found.get(centre) as LevelRise;
    const { period, ...rest } = common(one, days);
    return {
      key: keyOf(centre),
      isInside: one.isInside,
      candidate: cellCandidate({
        ...rest,
        ...period,
        kind: 'slow-growth',
        category: ALL_GROUPS,
        severity: 0, // of all groups together
        resolution: 8,
        cells: disk(centre),
        divisions: [],
        dispersion: 1,
      }),
    };
  });
}
