import { gridDisk } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { caseResult, type Footprint } from '../../../../core/evaluate/case-result.ts';
import type { DailyCandidate } from '../../../../core/evaluate/daily-detector.ts';
import { detectorSummary, pairedTest } from '../../../../core/evaluate/summary.ts';
import { Random } from '../../../../core/stats/random.ts';
import { smallStream } from '../../../support/small-stream.ts';

const stream = {
  ...smallStream({ seed: 1, days: 2000, perCellDay: 0.01 }),
  calibration: { firstDay: 60, lastDay: 599 },
  test: { firstDay: 600, lastDay: 1999 },
};
const numbers = new Map(stream.cells.map((cell, i) => [cell, i]));
const random = new Random(11);

/** Places and periods drawn alike for planted and placebo: only the name differs. */
const footprints = (prefix: string, count: number): Footprint[] =>
  Array.from({ length: count }, (_, i) => {
    const centre = stream.cells[random.below(stream.cells.length)]!;
    const cells = gridDisk(centre, i % 2).flatMap((cell) => numbers.get(cell) ?? []);
    const onset = 600 + random.below(1380);
    return { id: `${prefix}${i}`, cells, onset, end: onset + 13, kappa: 5, size: cells.length, profile: 'step' };
  });
const given = { stream, outbreaks: footprints('O', 60), placebos: footprints('P', 60), regime: 0.01 };
const many = { stream, outbreaks: footprints('O', 150), placebos: footprints('P', 150), regime: 0.01 };

const blind: DailyCandidate[] = Array.from({ length: 1940 }, (_, i) => ({
  day: 60 + i,
  score: random.uniform(),
  cells: [random.below(stream.cells.length)],
}));
/** Raises the first planted footprint that is under way, and never on a clean day. */
const seeing: DailyCandidate[] = Array.from({ length: 1940 }, (_, i) => {
  const day = 60 + i;
  const event = given.outbreaks.find(({ onset, end }) => onset <= day && day <= end);
  return event ? { day, score: 10, cells: event.cells } : { day, score: random.uniform(), cells: [0] };
});

describe('scorer', { timeout: 90_000 }, () => {
  it('a detector that alerts blindly has a netPOD near 0', () => {
    const { settings } = detectorSummary('blind', [caseResult(many, blind)]);
    const sensitive = settings.find(({ perDays }) => perDays === 7)!.all;
    expect(sensitive.pod.value).toBeGreaterThan(0.05); // chance does hit: that is what placebos are for
    expect(Math.abs(sensitive.netPod.value!)).toBeLessThan(0.1);
    const { low, high } = sensitive.netPod.interval!;
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0);
  });

  it('a detector that knows the truth finds everything that one alert a day can name', () => {
    const result = caseResult(given, seeing);
    const main = detectorSummary('seeing', [result]).settings[0]!;
    const free = given.outbreaks.filter((event) =>
      given.outbreaks.every(
        (other) =>
          other === event ||
          other.end < event.onset ||
          other.onset > event.onset ||
          given.outbreaks.indexOf(other) > given.outbreaks.indexOf(event),
      ),
    );
    for (const event of free) expect(result.settings[0]!.score.delayDays[event.id]).toBe(0);
    expect(main.all.pod.value).toBeGreaterThan(0.8);
    expect(main.firstAlertRecall).toBeGreaterThan(0.95); // overlapping footprints may be hit by each other's alert
    expect(main.all.saved.value).toBeGreaterThan(0.7);
  });

  it('the paired test counts only clusters on which two detectors differ', () => {
    const a = { detector: 'seeing', results: [caseResult(given, seeing)] };
    const test = pairedTest(a, { detector: 'blind', results: [caseResult(given, blind)] }, 30);
    expect(test.onlyFirst).toBeGreaterThan(test.onlySecond);
    expect(test.p).toBeLessThan(1e-6);
    expect(pairedTest(a, a, 30)).toMatchObject({ onlyFirst: 0, onlySecond: 0, p: 1 });
  });

  it('a summary twice is the same, intervals too', () => {
    const result = caseResult(given, blind);
    expect(detectorSummary('blind', [result])).toEqual(detectorSummary('blind', [result]));
  });
});
