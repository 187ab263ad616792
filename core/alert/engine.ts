import type { AlertRules } from '../contract/alert-rules.ts';
import type { ALERT_STATES } from '../contract/sense.ts';
import { poissonAtLeast } from '../stats/poisson.ts';
import { type Candidate, type CandidateDay, isLineage } from './candidate.ts';
import { type Levelled, levelOf } from './level.ts';
import { evidence, type MergeContext, type Merged, meets, mergeCandidates, placeKey } from './merge.ts';
import { registered } from './register.ts';

/**
 * Alerts over time: evenings are replayed oldest first, so that yesterday's alert is not news today. What is kept about an alert is
 * only what its candidates said on the days it stood.
 */
export interface StandingAlert {
  /** `<first day>-<category>-<place>` of its first evening: the same in every replay that holds that evening. */
  readonly id: string;
  readonly since: number;
  /** Last evening on which something renewed it. */
  readonly lastDay: number;
  readonly state: (typeof ALERT_STATES)[number];
  readonly merged: Merged;
  readonly levelled: Levelled;
  /** −log10 p of the last renewal, and the highest so far. */
  readonly evidence: number;
  readonly bestEvidence: number;
  /** Highest level so far (smallest number). */
  readonly bestLevel: number;
  /** Evening on which it last was news: raised, or higher than it had ever been. */
  readonly newsDay: number;
  /** Evening on which the budget let it in; null = over the budget until now. */
  readonly admittedDay: number | null;
  /** Head of its first evening, for the track record. */
  readonly first: Candidate;
}

export interface AlertRun {
  /** Standing on the last evening, by rank. */
  readonly standing: readonly StandingAlert[];
  /** Ended, newest first. */
  readonly ended: readonly StandingAlert[];
  readonly replay: readonly ReplayedEvening[];
}

export interface ReplayedEvening {
  readonly day: number;
  readonly raised: number;
  readonly withinBudget: number;
  /** In the list, not only in the register: within the budget and news not long ago; and those of level Ⅲ or more urgent. */
  readonly listed: number;
  readonly urgent: number;
}

/** Stands, and is no news any more: nothing about it was new for so long. */
export function isKnown({ newsDay }: StandingAlert, day: number, { knownAfterDays }: AlertRules['identity']): boolean {
  return knownAfterDays !== undefined && day - newsDay >= knownAfterDays;
}
const URGENT_LEVEL = 3;

/**
 * @param mostCertainty certainty points at most, by rule: what its track record allows
 * @param days evenings, ascending, without gaps in `day`: an evening without candidates is an empty list
 * @throws RangeError when the days are not ascending
 */
export function runAlerts(
  days: readonly CandidateDay[],
  rules: AlertRules,
  context: MergeContext,
  mostCertainty: (rule: string) => number = () => Number.POSITIVE_INFINITY,
): AlertRun {
  let standing: StandingAlert[] = [];
  const ended: StandingAlert[] = [];
  const replay: ReplayedEvening[] = [];
  let before = Number.NEGATIVE_INFINITY;
  for (const { day, candidates } of days) {
    if (day <= before) throw new RangeError(`evening ${day} follows ${before}: evenings must ascend`);
    before = day;
    const renewed = renew(standing, mergeCandidates(candidates, context), { day, rules, context, mostCertainty });
    const over = (alert: StandingAlert): boolean => day - alert.lastDay > rules.identity.endsAfterDays;
    for (const alert of renewed) if (over(alert)) ended.push({ ...alert, state: 'ended' });
    standing = admit(renewed.filter((alert) => !over(alert)).sort(byRank), rules, day);
    const listed = standing.filter((alert) => alert.admittedDay !== null && !isKnown(alert, day, rules.identity));
    replay.push({
      day,
      listed: listed.length,
      urgent: listed.filter(({ levelled }) => levelled.level <= URGENT_LEVEL).length,
      raised: standing.filter((alert) => alert.since === day).length,
      withinBudget: standing.filter((alert) => alert.admittedDay === day).length,
    });
  }
  return { standing, ended: ended.sort((a, b) => b.lastDay - a.lastDay || byRank(a, b)), replay };
}

const isFresh = ({ state }: StandingAlert): boolean => state === 'new' || state === 'escalated';

/** What is new or escalated, level, points, evidence; then the id, so that the order is never a matter of chance. */
export function byRank(a: StandingAlert, b: StandingAlert): number {
  return (
    Number(isFresh(b)) - Number(isFresh(a)) ||
    a.levelled.level - b.levelled.level ||
    b.levelled.sum - a.levelled.sum ||
    b.evidence - a.evidence ||
    (a.id < b.id ? -1 : 1)
  );
}

interface Evening {
  readonly day: number;
  readonly rules: AlertRules;
  readonly context: MergeContext;
  readonly mostCertainty: (rule: string) => number;
}

