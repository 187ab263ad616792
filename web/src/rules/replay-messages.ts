import type { AlertRules } from '../../../core/contract/alert-rules.ts';
import type { Coverage } from '../../../core/contract/coverage.ts';
import type { Manifest } from '../../../core/contract/manifest.ts';
import type { ReplayedPlace } from '../../../core/evaluate/backtest/published-rules.ts';
import type { RuleChange, RuleCount } from '../../../core/evaluate/backtest/rule-replay.ts';
import type { CityCalendar } from '../../../core/time/city-calendar.ts';

/** What a replay needs beside the files, which the worker reads itself. */
export interface ReplayRequest {
  readonly manifest: Manifest;
  readonly coverage: Coverage;
  readonly rules: AlertRules;
  readonly calendar: CityCalendar;
  readonly change: RuleChange;
}

export interface ReplayedSide {
  readonly count: RuleCount;
  /** To be met with what people said about published alerts. */
  readonly places: readonly ReplayedPlace[];
}

export interface ReplayAnswer {
  readonly change: RuleChange;
  readonly weeks: number;
  readonly was: number;
  readonly before: ReplayedSide;
  readonly now: ReplayedSide;
}

export type ReplayReply =
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  | { readonly kind: 'counting' }
  | { readonly kind: 'answer'; readonly answer: ReplayAnswer }
  | { readonly kind: 'failed'; readonly message: string };
