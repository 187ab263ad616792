import type { ClusterAlert } from '../sense/cluster-stream.ts';
import { BASELINE_NAMES, type BaselineName, baselineDetector } from './baseline-detectors.ts';
import type { DailyCandidate } from './daily-detector.ts';
import { completeness, type DaySpan, type EventStream, type Knowledge, replay } from './event-stream.ts';

/** Longest delay, days, over which a detector corrects for reports still to come. */
const MAX_DELAY_DAYS = 28;

/** Names a detector's best place of every day of the span, from what was known on that day. */
export type CandidateSource = (stream: EventStream, span: DaySpan) => readonly DailyCandidate[];

export interface NamedSource {
  readonly name: string;
  readonly knowledge: Knowledge;
  readonly candidates: CandidateSource;
}

/**
 * A baseline detector as a source. `adjusted` compares what is known with the expectation × F(age), F learned from the events
 * of the days before calibration.
 */
export function baselineSource(given: {
  readonly detector: BaselineName;
  readonly knowledge: Knowledge;
  readonly adjusted: boolean;
}): NamedSource {
  const { detector, knowledge, adjusted } = given;
  return {
    name: [detector, knowledge, ...(adjusted ? ['expected × completeness'] : [])].join(', '),
    knowledge,
    candidates: (stream, span) => {
      const learned = {
        firstDay: 0,
        lastDay: stream.calibration.firstDay - MAX_DELAY_DAYS - 1,
        maxDelay: MAX_DELAY_DAYS,
      };
      const daily = baselineDetector(detector, {
        stream,
        completeness: adjusted ? completeness(stream, learned) : null,
      });
      const known = replay(stream, knowledge);
      const found: DailyCandidate[] = [];
      for (let day = span.firstDay; day <= span.lastDay; day++) {
        const candidate = daily.step(known.advance(day));
        if (candidate) found.push(candidate);
      }
      return found;
    },
  };
}

/** The baselines of METHODS part 2 section 4, on what was reported; and EBP also with full knowledge and without the correction. */
export function baselineSources(): NamedSource[] {
  const reported = BASELINE_NAMES.map((detector) =>
    baselineSource({
      detector,
      knowledge: 'as-reported',
      adjusted: detector === 'ebp-simple' || detector === 'cell-residual-7',
    }),
  );
  return [
    ...reported,
    baselineSource({ detector: 'ebp-simple', knowledge: 'as-reported', adjusted: false }),
    baselineSource({ detector: 'ebp-simple', knowledge: 'no-delay', adjusted: false }),
    baselineSource({ detector: 'stp-56', knowledge: 'no-delay', adjusted: false }),
  ];
}

/** A detector of our own that answers a whole span at once; it must use only what was reported by each day. */
export function clusterSource(
  name: string,
  dailyBest: (
    stream: EventStream,
    days: { readonly firstDay: number; readonly endDay: number },
  ) => readonly ClusterAlert[],
): NamedSource {
  return {
    name,
    knowledge: 'as-reported',
    candidates: (stream, span) =>
      dailyBest(stream, { firstDay: span.firstDay, endDay: span.lastDay + 1 }).map(({ day, score, cells }) => ({
        day,
        score,
        cells: Array.from(cells),
      })),
  };
}
