import { describe, expect, it } from 'vitest';
import { baselineSource, baselineSources, clusterSource } from '../../../../core/evaluate/candidates.ts';
import { completeness, type EventStream, replay } from '../../../../core/evaluate/event-stream.ts';
import { dailyBest, dailyClusters } from '../../../../core/sense/cluster-detector.ts';
import { CLUSTER_OPTIONS, REFERENCE_CLUSTER_OPTIONS } from '../../../../core/sense/cluster-options.ts';
import { Random } from '../../../../core/stats/random.ts';
import { smallStream } from '../../../support/small-stream.ts';

const STREAM = smallStream({ seed: 3, days: 160, perCellDay: 0.4 });
const SPLIT = 130;
const SOURCES = [
  clusterSource('cluster, reference settings', (stream, days) => dailyBest(stream, REFERENCE_CLUSTER_OPTIONS, days)),
  clusterSource('cluster', (stream, days) =>
    dailyClusters(stream, CLUSTER_OPTIONS, { ...days, threshold: 1, maxAlerts: 3 }),
  ),
  ...baselineSources(),
];

/** Everything that becomes known after `day` is moved to other cells and days, or is doubled. */
function otherFuture(stream: EventStream, day: number, knowledge: 'as-reported' | 'no-delay'): EventStream {
  const random = new Random(99);
  const occurredDay = stream.occurredDay.slice();
  const cell = stream.cell.slice();
  const n = stream.n.slice();
  for (let i = 0; i < cell.length; i++) {
    const known = occurredDay[i]! + (knowledge === 'as-reported' ? stream.delayDays[i]! : 0);
    if (known <= day) continue;
    cell[i] = random.below(stream.cells.length);
    n[i] = 1 + random.below(5);
  }
  return { ...stream, occurredDay, cell, n };
}

describe('as-of replay', () => {
  it('counts of a day grow as its reports come in, and never hold a later report', () => {
    const known = replay(STREAM, 'as-reported');
    for (let day = 0; day < STREAM.days; day++) {
      const { counts, cellCount, today } = known.advance(day);
      expect(today).toBe(day);
      for (let i = (day + 1) * cellCount; i < Math.min(counts.length, (day + 3) * cellCount); i++)
        expect(counts[i]).toBe(0);
    }
    const all = known.advance(STREAM.days + 10);
    expect(all.counts.reduce((sum, n) => sum + n, 0)).toBe(STREAM.n.reduce((sum, n) => sum + n, 0));
    const direct = replay(STREAM, 'no-delay').advance(STREAM.days - 1);
    expect(direct.counts).toEqual(all.counts);
  });

  it('a replay does not go back', () => {
    const known = replay(STREAM, 'as-reported');
    known.advance(5);
    expect(() => known.advance(4)).toThrow(RangeError);
  });

  it('completeness rises to the share reported within the last delay', () => {
    const share = completeness(STREAM, { firstDay: 0, lastDay: 100, maxDelay: 6 });
    expect([...share].every((value, d) => d === 0 || value >= share[d - 1]!)).toBe(true);
    expect(share[0]).toBeCloseTo(2 / 3, 1);
    expect(share[6]).toBe(1);
  });

  it.each(SOURCES.map((source) => [source.name, source] as const))(
    '%s: another future changes no candidate of the past',
    (_, source) => {
      const span = { firstDay: 60, lastDay: SPLIT };
      const before = source.candidates(STREAM, span);
      expect(before.length).toBeGreaterThan(20);
      expect(source.candidates(otherFuture(STREAM, SPLIT, source.knowledge), span)).toEqual(before);
      // The test would pass for a detector that looks at nothing: another past must show.
      expect(source.candidates(otherFuture(STREAM, 80, source.knowledge), span)).not.toEqual(before);
    },
  );

  it('a detector on reports sees less than one without delay', () => {
    const span = { firstDay: 60, lastDay: SPLIT };
    const [late, direct] = (['as-reported', 'no-delay'] as const).map((knowledge) =>
      baselineSource({ detector: 'week-over-week', knowledge, adjusted: false }).candidates(STREAM, span),
    );
    expect(late).not.toEqual(direct);
  });
});