function renew(standing: readonly StandingAlert[], found: readonly Merged[], evening: Evening): StandingAlert[] {
  const { day, rules, context, mostCertainty } = evening;
  const ranked = found
    .map((merged) => ({
      merged,
      levelled: registered(levelOf(merged.head, rules.level, mostCertainty(merged.head.rule)), merged.head.rule, rules),
      evidence: evidence(merged.head),
    }))
    .sort(
      (a, b) =>
        a.levelled.level - b.levelled.level ||
        b.levelled.sum - a.levelled.sum ||
        b.evidence - a.evidence ||
        (placeKey(a.merged.head) < placeKey(b.merged.head) ? -1 : 1),
    );
  const taken = new Set<StandingAlert>();
  const now: StandingAlert[] = [];
  for (const fresh of ranked) {
    const known = standing.find((alert) => !taken.has(alert) && isContinued(alert, fresh.merged, context));
    if (known) taken.add(known);
    now.push(known ? renewedBy(known, fresh, evening) : raised(fresh, day));
  }
  // What nothing renewed today stands a while longer, easing.
  return [
    ...now,
    ...standing.filter((alert) => !taken.has(alert)).map((alert) => ({ ...alert, state: 'easing' as const })),
  ];
}

interface Fresh {
  readonly merged: Merged;
  readonly levelled: Levelled;
  readonly evidence: number;
}

function raised({ merged, levelled, evidence: now }: Fresh, day: number): StandingAlert {
  return {
    id: `${day}-${merged.head.category}-${placeKey(merged.head)}`,
    since: day,
    lastDay: day,
    state: 'new',
    merged,
    levelled,
    evidence: now,
    bestEvidence: now,
    bestLevel: levelled.level,
    newsDay: day,
    admittedDay: null,
    first: merged.head,
  };
}

function renewedBy(known: StandingAlert, fresh: Fresh, { day, rules }: Evening): StandingAlert {
  const eases =
    fresh.levelled.level > known.bestLevel || fresh.evidence <= rules.identity.easingShare * known.bestEvidence;
  // Higher than ever: one that goes up and down between two levels is no news each time.
  const escalates = fresh.levelled.level < known.bestLevel;
  const state = escalates ? 'escalated' : eases ? 'easing' : 'continuing';
  return {
    ...known,
    lastDay: day,
    state,
    newsDay: escalates ? day : known.newsDay,
    merged: fresh.merged,
    levelled: fresh.levelled,
    evidence: fresh.evidence,
    bestEvidence: Math.max(known.bestEvidence, fresh.evidence),
    bestLevel: Math.min(known.bestLevel, fresh.levelled.level),
  };
}

function isContinued(alert: StandingAlert, merged: Merged, context: MergeContext): boolean {
  const [a, b] = [alert.merged.head, merged.head];
  return isLineage(context.categories, a.category, b.category, context.all) && meets(a, b, context);
}

/** Lets new alerts in by rank until the day's budget of the city, or of the division that has most of it, is used up. */
function admit(ranked: readonly StandingAlert[], rules: AlertRules, day: number): StandingAlert[] {
  let city = 0;
  const byDivision = new Map<number, number>();
  return ranked.map((alert) => {
    if (alert.admittedDay !== null || alert.lastDay !== day) return alert;
    const division = alert.merged.head.divisions.find(({ level }) => level === 1)?.division ?? null;
    const used = division === null ? 0 : (byDivision.get(division) ?? 0); // no division yet today
    if (city >= rules.budget.cityPerDay || (division !== null && used >= rules.budget.divisionPerDay)) return alert;
    city++;
    if (division !== null) byDivision.set(division, used + 1);
    return { ...alert, admittedDay: day };
  });
}

/** Above its normal in the week after, at a level that chance gives about one time in ten. */
const KEPT_P = 0.1;

export interface TrackRecordCounts {
  readonly weeks: number;
  readonly raised: number;
  readonly judged: number;
  readonly kept: number;
  readonly precision: number | null;
}

/**
 * What became of a rule's alerts: kept = in the days after it was raised (`followDays`), reports that no rule had seen yet, the place was again above
 * its normal (Poisson tail at most 0.1, which chance alone would give about one time in ten). Precision = kept / judged; null when
 * nothing can be judged yet.
 */
export function trackRecord(
  run: Pick<AlertRun, 'standing' | 'ended'>,
  rule: string,
  span: { readonly firstDay: number; readonly endDay: number },
): TrackRecordCounts {
  const mine = [...run.standing, ...run.ended].filter(
    (alert) => alert.first.rule === rule && alert.since >= span.firstDay && alert.since < span.endDay,
  );
  const judged = mine.flatMap(({ first }) => (first.follow ? [first.follow] : []));
  const kept = judged.filter(
    ({ observed, expected }) => poissonAtLeast({ count: Math.round(observed), mean: Math.max(0, expected) }) <= KEPT_P,
  ).length;
  return {
    weeks: Math.round((span.endDay - span.firstDay) / 7),
    raised: mine.length,
    judged: judged.length,
    kept,
    precision: judged.length > 0 ? kept / judged.length : null,
  };
}

/** Certainty points at most that a rule's record allows: few judged = unproven, a small share kept = weak, else all. */
export function certaintyAllowed(record: TrackRecordCounts, rules: AlertRules['level']['trackRecord']): number {
  if (record.precision === null || record.judged < rules.leastJudged) return rules.unproven;
  return record.precision < rules.leastKept ? rules.weak : Number.POSITIVE_INFINITY;
}
