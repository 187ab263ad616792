import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startServer } from '../../server/start-server.ts';
import { SIGNAL_EXIT, untilSignal } from '../../server/until-signal.ts';
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
  const interrupted = stopOnSignal(work);
  const failed = async (error: unknown) => {
    // What was told to stop ends badly, as it should.
    if (interrupted.by()) return interrupted.exitCode;
    await work.stop('SIGTERM');
    return explain(error);
  };
  return Promise.race([prepareAndServe(options, work, interrupted.ignore).catch(failed), interrupted.exitCode]);
}

async function prepareAndServe(options: StartOptions, work: Work, fromNowOn: () => void): Promise<number> {
  const snapshotRoot = join(ROOT, '.hexsight', options.input === null ? 'snapshot' : `snapshot-${options.profile}`);
  const [built] = await Promise.all([buildWeb(ROOT, work), publish(options, snapshotRoot, work)]);
  if (built) say('网页已构建。', 'The web app is built.');
  const server = await startServer({
    webRoot: join(ROOT, 'dist', 'web'),
    snapshotRoot,
    host: options.host,
    port: options.port,
    log: (line) => console.error(line),
  });
  console.log(`
  一张图已就绪      ${server.url}/desk   （指挥大屏 ${server.url}/wall）
  hexsight is ready ${server.url}/desk   (wall ${server.url}/wall)
  按 Ctrl-C 停止 · press Ctrl-C to stop
`);
  fromNowOn();
  return untilSignal(server);
}

async function publish(options: StartOptions, snapshotRoot: string, work: Work): Promise<void> {
  const sample = join(ROOT, '.hexsight', 'sample');
  if (options.input === null) {
    if (await makeSample(ROOT, sample, options, work)) say('样例城市已生成。', 'The sample city is made.');
  }
  const input = options.input ?? sample;
  await work.run('hexsight run', [
    ...[...hexsight(ROOT), 'run', '--profile', options.profile],
    ...['--input', input, '--out', snapshotRoot],
  ]);
}

interface Interruption {
  /** Resolves when everything has stopped. */
  readonly exitCode: Promise<number>;
  by(): NodeJS.Signals | null;
  ignore(): void;
}

function stopOnSignal(work: Work): Interruption {
  const listeners: [NodeJS.Signals, () => void][] = [];
  let by: NodeJS.Signals | null = null;
  const exitCode = new Promise<number>((resolve) => {
    for (const [signal, code] of Object.entries(SIGNAL_EXIT) as [NodeJS.Signals, number][]) {
      const listener = () => {
        by ??= signal;
        void work.stop(signal).then(() => resolve(code));
      };
      listeners.push([signal, listener]);
      process.on(signal, listener);
    }
  });
  return {
    exitCode,
    by: () => by,
    ignore: () => {
      for (const [signal, listener] of listeners) process.off(signal, listener);
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
