import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ORACLE_METHODS } from './methods/index.ts';
import { oracleTable, runOracles } from './runner.ts';

const folder = process.env.HEXSIGHT_ORACLES ?? '../shared/oracles';

/**
 * Fields in which we and the reference differ for a reason that is known and measured. Every other field of the case must agree, and one of
 * these that comes to agree makes the test fail too: then the line goes.
 *
 * New Mexico: with the zones the case states (nearest first, up to half of the population) 10,000 draws by two samplers give a null with
 * mean 2.88 ± 0.013; the printed null has 2.98 (5 standard errors). Zones that skip a county which is too large give 2.96, but also a most
 * likely cluster that the case excludes (6.887 instead of 6.476). The observed clusters agree exactly.
 */
const KNOWN: Readonly<Record<string, RegExp>> = {
  'scan/poisson_nm_spatial.json':
    /^(nullDistribution\.0\.9|nullDistribution\.0\.95|clusters\[[12]\]\.p(Gumbel|MonteCarlo))$/,
};

describe.runIf(existsSync(folder))(`numbers of other packages (HEXSIGHT_ORACLES, ${folder})`, () => {
  const results = existsSync(folder) ? runOracles(folder, ORACLE_METHODS) : [];

  it('has every case', () => expect(results.length).toBeGreaterThanOrEqual(54));

  it.each(results.map((result) => [result.file, result] as const))('%s', (file, result) => {
    const known = KNOWN[file];
    if (!known) {
      expect(result.ok, oracleTable([result])).toBe(true);
      return;
    }
    expect(result.error).toBeNull();
    const bad = result.findings.filter(({ ok }) => !ok).map(({ field }) => field);
    expect(bad.filter((field) => !known.test(field))).toEqual([]);
    expect(bad, 'agrees now: take it off the list').not.toEqual([]);
  });
});
