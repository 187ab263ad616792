import { describe, expect, it } from 'vitest';
import { alertEpisodes, eventMetrics, hitCells, netPod } from '../../../../core/stats/event-metrics.ts';

const EVENT = { id: 'A', cells: [1, 2, 3, 4], onset: 10, end: 13 };
const alert = (day: number, cells: readonly number[], id = day) => ({ id, day, cells });

describe('eventMetrics', () => {
  it('an alert on the last day hits, one a day later does not', () => {
    expect(hitCells(alert(13, [1, 2]), EVENT)).toBe(2);
    expect(hitCells(alert(14, [1, 2]), EVENT)).toBe(0);
    expect(hitCells(alert(9, [1, 2]), EVENT)).toBe(0);
  });

  it('an alert over 20 cells does not hit a footprint of 4 cells', () => {
    const cells = Array.from({ length: 20 }, (_, i) => i);
    expect(hitCells(alert(11, cells), EVENT)).toBe(0);
    expect(hitCells(alert(11, cells.slice(0, 19)), EVENT)).toBe(4);
  });

  it('alerts 7 days apart are one episode, 8 days apart are two', () => {
    expect(alertEpisodes([alert(0, [5]), alert(7, [5])])).toHaveLength(1);
    expect(alertEpisodes([alert(0, [5]), alert(8, [5])])).toHaveLength(2);
    expect(alertEpisodes([alert(0, [5]), alert(7, [6])])).toHaveLength(2);
  });

  it('repeated hits count once, and the episode they form is true', () => {
    const found = eventMetrics({
      events: [EVENT],
      alerts: [10, 11, 12].map((d) => alert(d, [1, 2])),
      days: 20,
      cellCount: 9,
    });
    expect(found).toMatchObject({ pod: 1, episodes: 1, falseEpisodes: 0, restrictedMeanDelay: 0, proportionSaved: 1 });
  });

  it('nothing planted and nothing raised leaves every ratio undefined', () => {
    const found = eventMetrics({ events: [], alerts: [], days: 20, cellCount: 9 });
    expect(found).toMatchObject({
      pod: null,
      medianDelayDetected: null,
      falseAlarmRatio: null,
      cellDaySensitivity: null,
    });
    expect(found).toMatchObject({ falseEpisodesPer7Days: 0, cellDaySpecificity: 1 });
  });

  it('chance is taken off the POD', () => {
    expect(netPod({ pod: 0.5, placeboPod: 0.025 })).toBeCloseTo(0.475 / 0.975, 12);
    expect(netPod({ pod: 0.2, placeboPod: 0.2 })).toBe(0);
    expect(netPod({ pod: null, placeboPod: 0 })).toBeNull();
    expect(netPod({ pod: 1, placeboPod: 1 })).toBeNull();
  });
});
