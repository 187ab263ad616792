import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type RunningServer, startServer } from '../../server/start-server.ts';
import { SIGNAL_EXIT } from '../../server/until-signal.ts';
import { buildWeb } from './build-web.ts';
import { hexsight, makeSample } from './make-sample.ts';
import { parseOptions, type StartOptions, USAGE } from './options.ts';
import { StepFailed, startWork, type Work } from './work.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
/** Exit codes, besides those of a signal. `scripts/setup.mjs` uses 3. */
const FAILED = 1;
const WRONG_OPTIONS = 2;
const PORT_TAKEN = 4;

/** From raw files to a served map. Resolves with the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  // npm runs scripts in the folder of package.json and tells where it was called.
  const parsed = parseOptions(args, process.env.INIT_CWD ?? process.cwd());
  if (parsed.kind === 'help') {
    console.log(USAGE);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    console.error(`hexsight: ${parsed.why}\n\n${USAGE}`);
    return WRONG_OPTIONS;
  }
  const { options } = parsed;
  if (!(await portIsFree(options))) return portTaken(options.port);
  const work = startWork(ROOT);
  const life = untilStopped(work);
  return Promise.race([
    life.exitCode,
    prepare(options, work)
      .then((snapshotRoot) => serve(options, snapshotRoot, life))
      .catch(async (error: unknown) => {
        // What was told to stop ends badly, as it should.
        if (life.stopping()) return life.exitCode;
        await work.stop('SIGTERM');
        return explain(error);
      }),
  ]);
}

/** Sample, snapshot and web app, the web app beside the other two. Resolves with the folder of the snapshot. */
async function prepare(options: StartOptions, work: Work): Promise<string> {
  const snapshotRoot = join(ROOT, '.hexsight', options.input === null ? 'snapshot' : `snapshot-${options.profile}`);
  const [built] = await Promise.all([buildWeb(ROOT, work), publish(options, snapshotRoot, work)]);
  if (built) say('网页已构建。', 'The web app is built.');
  return snapshotRoot;
}

async function serve({ host, port }: StartOptions, snapshotRoot: string, life: Life): Promise<number> {
  const webRoot = join(ROOT, 'dist', 'web');
  const server = await startServer({ webRoot, snapshotRoot, host, port, log: (line) => console.error(line) });
  life.closeAtEnd(server);
  console.log(`
  一张图已就绪      ${server.url}/desk
  hexsight is ready ${server.url}/desk
  按 Ctrl-C 停止 · press Ctrl-C to stop
`);
  return life.exitCode;
}

async function publish(options: StartOptions, snapshotRoot: string, work: Work): Promise<void> {
  const sample = join(ROOT, '.hexsight', 'sample');
  if (options.input === null) {
    const lastDay = await makeSample(ROOT, sample, options, { work, today: dayInChina(Date.now()) });
    if (lastDay !== null)
      say(`样例城市已生成，数据至 ${lastDay}。`, `The sample city is made, with data up to ${lastDay}.`);
  }
  const input = options.input ?? sample;
  await work.run('hexsight run', [
    ...[...hexsight(ROOT), 'run', '--profile', options.profile],
    ...['--input', input, '--out', snapshotRoot],
  ]);
}

/** Days since 1970-01-01 in the zone of the sample city, which has no summer time: UTC+8. */
function dayInChina(nowMs: number): number {
  return Math.floor((nowMs + 8 * 3_600_000) / 86_400_000);
}

interface Life {
  /** After a signal, once everything has stopped. */
  readonly exitCode: Promise<number>;
  stopping(): boolean;
  closeAtEnd(server: RunningServer): void;
}

/** One set of listeners from beginning to end: a signal that comes while listeners are exchanged would be lost. */
function untilStopped(work: Work): Life {
  let server: RunningServer | null = null;
  let stopping = false;
  const signalled = new Promise<keyof typeof SIGNAL_EXIT>((resolve) => {
    for (const signal of Object.keys(SIGNAL_EXIT) as (keyof typeof SIGNAL_EXIT)[]) {
      process.on(signal, () => {
        stopping = true;
        resolve(signal);
      });
    }
  });
  return {
    exitCode: signalled.then(async (signal) => {
      await Promise.all([work.stop(signal), server?.close()]);
      return SIGNAL_EXIT[signal];
    }),
    stopping: () => stopping,
    closeAtEnd: (running) => {
      server = running;
    },
  };
}

function explain(error: unknown): number {
  if (error instanceof StepFailed) {
    if (error.output) console.error(error.output.trimEnd());
    console.error(`hexsight: ${error.step} 失败（退出码 ${error.exitCode}） · failed (exit code ${error.exitCode})`);
    return FAILED;
  }
  console.error(error);
  return FAILED;
}

/** Asked before minutes of work, not after. */
function portIsFree({ host, port }: StartOptions): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'));
    probe.listen({ host, port }, () => probe.close(() => resolve(true)));
  });
}

function portTaken(port: number): number {
  say(
    `端口 ${port} 已被占用；请用 npm start -- --port <端口> 换一个。`,
    `Port ${port} is in use; choose another: npm start -- --port <port>.`,
  );
  return PORT_TAKEN;
}

function say(zh: string, en: string): void {
  console.error(`hexsight: ${zh} ${en}`);
}
