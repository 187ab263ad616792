import { benchFarrington } from './stats-farrington.ts';
import { benchGi } from './stats-gi.ts';
import { benchScan } from './stats-scan.ts';

/**
 * `npm run bench -- stats [--json]`: the speed of the statistics. Each part is a file `stats-<name>.ts` with a function that returns
 * its figures; a line here joins it. The last line of `--json` is one JSON object, a key for each part.
 */
const PARTS: Readonly<Record<string, () => unknown>> = {
  gi: benchGi,
  farrington: benchFarrington,
  scan: () => benchScan({ rings: 2 }),
};

export async function benchStats(args: readonly string[]): Promise<void> {
  const figures: Record<string, unknown> = {};
  for (const [name, run] of Object.entries(PARTS)) {
    figures[name] = await run();
    if (!args.includes('--json')) process.stdout.write(`${name} ${JSON.stringify(figures[name], null, 2)}\n`);
  }
  if (args.includes('--json')) process.stdout.write(`${JSON.stringify(figures)}\n`);
}
