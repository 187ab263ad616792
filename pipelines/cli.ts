import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { parseIsoDate } from '../core/time/local-date.ts';
import { DEFAULTS } from '../data/sample/options.ts';
import { DEFAULT_PORT, startServer } from '../server/start-server.ts';
import { untilSignal } from '../server/until-signal.ts';
import { addEvaluateCommand } from './commands/evaluate.ts';
import { runGenerate } from './commands/generate.ts';
import { runProfileDraft } from './commands/profile-draft.ts';
import { addSnapshotCommands } from './commands/snapshots.ts';
import { addTilesCommand } from './commands/tiles.ts';
import { loadProfile, profileNames } from './config/load-profile.ts';
import { EXIT, HexsightError } from './errors.ts';
import { explain } from './explain.ts';
import { progressBar } from './progress-bar.ts';
import { runPipeline } from './run.ts';
import { runLines } from './run-lines.ts';
import { verifySnapshot } from './verify.ts';

const WEB_ROOT = fileURLToPath(new URL('../dist/web/', import.meta.url));
const EXIT_HELP = `
Exit codes: 0 done · 1 failed · 2 wrong command line · 3 profile or configuration · 4 input files · 5 verification found problems
            6 another run is publishing · 7 disk: full, read-only, failing · 130 stopped with Ctrl-C (nothing half-written stays)`;

