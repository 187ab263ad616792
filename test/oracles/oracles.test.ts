import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ORACLE_METHODS } from './methods/index.ts';
import { oracleTable, runOracles } from './runner.ts';

const folder = process.env.HEXSIGHT_ORACLES ?? '../shared/oracles';

describe.runIf(existsSync(folder))(`numbers of other packages (HEXSIGHT_ORACLES, ${folder})`, () => {
  const results = existsSync(folder) ? runOracles(folder, ORACLE_METHODS) : [];

  it('has every case', () => expect(results.length).toBeGreaterThanOrEqual(54));

  it.each(results.map((result) => [result.file, result] as const))('%s', (_, result) => {
    expect(result.ok, oracleTable([result])).toBe(true);
  });
});
