import { closeSync, openSync, readFileSync, unlinkSync, writeSync } from 'node:fs';
import { EXIT, HexsightError } from '../errors.ts';

/**
 * One publisher at a time. The lock names its process; one whose process is gone (kill -9) is taken over.
 * @returns a function that gives the lock back
 * @throws HexsightError (locked) while another run lives
 */
export function takeLock(path: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      const file = openSync(path, 'wx');
      writeSync(file, String(process.pid));
      closeSync(file);
      return () => unlinkSync(path);
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EEXIST') throw cause;
      const holder = Number(readFileSync(path, 'utf8'));
      if (isAlive(holder))
        throw new HexsightError(EXIT.locked, path, [
          `another run (process ${holder}) is publishing here; wait for it or stop it`,
        ]);
      unlinkSync(path);
    }
  }
  throw new HexsightError(EXIT.locked, path, ['another run took the lock first']);
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
