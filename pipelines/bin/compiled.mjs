// The TypeScript of the command line, bundled once for every state of its sources. Loading some 400 files through a loader costs each
// process and each worker thread 2–3 s of a core; the bundle costs 0.3 s, and a quarter of a second once after a change.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FOLDER = join(ROOT, '.hexsight', 'code');
/** Folders whose TypeScript the command line imports. */
const PARTS = ['core', 'pipelines', 'server', 'data', 'tiles'];
const ENTRIES = { cli: 'pipelines/cli.ts', worker: 'pipelines/worker.ts' };
/** Newest bundles that stay: a run under way starts workers from its own, also after the sources have changed. */
const KEPT = 8;
/** Workers take the bundle of the thread that started them. */
const HANDED_DOWN = 'HEXSIGHT_CODE';

/**
 * Address of an entry as one JavaScript module. Where nothing can be written or bundled, the sources are loaded one by one, as before:
 * slower, with the same results.
 * @param {keyof typeof ENTRIES} entry
 * @param {{ readonly inherit?: boolean }} [options]
 */
export async function compiled(entry, { inherit = false } = {}) {
  const given = inherit ? process.env[HANDED_DOWN] : undefined;
  const folder = given ?? (await bundle().catch(() => null));
  if (folder === null) {
    const { register } = await import('tsx/esm/api');
    register();
    return pathToFileURL(join(ROOT, ENTRIES[entry])).href;
  }
  process.env[HANDED_DOWN] = folder;
  process.setSourceMapsEnabled(true);
  return pathToFileURL(join(folder, `${entry}.mjs`)).href;
}

async function bundle() {
  const key = sourcesKey();
  const folder = join(FOLDER, key);
  if (existsSync(folder)) return folder;
  const { build } = await import('esbuild');
  const temporary = join(FOLDER, `.tmp-${process.pid}`);
  mkdirSync(temporary, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: ENTRIES,
    outdir: temporary,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    sourcemap: 'linked',
    logLevel: 'silent',
    plugins: [
      { name: 'own-address', setup: ownAddress },
      { name: 'packages', setup: packages },
    ],
  });
  try {
    renameSync(temporary, folder);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error; // else another process was first
  }
  forgetOld();
  return folder;
}

/** `import.meta.url` stays the address of the source: folders of data, workers and the code version are found from there. */
function ownAddress({ onLoad }) {
  onLoad({ filter: /\.ts$/ }, ({ path }) => {
    const source = readFileSync(path, 'utf8');
    if (!source.includes('import.meta.url')) return undefined;
    return { contents: source.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)), loader: 'ts' };
  });
}

/** Hundreds of small modules each: they go into the bundle. Every other package is loaded from where it is installed. */
const MANY_MODULES = /^(apache-arrow|zod|@uwdata\/flechette)$/;

function packages({ onResolve }) {
  onResolve({ filter: /^[^./]/ }, ({ path, importer }) =>
    path.startsWith(ROOT) || MANY_MODULES.test(path) || importer.includes('node_modules')
      ? undefined
      : { path, external: true },
  );
}

/** Of what the bundle is made, byte for byte, and where it lies. */
function sourcesKey() {
  const hash = createHash('sha256').update(`${ROOT}\0${process.version}\0`);
  const visit = (relative) => {
    for (const entry of readdirSync(join(ROOT, relative), { withFileTypes: true })) {
      const path = `${relative}/${entry.name}`;
      if (entry.isDirectory()) visit(path);
      else if (/\.(ts|mjs)$/.test(entry.name))
        hash
          .update(`${path}\0`)
          .update(readFileSync(join(ROOT, path)))
          .update('\0');
    }
  };
  for (const part of PARTS) if (existsSync(join(ROOT, part))) visit(part);
  hash.update(readFileSync(join(ROOT, 'package-lock.json')));
  return hash.digest('hex').slice(0, 32);
}

function forgetOld() {
  const byAge = readdirSync(FOLDER)
    .map((name) => join(FOLDER, name))
    .map((path) => ({ path, madeMs: statSync(path).mtimeMs }))
    .sort((a, b) => b.madeMs - a.madeMs);
  for (const { path } of byAge.slice(KEPT)) rmSync(path, { recursive: true, force: true });
}
