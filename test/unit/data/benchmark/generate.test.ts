import { describe, expect, it } from 'vitest';
import { distinctProblems, NO_PLACE } from '../../../../core/sense/distinct-problems.ts';
import { generateBenchmark } from '../../../../data/benchmark/generate.ts';
import { plantedCase } from '../../../../data/benchmark/planted-case.ts';
import { cellDistancesKm } from '../../../../data/benchmark/spatial-field.ts';

const OPTIONS = { regime: 'medium', seed: 4, conditions: 'full', test: 'planted' } as const;
const made = generateBenchmark(OPTIONS);
const { stream, outbreaks, placebos } = plantedCase(made);

describe('benchmark generator', () => {
  it('same options make the same files, another seed makes others', () => {
    expect(generateBenchmark(OPTIONS)).toEqual(made);
    expect(generateBenchmark({ ...OPTIONS, seed: 5 }).events).not.toEqual(made.events);
  });

  it('has a training year, a calibration year and two test years of 397 cells at the density of its regime', () => {
    expect(stream.cells).toHaveLength(397);
    expect(stream.calibration.firstDay).toBeGreaterThanOrEqual(365);
    expect(stream.calibration.lastDay - stream.calibration.firstDay + 1).toBe(365);
    expect(stream.test.lastDay - stream.test.firstDay + 1).toBe(730);
    let events = 0;
    for (let i = 0; i < stream.n.length; i++)
      if (stream.occurredDay[i]! >= 366 && stream.occurredDay[i]! <= 730) events += stream.n[i]!;
    expect(events / 365 / 397).toBeGreaterThan(0.24);
    expect(events / 365 / 397).toBeLessThan(0.4);
  }, 30_000);

  it('plants and leaves empty 40 footprints each, by kappa, in test days only, apart by 10 days or 5 km', () => {
    expect([outbreaks.length, placebos.length]).toEqual([40, 40]);
    const all = [...outbreaks, ...placebos];
    const km = cellDistancesKm(stream.cells);
    for (const event of all) {
      expect(event.onset).toBeGreaterThanOrEqual(stream.test.firstDay);
      expect(event.end).toBeLessThanOrEqual(stream.test.lastDay);
      expect(event.excessExpected).toBeCloseTo(event.kappa * Math.sqrt(Math.max(0.25, event.baselineExpected)), 9);
      for (const other of all) {
        if (other === event || other.onset > event.end + 10 || event.onset > other.end + 10) continue;
        for (const i of event.cells) for (const j of other.cells) expect(km[i * 397 + j]).toBeGreaterThan(5);
      }
    }
    for (const kappa of [3, 5, 7, 10]) expect(outbreaks.filter((event) => event.kappa === kappa)).toHaveLength(10);
    expect(outbreaks.some(({ excessRealised }) => excessRealised > 0)).toBe(true);
    expect(placebos.every(({ excessRealised }) => excessRealised === 0)).toBe(true);
  });

  it('most reports have an exact place, and repeats of one problem share it under full conditions', () => {
    const share = (of: typeof stream): number => {
      let [all, kept] = [0, 0];
      for (const n of of.n) all += n;
      for (const n of distinctProblems(of).n) kept += n;
      return 1 - kept / all;
    };
    const exact = stream.place?.filter((place) => place !== NO_PLACE).length ?? 0;
    expect(exact / stream.n.length).toBeGreaterThan(0.95);
    const without = plantedCase(generateBenchmark({ ...OPTIONS, conditions: 'reference' })).stream;
    // Chance alone makes two problems of a place look like one; 5 % more are repeats.
    expect(share(stream) - share(without)).toBeGreaterThan(0.03);
    expect(share(stream) - share(without)).toBeLessThan(0.07);
  });

  it('reports of a weekend wait for a working day under full conditions', () => {
    for (let i = 0; i < stream.n.length; i += 7) {
      const known = stream.occurredDay[i]! + stream.delayDays[i]!;
      if (known < stream.days) expect([6, 7]).not.toContain(stream.dayClass[known]);
    }
  });

  it('without planted clusters the truth is empty, with controls it names them', () => {
    const clean = plantedCase(generateBenchmark({ ...OPTIONS, regime: 'sparse', test: 'clean' }));
    expect([clean.outbreaks.length, clean.placebos.length]).toEqual([0, 0]);
    expect(generateBenchmark({ ...OPTIONS, regime: 'sparse', test: 'controls' }).truth).toHaveProperty(
      'controls.storms',
    );
  });
}, 60_000);
