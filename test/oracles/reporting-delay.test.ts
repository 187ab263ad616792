import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { delayCurve, nowcast } from '../../core/quality/reporting-delay.ts';

const folder = process.env.HEXSIGHT_ORACLES ?? '../shared/oracles';
const file = join(folder, 'aberration/nowcast_triangle.json');
interface Oracle {
  readonly input: { readonly triangle: readonly (readonly (number | null)[])[] };
  readonly expected: {
    readonly reverseHazard: readonly number[];
    readonly completeness: readonly number[];
    readonly observed: readonly number[];
    readonly nowcast: readonly number[];
  };
  readonly tolerance: { readonly rel: number };
}

describe.runIf(existsSync(file))(`reporting delay against R (HEXSIGHT_ORACLES, ${folder})`, () => {
  const oracle = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Oracle) : null;
  const triangle = oracle?.input.triangle ?? [];
  const cells = triangle.flatMap((row, t) => row.flatMap((n, delay) => (n === null ? [] : [{ t: t + 500, delay, n }])));
  const counts = {
    occurredDay: cells.map(({ t }) => t),
    delayDays: cells.map(({ delay }) => delay),
    n: cells.map(({ n }) => n),
  };
  const curve = delayCurve(counts, { firstDay: 500, lastSeenDay: 529, maxDelayDays: 6 });
  const close = (found: number, expected: number) =>
    expect(Math.abs(found - expected)).toBeLessThanOrEqual((oracle?.tolerance.rel ?? 0) * Math.abs(expected));

  it('has its reverse-time hazards and completeness', () => {
    expect(oracle?.expected.completeness).toHaveLength(7);
    oracle?.expected.reverseHazard.forEach((expected, d) => {
      close(curve.reverseHazard[d] as number, expected);
    });
    oracle?.expected.completeness.forEach((expected, d) => {
      close(curve.completeness[d] as number, expected);
    });
    expect(curve.rowsUsed).toBe(oracle?.expected.observed.reduce((sum, n) => sum + n, 0));
  });

  it('has its nowcast of every day', () => {
    oracle?.expected.nowcast.forEach((expected, t) => {
      close(nowcast(oracle.expected.observed[t] as number, 29 - t, curve.completeness) as number, expected);
    });
  });
});
