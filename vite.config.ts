import { createReadStream, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Connect, defineConfig, type Plugin } from 'vite';
import { firstLoadBudget } from './web/build/first-load.ts';
import { leanDeck } from './web/build/lean-deck.ts';
import { leanZod } from './web/build/lean-zod.ts';
import { preloadFirst, roomPages } from './web/build/room-pages.ts';

/** What the server of this project sends; the preview sends it too, so that a violation is seen while developing. */
const CSP = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Development only: serves the snapshot in the folder HEXSIGHT_SNAPSHOT, as `server/` does in production. */
function snapshotFolder(): Plugin {
  const root = process.env.HEXSIGHT_SNAPSHOT;
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const match = /^\/snapshot\/(manifest\.json|files\/[0-9a-f]{64}\.[a-z]+)$/.exec(request.url?.split('?')[0] ?? '');
    if (!match) return next();
    const file = root ? join(resolve(root), match[1] as string) : '';
    if (!root || !existsSync(file)) {
      response.statusCode = 404;
      response.end();
      return;
    }
    const type = file.endsWith('json') ? 'application/json' : 'application/octet-stream';
    response.setHeader('Content-Type', type);
    response.setHeader('Cache-Control', file.endsWith('manifest.json') ? 'no-cache' : 'max-age=31536000, immutable');
    createReadStream(file).pipe(response);
  };
  return {
    name: 'hexsight-snapshot-folder',
    configureServer: (server) => void server.middlewares.use(serve),
    configurePreviewServer: (server) => void server.middlewares.use(serve),
  };
}

export default defineConfig({
  root: 'web',
  plugins: [snapshotFolder(), preloadFirst(), roomPages(), leanDeck(), leanZod(), firstLoadBudget()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2022',
    // A data: URL would need a wider Content-Security-Policy.
    assetsInlineLimit: 0,
    // Every browser that has WebGL 2 and ES 2022 knows modulepreload.
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      // The encoder of this package is not needed where only its decoder is; it does not say that it has no side effects.
      treeshake: { moduleSideEffects: [{ test: /@uwdata[\\/]flechette/, sideEffects: false }] },
      output: {
        // The library and what forbids it to compile, in one chunk: whichever chunk makes a schema, it has run before.
        codeSplitting: { groups: [{ name: 'zod', test: /node_modules[\\/]zod[\\/]|[\\/]app[\\/]no-eval\.ts$/ }] },
      },
    },
  },
  worker: { format: 'es' },
  preview: { headers: { 'Content-Security-Policy': CSP } },
});
