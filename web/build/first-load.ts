import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

/**
 * 600 KB of gzip, of all JavaScript that the page runs in its own thread before the first map of the desk. The worker of MapLibre (121 KB)
 * comes beside it and is not counted: it is taken as it is.
 */
export const FIRST_LOAD_BUDGET = 600 * 1024;

/** The entry; the map and the room that it asks for at once; what luma.gl asks for before it has a device. */
const FIRST = [
  /[\\/]map[\\/]city-map\.ts$/,
  /[\\/]rooms[\\/]desk[\\/]desk\.tsx$/,
  /[\\/]adapter[\\/]webgl-device\.js$/,
];

/** A chunk of the bundle, as far as it matters here. */
export interface Chunk {
  readonly fileName: string;
  readonly code: string;
  readonly isEntry: boolean;
  readonly facadeModuleId: string | null;
  readonly moduleIds: readonly string[];
  /** Files that have to be there before it runs. */
  readonly imports: readonly string[];
}

/** Chunks loaded before the first map, largest first. */
export function firstLoad(chunks: readonly Chunk[]): readonly { readonly file: string; readonly gzip: number }[] {
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const files = new Map<string, number>();
  const add = (name: string): void => {
    const chunk = byName.get(name);
    if (!chunk || files.has(name)) return;
    files.set(name, gzipSync(chunk.code, { level: 9 }).length);
    for (const needed of chunk.imports) add(needed);
  };
  for (const pattern of FIRST)
    if (!chunks.some(({ moduleIds }) => moduleIds.some((id) => pattern.test(id))))
      throw new Error(`no chunk holds ${pattern}: the first map is made of something else now`);
  for (const { fileName, isEntry, moduleIds } of chunks)
    if (isEntry || moduleIds.some((id) => FIRST.some((pattern) => pattern.test(id)))) add(fileName);
  return [...files].map(([file, gzip]) => ({ file, gzip })).sort((a, b) => b.gzip - a.gzip);
}

/** The build that is served fails when the first map would need more than the budget; one for tests has React's checks in it. */
export function firstLoadBudget(budget: number = FIRST_LOAD_BUDGET): Plugin {
  let served = false;
  return {
    name: 'hexsight-first-load-budget',
    apply: 'build',
    configResolved({ isProduction }) {
      served = isProduction;
    },
    generateBundle(_, bundle) {
      if (!served) return;
      const files = firstLoad(Object.values(bundle).filter((file) => file.type === 'chunk'));
      const gzip = files.reduce((sum, file) => sum + file.gzip, 0);
      if (gzip <= budget) return;
      const list = files.map((file) => `  ${file.gzip} ${file.file}`).join('\n');
      this.error(`JavaScript before the first map: ${gzip} B gzip, more than ${budget}. Make a part lazy.\n${list}`);
    },
  };
}
