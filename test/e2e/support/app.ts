import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildWeb } from '../../../scripts/start/build-web.ts';
import { startWork } from '../../../scripts/start/work.ts';
import { type RunningServer, startServer } from '../../../server/start-server.ts';

const ROOT = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));

let built: Promise<boolean> | undefined;

/** `dist/web` made from the sources as they are, by the rule of `npm start`: a build that is up to date is kept. */
export async function buildWebOnce(): Promise<void> {
  built ??= buildWeb(ROOT, startWork(ROOT));
  await built;
}

/** The web app of `buildWebOnce` over a published snapshot, on a free port. */
export function serveSnapshot(folder: string): Promise<RunningServer> {
  return startServer({ webRoot: join(ROOT, 'dist', 'web'), snapshotRoot: folder, port: 0 });
}
