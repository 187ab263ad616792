import { poissonAtLeast } from '../stats/poisson.ts';
import { type AlertKind, type AlertPlace, type Candidate, isLineage, type TreeRanges } from './candidate.ts';

/** Candidates of one evening that are the same thing, with the one that says it best in front. */
export interface Merged {
  readonly head: Candidate;
  readonly members: readonly Candidate[];
  readonly foundBy: readonly AlertKind[];
}

export interface MergeContext {
  readonly categories: TreeRanges;
  readonly divisions: TreeRanges;
  /** Category id that stands for all. */
  readonly all: number;
  /** Do at least half of the finer cells lie in the coarser ones? Left out: places of two resolutions are compared by their divisions. */
  readonly isInside?: (finer: CellPlace, coarser: CellPlace) => boolean;
}
export type CellPlace = Extract<AlertPlace, { kind: 'cells' }>;

/** The most exact place and the clearest story first. */
const PREFERENCE: readonly AlertKind[] = ['cluster', 'recurrence', 'series', 'emerging', 'slow-growth'];

/** A local candidate says something of its own only when it is unlikely (below this) at the city's own rise. */
const LOCAL_P = 0.01;

/**
 * Merges what is the same thing: categories of one line, periods that meet, and places that meet (half of the smaller set of cells, or the
 * division that holds most of it). A rise of the whole city takes in the local candidates that it explains: those whose count is
 * not unlikely at expected × (city observed / city expected). A place that carries at least half of the city's excess a day takes in the city.
 *
 * Cost: pairs of one evening's candidates; hundreds at most. Cities first, then places in order of preference.
 */
export function mergeCandidates(candidates: readonly Candidate[], context: MergeContext): Merged[] {
  const sorted = byPreference(candidates);
  const isCity = ({ place }: Candidate): boolean => place.kind === 'city';
  const places = grouped(
    sorted.filter((candidate) => !isCity(candidate)),
    context,
  );
  const cities = grouped(sorted.filter(isCity), context);
  const alone: Candidate[][] = [];
  for (const local of places) {
    const [head] = local as [Candidate];
    const city = cities.find((members) => members.some((member) => isNear(member, head, context)));
    if (!city) alone.push(local);
    else if (carries(head, city[0] as Candidate)) {
      // The city rose because of this place: the place is the news.
      alone.push([...local, ...city]);
      cities.splice(cities.indexOf(city), 1);
    } else if (isExplainedBy(city[0] as Candidate, head)) city.push(...local);
    else alone.push(local);
  }
  return [...cities, ...alone].map((members) => ({
    head: members[0] as Candidate,
    members,
    foundBy: PREFERENCE.filter((kind) => members.some((member) => member.kind === kind)),
  }));
}

/** Candidates that are the same thing, each group in order of preference, groups in order of their first. */
function grouped(list: readonly Candidate[], context: MergeContext): Candidate[][] {
  const group = list.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (group[root] !== root) root = group[root] as number;
    return root;
  };
  for (let i = 0; i < list.length; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [list[i] as Candidate, list[j] as Candidate];
      if (find(i) === find(j) || !isNear(a, b, context) || !meets(a, b, context)) continue;
      group[Math.max(find(i), find(j))] = Math.min(find(i), find(j));
    }
  }
  const groups = new Map<number, Candidate[]>();
  list.forEach((candidate, i) => {
    const members = groups.get(find(i));
    if (members) members.push(candidate);
    else groups.set(find(i), [candidate]);
  });
  return [...groups.values()];
}

/** The tail and the place of each are worked out once, not at every comparison. */
function byPreference(candidates: readonly Candidate[]): Candidate[] {
  const keyed = candidates.map((candidate) => ({
    candidate,
    turn: PREFERENCE.indexOf(candidate.kind),
    evidence: evidence(candidate),
    place: placeKey(candidate),
  }));
  keyed.sort(
    (a, b) =>
      a.turn - b.turn ||
      b.evidence - a.evidence ||
      b.candidate.category - a.candidate.category ||
      a.place.localeCompare(b.place),
  );
  return keyed.map(({ candidate }) => candidate);
}

/** −log10 of how surprising it is; the count's own Poisson tail where the method gives no probability. */
export function evidence(candidate: Candidate): number {
  const p =
    candidate.p ?? poissonAtLeast({ count: Math.round(candidate.observed), mean: Math.max(candidate.expected, 0) });
  return -Math.log10(Math.max(p, 1e-300));
}

/** Text that is the same for the same place. */
export function placeKey({ place }: Candidate): string {
  if (place.kind === 'city') return 'city';
  return place.kind === 'division' ? `d${place.division}` : `r${place.resolution}-${Math.min(...place.cells)}`;
}

/** Categories of one line, days that meet. */
function isNear(a: Candidate, b: Candidate, context: MergeContext): boolean {
  return (
    isLineage(context.categories, a.category, b.category, context.all) &&
    a.period.firstDay < b.period.endDay &&
    b.period.firstDay < a.period.endDay
  );
}

/** The city's rise alone makes the local count likely enough. Undefined ratios explain nothing. */
function isExplainedBy(city: Candidate, local: Candidate): boolean {
  if (!(city.expected > 0)) return false;
  const mean = local.expected * Math.max(1, city.observed / city.expected);
  return poissonAtLeast({ count: Math.round(local.observed), mean }) >= LOCAL_P;
}

/** The place's excess a day is at least half of the city's. */
function carries(local: Candidate, city: Candidate): boolean {
  const perDay = ({ observed, expected, period }: Candidate): number =>
    (observed - expected) / Math.max(1, period.endDay - period.firstDay);
  return perDay(city) > 0 && perDay(local) >= perDay(city) / 2;
}

/** Do two places, cells or divisions, name the same piece of ground? The city is the same only as itself. */
export function meets(
  a: Candidate,
  b: Candidate,
  { divisions, isInside }: Pick<MergeContext, 'divisions' | 'isInside'>,
): boolean {
  if (a.place.kind === 'city' || b.place.kind === 'city') return a.place.kind === b.place.kind;
  if (a.place.kind === 'cells' && b.place.kind === 'cells') {
    if (a.place.resolution !== b.place.resolution) {
      if (!isInside) return sharesMost(a, b) || sharesMost(b, a);
      return a.place.resolution > b.place.resolution ? isInside(a.place, b.place) : isInside(b.place, a.place);
    }
    const other = new Set(b.place.cells);
    let common = 0;
    for (const cell of a.place.cells) if (other.has(cell)) common++;
    return common * 2 >= Math.min(a.place.cells.length, b.place.cells.length);
  }
  if (a.place.kind === 'division' && b.place.kind === 'division')
    return isLineage(divisions, a.place.division, b.place.division);
  const [cells, division] = a.place.kind === 'cells' ? [a, b] : [b, a];
  // A division that has been above its normal for months says nothing of what happens at one place in it now.
  if (division.kind === 'slow-growth') return false;
  const named = division.place.kind === 'division' ? division.place.division : -1;
  return cells.divisions.some(({ division: id, share }) => share >= 0.5 && isLineage(divisions, id, named));
}

/** Same deepest division for the larger half of both: clusters of two resolutions that name one place. */
function sharesMost(a: Candidate, b: Candidate): boolean {
  const most = a.divisions[0];
  return (
    most !== undefined &&
    most.share >= 0.5 &&
    b.divisions.some(({ division, share }) => division === most.division && share >= 0.5)
  );
}
