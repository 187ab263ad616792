import { type AlertRecord, alertRecord } from './alert-record.ts';
import { type Annex, annex } from './annex.ts';
import { type DecisionOutcome, decisionOutcomes } from './decisions.ts';
import type { Sentence } from './figure.ts';
import type { BriefInput } from './input.ts';
import { limits } from './limits.ts';
import { type Finding, outstandingPlaces } from './outstanding.ts';
import { type ProblemClass, problemClass } from './problem-class.ts';
import { type Seams, seamsOf } from './seams.ts';
import { type Headline, headlines, seriesTally, stateParagraph } from './state.ts';
import { suggestions } from './suggestions.ts';
import { type BriefWeek, briefWeek } from './week.ts';

/** The weekly brief as data, in the order in which it is read. Screen, print and files draw this and count nothing themselves. */
export interface Brief {
  readonly week: BriefWeek;
  readonly decisions: readonly DecisionOutcome[];
  readonly headlines: readonly Headline[];
  readonly paragraph: readonly Sentence[];
  readonly limits: readonly Sentence[];
  readonly places: readonly Finding[];
  /** Series assessed and above their bound: by chance alone about alpha of the assessed are. Null = there are no series. */
  readonly tally: { readonly assessed: number; readonly above: number; readonly byChance: number | null } | null;
  readonly problem: ProblemClass | null;
  readonly seams: Seams;
  readonly record: AlertRecord;
  readonly suggestions: readonly Sentence[];
  readonly annex: Annex;
}

/** Pure: the same snapshot, ledger and week give the same brief. Cost: some hundred passes over the weekly cube, one over the weekly series. */
export function weeklyBrief(input: BriefInput): Brief {
  const week = briefWeek(input.manifest, input.week);
  const numbers = headlines(input, week);
  const decisions = decisionOutcomes(input, week);
  const places = outstandingPlaces(input, week);
  const problem = problemClass(input, week);
  const seams = seamsOf(input, week);
  const tally = seriesTally(input, week.index);
  const alpha = input.sense?.series.alpha;
  return {
    week,
    decisions,
    headlines: numbers,
    paragraph: stateParagraph(input, week, numbers),
    limits: limits(input, week),
    places,
    tally: tally && { ...tally, byChance: alpha === undefined ? null : Math.round(alpha * tally.assessed) },
    problem,
    seams,
    record: alertRecord(input, week),
    suggestions: suggestions(input, week, { decisions, places, problem, seams }),
    annex: annex(input, week),
  };
}
