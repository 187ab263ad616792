// Preloaded with `node --import`: the n-th call of the file layer below the given folders fails once, or the process dies there.
// Plain JavaScript, because it is loaded before the TypeScript loader. Tells how many calls there were.
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { isMainThread } from 'node:worker_threads';

const { roots, at, code, thread, sticky, report } = JSON.parse(process.env.HEXSIGHT_FAULT ?? '{"roots":[]}');
const ERRNO = { ENOSPC: -28, EIO: -5, EACCES: -13, EMFILE: -24 };
const original = { ...fs };
const fds = new Map();
let calls = 0;

const below = (path) => typeof path === 'string' && roots.some((root) => path === root || path.startsWith(`${root}/`));
const pathOf = (target) => (typeof target === 'number' ? fds.get(target) : String(target));

/** null = go on. */
function fault(op, path) {
  if (!below(path)) return null;
  if (!isMainThread) {
    original.appendFileSync(`${report}.worker`, 'x');
    if (thread !== 'worker') return null;
  } else if (thread === 'worker') return null;
  calls++;
  if (sticky ? calls < at : calls !== at) return null;
  original.writeFileSync(`${report}.hit`, `${op} ${path}`);
  if (code === 'KILL') {
    process.kill(process.pid, 'SIGKILL');
    for (;;);
  }
  return Object.assign(new Error(`${code}: injected, ${op}`), { code, errno: ERRNO[code], syscall: op, path });
}

const OPS = [
  'open',
  'write',
  'writeFile',
  'appendFile',
  'fsync',
  'rename',
  'unlink',
  'mkdir',
  'rm',
  'link',
  'copyFile',
];
for (const op of OPS) {
  fs[`${op}Sync`] = (target, ...rest) => {
    const error = fault(op, pathOf(target));
    if (error) throw error;
    const result = original[`${op}Sync`](target, ...rest);
    if (op === 'open') fds.set(result, String(target));
    return result;
  };
  fs[op] = (target, ...rest) => {
    const error = fault(op, pathOf(target));
    const done = rest.at(-1);
    if (error) return void process.nextTick(done, error);
    if (op !== 'open') return original[op](target, ...rest);
    return original.open(target, ...rest.slice(0, -1), (failed, fd) => {
      if (!failed) fds.set(fd, String(target));
      done(failed, fd);
    });
  };
}
fs.closeSync = (fd) => {
  fds.delete(fd);
  return original.closeSync(fd);
};
const promises = { ...fs.promises };
for (const op of ['open', 'writeFile', 'appendFile', 'rename', 'unlink', 'mkdir', 'rm', 'link', 'copyFile']) {
  fs.promises[op] = async (target, ...rest) => {
    const error = fault(op, pathOf(target));
    if (error) throw error;
    const result = await promises[op](target, ...rest);
    if (op === 'open')
      for (const method of ['write', 'writeFile', 'sync']) {
        const run = result[method].bind(result);
        result[method] = async (...args) => {
          const failed = fault(method, String(target));
          if (failed) throw failed;
          return run(...args);
        };
      }
    return result;
  };
}
syncBuiltinESMExports();
if (isMainThread && report) process.on('exit', () => original.writeFileSync(report, String(calls)));
