import { existsSync } from 'node:fs';
import { ORACLE_METHODS } from './methods/index.ts';
import { oracleTable, runOracles } from './runner.ts';

/** `npm run oracles -- [folder]`: compares our statistics with the numbers of other packages. Exit code = failed cases, at most 255. */
const folder = process.argv[2] ?? process.env.HEXSIGHT_ORACLES ?? '../shared/oracles';
if (!existsSync(folder)) {
  console.error(`${folder}: no such folder. Give one: npm run oracles -- <folder>`);
  process.exit(255);
}
const results = runOracles(folder, ORACLE_METHODS);
console.log(oracleTable(results));
const failed = results.filter(({ ok }) => !ok).length;
process.exit(results.length === 0 ? 255 : Math.min(failed, 255));
