import { readFileSync } from 'node:fs';
import { readWorkbook } from './read-workbook.ts';

/** Reads the workbook named on the command line; the last line of stdout says what came, how long it took, and how far memory grew. */
const path = process.argv[2] as string;
const rssBefore = process.memoryUsage().rss;
const startMs = performance.now();
const result = await readWorkbook(path).then(
  ({ rows }) => ({ rows: rows.length, error: null }),
  (cause: unknown) => ({ rows: null, error: `${(cause as Error).name} ${(cause as Error).message}` }),
);
const ms = performance.now() - startMs;
// The peak that getrusage tells begins with the parent's size; /proc tells the one since this program began.
const peakKB =
  process.platform === 'linux'
    ? Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1])
    : process.resourceUsage().maxRSS;
const grownMB = (peakKB * 1024 - rssBefore) / 1e6;
process.stdout.write(`${JSON.stringify({ ...result, ms, grownMB })}\n`);
