import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { buildWeb } from '../../scripts/start/build-web.ts';
import { startWork } from '../../scripts/start/work.ts';
import { precompress } from '../../server/precompress.ts';
import { startServer } from '../../server/start-server.ts';
import { leanDeck } from '../../web/build/lean-deck.ts';

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

export interface BenchSite {
  readonly app: string;
  readonly bare: string;
}

/** The app as `npm start` builds it, and the bare map beside it. */
export async function buildPages(): Promise<BenchSite> {
  await buildWeb(ROOT, startWork(ROOT));
  const bare = await mkdtemp(join(tmpdir(), 'hexsight-bare-map-'));
  await build({
    configFile: false,
    root: join(ROOT, 'test', 'bench', 'bare-map'),
    logLevel: 'error',
    // As lean as ours, so that the difference is what we added.
    plugins: [leanDeck()],
    build: { outDir: bare, emptyOutDir: true, target: 'es2022', assetsInlineLimit: 0, chunkSizeWarningLimit: 3000 },
  });
  await precompress(bare);
  return { app: join(ROOT, 'dist', 'web'), bare };
}

/** Both by the same server, so that headers and encodings are the same. */
export async function servePages({ app, bare }: BenchSite, snapshotRoot: string) {
  const own = await startServer({ webRoot: app, snapshotRoot, port: 0 });
  const other = await startServer({ webRoot: bare, snapshotRoot, port: 0 });
  return {
    app: own.url,
    bare: other.url,
    close: async () => {
      await own.close();
      await other.close();
      await rm(bare, { recursive: true, force: true });
    },
  };
}
