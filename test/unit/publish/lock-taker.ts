import { once } from 'node:events';
import { HexsightError } from '../../../pipelines/errors.ts';
import { takeLock } from '../../../pipelines/io/lock.ts';

/**
 * `lock-taker <path>`: says `ready`, is told a moment (epoch ms) on its input, waits for it in a tight loop so that several hit it
 * together, takes the lock, says `held`, and gives it back when its input ends.
 */
const path = process.argv[2] as string;
process.stdout.write('ready\n');
const [line] = (await once(process.stdin, 'data')) as [Buffer];
while (Date.now() < Number(line));
try {
  const release = takeLock(path);
  process.stdout.write('held\n');
  await once(process.stdin, 'end');
  release();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = error instanceof HexsightError ? error.exitCode : 1;
  process.stdin.destroy();
}
