import type { StandingAlert } from '../../alert/engine.ts';
import type { AlertRules } from '../../contract/alert-rules.ts';
import type { CityCalendar } from '../../time/city-calendar.ts';
import { alertLoad, parameter, type ReplayedRule, replayAlerts, withParameter } from './alert-replay.ts';
import type { CityFacts } from './city-facts.ts';
import { type WeeklySeries, weeklySeries } from './weekly-series.ts';

/** Weeks of the past that a changed threshold is tried on. */
export const RULE_WEEKS = 12;

export interface RuleChange {
  readonly rule: ReplayedRule;
  readonly parameter: string;
  readonly value: number;
}

export interface RuleCount {
  readonly alerts: number;
  /** Those old enough to have seven days after them, and those of them whose place stayed above its normal. */
  readonly judged: number;
  readonly kept: number;
  /** kept / judged: no person has said anything. */
  readonly precision: number | null;
}

export interface RuleOutcome {
  readonly count: RuleCount;
  /** By the day they were raised. */
  readonly alerts: readonly StandingAlert[];
}

export interface RuleReplay {
  readonly weeks: number;
  /** The number the rules have now. */
  readonly was: number;
  readonly before: RuleOutcome;
  readonly now: RuleOutcome;
}

export interface RuleReplayInput {
  readonly facts: CityFacts;
  readonly calendar: CityCalendar;
  readonly rules: AlertRules;
}

/**
 * "With this threshold the last 12 weeks would have had n alerts": the rule alone, before merging with others and before the budget. The command
 * and the desk both ask this.
 * @throws RangeError when the rules do not hold such a parameter. Cost: two replays of the rule.
 */
export function ruleReplay(
  input: RuleReplayInput,
  change: RuleChange,
  series: readonly WeeklySeries[] = weeklySeries(input.facts, input.calendar),
): RuleReplay {
  const { facts, calendar, rules } = input;
  const was = parameter(rules, change.rule, change.parameter);
  const span = {
    firstDay: Math.max(facts.window.firstDay, facts.window.endDay - RULE_WEEKS * 7),
    endDay: facts.window.endDay,
  };
  const outcome = (under: AlertRules): RuleOutcome => {
    const replay = replayAlerts({ facts, calendar, rules: under, series, span, which: [change.rule] });
    const record = alertLoad(replay, { span, divisionWeeks: 1 }).byRule[change.rule];
    if (!record) throw new Error(`rule ${change.rule} was not replayed`);
    const { raised: alerts, judged, kept, precision } = record;
    return {
      count: { alerts, judged, kept, precision },
      alerts: [...replay.run.standing, ...replay.run.ended].sort((a, b) => a.since - b.since || (a.id < b.id ? -1 : 1)),
    };
  };
  return { weeks: RULE_WEEKS, was, before: outcome(rules), now: outcome(withParameter(rules, change)) };
}