interface Common {
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** The `hexsight` command. Progress goes to stderr, results to stdout; with --json the last line of stdout is one JSON object. */
export async function main(argv: readonly string[]): Promise<void> {
  const stop = new AbortController();
  const interrupt = (): void => stop.abort(new HexsightError(EXIT.interrupted, 'hexsight', ['stopped']));
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  let asJson = false;
  const program = new Command('hexsight')
    .description('社会治理风险感知一张图：从原始文件到一张图 · raw files to the one map of a city')
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .hook('preAction', (_, command) => {
      asJson = command.opts<Common>().json === true;
    })
    .addHelpText(
      'after',
      `${EXIT_HELP}\n\nExample:\n  npx hexsight run --profile tainan --input ~/tainan --out ~/snapshot && npx hexsight serve --snapshot ~/snapshot`,
    );

  const answer = (value: object, text: string): void => {
    process.stdout.write(asJson ? `${JSON.stringify(value)}\n` : `${text}\n`);
  };
  const bar = (options: Common) => progressBar(process.stderr, () => performance.now(), options.quiet === true);
  const common = (command: Command, example: string): Command =>
    command
      .option('--json', 'last line of stdout is one JSON object')
      .option('--quiet', 'no progress')
      .addHelpText('after', `\nExample:\n  ${example}\n${EXIT_HELP}`);

  common(
    program
      .command('generate')
      .description('make the seeded sample city (raw files with dirt, and the planted truth beside them)'),
    'npx hexsight generate --out .hexsight/sample --incidents 600000 --weeks 156 --seed 7',
  )
    .requiredOption('--out <folder>', 'folder of the raw files; the truth goes to <folder>-truth')
    .option('--incidents <n>', 'incidents', positive, 600_000)
    .option('--weeks <n>', 'weeks of history', positive, 156)
    .option('--seed <n>', 'seed', positive, 7)
    .option('--last-day <yyyy-mm-dd>', 'last day of the data; a Sunday keeps ISO weeks whole', isoDay, DEFAULTS.lastDay)
    .action(
      async (options: Common & { out: string; incidents: number; weeks: number; seed: number; lastDay: string }) => {
        const { report, end } = bar(options);
        const result = await runGenerate({
          out: options.out,
          incidents: options.incidents,
          weeks: options.weeks,
          seed: options.seed,
          lastDay: options.lastDay,
          signal: stop.signal,
          onProgress: ({ stage, done, total }) => report({ stage: `generate ${stage}`, done, total, unit: stage }),
        });
        end();
        answer(
          result,
          `${result.rows} rows in ${result.files} files, ${(result.bytes / 1e6).toFixed(1)} MB, ${result.seconds} s → ${options.out}`,
        );
      },
    );

  common(
    program.command('run').description('raw files → published snapshot'),
    'npx hexsight run --profile chicago --input ~/chicago --out ~/snapshot --json',
  )
    .requiredOption('--profile <name|folder>', `profile: ${profileNames().join(', ')}, or a folder with profile.json`)
    .requiredOption('--input <folder>', 'folder of the raw files')
    .requiredOption('--out <folder>', 'folder of the snapshot; the private store lies at <folder>.store')
    .option('--force', 'also when nothing changed')
    .action(async (options: Common & { profile: string; input: string; out: string; force?: boolean }) => {
      const { report, end } = bar(options);
      try {
        const summary = await runPipeline({
          profile: options.profile,
          input: options.input,
          out: options.out,
          force: options.force === true,
          progress: report,
          signal: stop.signal,
        });
        end();
        for (const warning of summary.warnings) process.stderr.write(`注意 warning: ${warning}\n`);
        answer(summary, runLines(summary, options.out).join('\n'));
      } catch (error) {
        end();
        throw error;
      }
    });

  common(
    program.command('serve').description('serve the dashboard and a snapshot'),
    'npx hexsight serve --snapshot ~/snapshot --port 9000',
  )
    .requiredOption('--snapshot <folder>', 'folder of the snapshot')
    .option('--port <n>', 'port, 0 = any free one', port, DEFAULT_PORT)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .action(async (options: Common & { snapshot: string; port: number; host: string }) => {
      process.removeListener('SIGINT', interrupt);
      process.removeListener('SIGTERM', interrupt);
      const server = await startServer({
        webRoot: WEB_ROOT,
        snapshotRoot: options.snapshot,
        host: options.host,
        port: options.port,
        log: (line) => process.stderr.write(`${line}\n`),
      });
      answer({ url: server.url }, `${server.url}/desk`);
      process.exitCode = await untilSignal(server);
    });

  common(
    program.command('verify').description('prove a published snapshot: hashes, sums, references'),
    'npx hexsight verify --snapshot ~/snapshot',
  )
    .requiredOption('--snapshot <folder>', 'folder of the snapshot')
    .action(async (options: Common & { snapshot: string }) => {
      const result = await verifySnapshot(options.snapshot);
      answer(
        result,
        `快照 ${result.snapshot}: ${result.files} files, ${result.checks} checks, ${result.problems.length} problems${result.problems.map((problem) => `\n  - ${problem}`).join('')}`,
      );
      if (result.problems.length > 0) process.exitCode = EXIT.verify;
    });

  addEvaluateCommand(program, { common, answer, bar });
  addSnapshotCommands(program, { common, answer, nowMs: () => Date.now() });
  addTilesCommand(program, {
    common,
    answer,
    bar,
    nowMs: () => Date.now(),
    elapsedMs: () => performance.now(),
    signal: stop.signal,
  });

  common(
    program.command('profiles').description('list the profiles that come with the product'),
    'npx hexsight profiles',
  ).action(() => {
    const list = profileNames().map((name) => ({ id: name, name: loadProfile(name).profile.name }));
    answer({ profiles: list }, list.map(({ id, name }) => `${id}\t${name.zh}\t${name.en}`).join('\n'));
  });

  common(
    program.command('explain <profile>').description('print the resolved contract of a profile in words'),
    'npx hexsight explain tainan',
  ).action((name: string) => {
    const loaded = loadProfile(name);
    answer({ profile: loaded.profile, hash: loaded.hash }, explain(loaded));
  });

  common(
    program
      .command('profile-draft <file>')
      .description('look at one file once and draft its contract, for a person to check'),
    'npx hexsight profile-draft ~/city/complaints-2024-01.csv --out draft.json',
  )
    .option('--out <file>', 'file for the draft; default stdout')
    .action(async (file: string, options: Common & { out?: string }) => {
      const { draft, lines } = await runProfileDraft({ file, out: options.out });
      process.stderr.write(`${lines.join('\n')}\n`);
      answer(draft, options.out === undefined ? JSON.stringify(draft, null, 2) : `草稿 draft → ${options.out}`);
    });

  try {
    await program.parseAsync(argv);
  } catch (error) {
    process.exitCode = report(error, asJson);
  }
}

function report(error: unknown, asJson: boolean): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage; // commander has printed it
  const known = error instanceof HexsightError;
  const message = known ? error.message : `${(error as Error).stack ?? error}`;
  process.stderr.write(`\n错误 error: ${message}\n`);
  const exitCode = known ? error.exitCode : EXIT.failed;
  if (asJson)
    process.stdout.write(
      `${JSON.stringify({ error: (error as Error).message, problems: known ? error.problems : [], exitCode })}\n`,
    );
  return exitCode;
}

function positive(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected a whole number of at least 1');
  return value;
}

function isoDay(text: string): string {
  try {
    parseIsoDate(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
  return text;
}

function port(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw new InvalidArgumentError('expected a port, 0 to 65535');
  return value;
}
