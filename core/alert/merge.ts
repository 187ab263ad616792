import { poissonAtLeast } from '../stats/poisson.ts';
import { type AlertKind, type Candidate, isLineage, type TreeRanges } from './candidate.ts';

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
}

/** The most exact place and the clearest story first. */
const PREFERENCE: readonly AlertKind[] = ['cluster', 'recurrence', 'series', 'emerging', 'slow-growth'];

/** A local candidate says something of its own only when it is unlikely (below this) at the city's own rise. */
const LOCAL_P = 0.01;

/**
 * Merges what is the same thing: categories of one line, periods that meet, and places that meet (half of the smaller set of cells, or the
 * division that holds most of it). A rise of the whole city takes in the local candidates that it explains: those whose count is
 * not unlikely at expected × (city observed / city expected).
 *
 * Cost: pairs of one evening's candidates; hundreds at most. Result in the order of the heads' evidence.
 */
export function mergeCandidates(candidates: readonly Candidate[], context: MergeContext): Merged[] {
  const list = [...candidates].sort(byPreference);
  const group = list.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (group[root] !== root) root = group[root] as number;
    return root;
  };
  for (let i = 0; i < list.length; i++) {
    for (let j = 0; j < i; j++) {
      if (find(i) !== find(j) && isSameThing(list[i] as Candidate, list[j] as Candidate, context)) {
        const [low, high] = [Math.min(find(i), find(j)), Math.max(find(i), find(j))];
        group[high] = low;
      }
    }
  }
  const merged = new Map<number, Candidate[]>();
  list.forEach((candidate, i) => {
    const root = find(i);
    const members = merged.get(root);
    if (members) members.push(candidate);
    else merged.set(root, [candidate]);
  });
  return [...merged.values()].map((members) => ({
    head: headOf(members),
    members,
    foundBy: PREFERENCE.filter((kind) => members.some((member) => member.kind === kind)),
  }));
}

function headOf(members: readonly Candidate[]): Candidate {
  return members.find((member) => member.place.kind === 'city') ?? (members[0] as Candidate);
}

function byPreference(a: Candidate, b: Candidate): number {
  return (
    PREFERENCE.indexOf(a.kind) - PREFERENCE.indexOf(b.kind) ||
    evidence(b) - evidence(a) ||
    b.category - a.category ||
    placeKey(a).localeCompare(placeKey(b))
  );
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

function isSameThing(a: Candidate, b: Candidate, context: MergeContext): boolean {
  if (!isLineage(context.categories, a.category, b.category, context.all)) return false;
  if (a.period.firstDay >= b.period.endDay || b.period.firstDay >= a.period.endDay) return false;
  if (a.place.kind === 'city' || b.place.kind === 'city') {
    if (a.place.kind === b.place.kind) return true;
    const [city, local] = a.place.kind === 'city' ? [a, b] : [b, a];
    return isExplainedBy(city, local);
  }
  return meets(a, b, context.divisions);
}

/** The city's rise alone makes the local count likely enough. Undefined ratios explain nothing. */
function isExplainedBy(city: Candidate, local: Candidate): boolean {
  if (!(city.expected > 0)) return false;
  const mean = local.expected * Math.max(1, city.observed / city.expected);
  return poissonAtLeast({ count: Math.round(local.observed), mean }) >= LOCAL_P;
}

/** Do two places, cells or divisions, name the same piece of ground? The city is the same only as itself. */
export function meets(a: Candidate, b: Candidate, divisions: TreeRanges): boolean {
  if (a.place.kind === 'city' || b.place.kind === 'city') return a.place.kind === b.place.kind;
  if (a.place.kind === 'cells' && b.place.kind === 'cells') {
    if (a.place.resolution !== b.place.resolution) return sharesMost(a, b) || sharesMost(b, a);
    const other = new Set(b.place.cells);
    let common = 0;
    for (const cell of a.place.cells) if (other.has(cell)) common++;
    return common * 2 >= Math.min(a.place.cells.length, b.place.cells.length);
  }
  if (a.place.kind === 'division' && b.place.kind === 'division')
    return isLineage(divisions, a.place.division, b.place.division);
  const [cells, division] = a.place.kind === 'cells' ? [a, b] : [b, a];
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
