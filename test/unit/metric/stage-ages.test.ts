import { describe, expect, it } from 'vitest';
import { stageAges } from '../../../core/metric/stage-ages.ts';

const reports = (rows: readonly (readonly [day: number, stage: number, hours: number | null])[], source = 0) => ({
  day: rows.map(([day]) => day),
  source: rows.map(() => source),
  stage: rows.map(([, stage]) => stage),
  closeHours: rows.map(([, , hours]) => hours ?? Number.NaN),
});
const all = { asOfDay: () => 100, rowOf: () => 0 };

describe('where reports wait', () => {
  it('counts open reports by stage with their age, over seven days strictly', () => {
    const ages = stageAges(
      [
        reports([
          [100, 1, null],
          [93, 1, null],
          [92, 2, null],
          [80, 2, null],
          [90, 3, null],
        ]),
      ],
      [all],
    ).get(0)!;
    expect(ages.open.map(({ stage, n, over, medianDays }) => [stage, n, over, medianDays])).toEqual([
      [1, 2, 0, 3.5],
      [2, 2, 2, 14],
      [3, 1, 1, 10],
    ]);
    expect([ages.openTotal, ages.over, ages.stuckAt?.stage]).toEqual([5, 3, 2]);
  });

  it('a report without a stage is neither open nor closed; closed ones give their hours where known', () => {
    const ages = stageAges(
      [
        reports([
          [50, 0, null],
          [50, 4, 10],
          [50, 5, 30],
          [50, 4, null],
        ]),
      ],
      [all],
    ).get(0)!;
    expect([ages.received, ages.told, ages.openTotal, ages.closed, ages.medianCloseHours]).toEqual([4, 3, 0, 3, 20]);
    expect([ages.stuckAt, ages.open[0]?.medianDays]).toEqual([null, null]);
  });

  it('the age of a source runs to its own last delivery, and a late clock gives no negative age', () => {
    const late = reports([[95, 1, null]], 1);
    const ages = stageAges([late], [{ asOfDay: (source) => (source === 1 ? 90 : 100), rowOf: () => 0 }]).get(0)!;
    expect(ages.open[0]?.medianDays).toBe(0);
  });

  it('parts and rows add up', () => {
    const part = reports([
      [90, 1, null],
      [91, 4, 5],
    ]);
    const split = stageAges([part, part], [all, { asOfDay: () => 100, rowOf: (i) => (i === 0 ? 7 : null) }]);
    expect([split.get(0)?.received, split.get(7)?.received, split.size]).toEqual([2, 1, 2]);
  });
});
