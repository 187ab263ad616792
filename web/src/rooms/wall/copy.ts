import type { Manifest } from '../../../../core/contract/manifest.ts';
import { cohortFiles } from './load-wall.ts';
import type { WallHealth } from './wall-store.ts';

const SCRIPT = '/wall-sw.js';
/** Large files that a wall never draws: the finest cells, outlines of small divisions. */
const NOT_NEEDED = /^(grid\.arrow|grid\/r9\.arrow|divisions\/[34]\.geojson|cube\/r\d|facts\/|wall\/(?!weeks))/;

/** Paths of a snapshot that a start without the server needs. */
export function filesToKeep(manifest: Manifest): readonly string[] {
  const facts = new Set(cohortFiles(manifest).map(({ path }) => path));
  return manifest.files
    .filter(({ path }) => facts.has(path) || !NOT_NEEDED.test(path))
    .map(({ file }) => `/snapshot/${file}`);
}

/** Hands the service worker what the wall stands on now. It exists on https and localhost only. */
export async function keepCopy(manifest: Manifest): Promise<WallHealth['copy']> {
  if (!('serviceWorker' in navigator) || !isSecureContext) return 'not-possible';
  try {
    await navigator.serviceWorker.register(SCRIPT, { scope: '/wall' });
    const { active } = await navigator.serviceWorker.ready;
    if (!active) return 'failed';
    const assets = performance
      .getEntriesByType('resource')
      .map(({ name }) => new URL(name))
      .filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith('/assets/'))
      .map(({ pathname }) => pathname);
    const { port1, port2 } = new MessageChannel();
    const answered = new Promise<WallHealth['copy']>((resolve) => {
      port1.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data === 'kept' ? 'kept' : 'failed');
      setTimeout(() => resolve('failed'), 120_000);
    });
    const message = {
      kind: 'keep',
      manifest: JSON.stringify(manifest),
      files: filesToKeep(manifest),
      assets: [...new Set(assets)],
    };
    active.postMessage(message, [port2]);
    const result = await answered;
    port1.close();
    return result;
  } catch {
    return 'failed';
  }
}
