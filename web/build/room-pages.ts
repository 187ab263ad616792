import type { Plugin } from 'vite';

/** What each room asks for at once; the map of the desk is its first picture, figures are that of the others. */
const FIRST = {
  // The last: what luma.gl asks for when there is a map.
  desk: ['/map/city-map.ts', '/rooms/desk/desk.tsx', '/adapter/webgl-device.js'],
  wall: ['/rooms/wall/wall.tsx'],
  review: ['/rooms/review/review.tsx'],
} as const;

interface Chunk {
  readonly fileName: string;
  readonly isEntry: boolean;
  readonly facadeModuleId: string | null;
  readonly imports: readonly string[];
}

/** Files that come with the entry instead of after it. The entry imports them dynamically: the page has to name them. */
export function preloadsOf(room: keyof typeof FIRST, chunks: readonly Chunk[]): readonly string[] {
  const entry = chunks.find(({ isEntry }) => isEntry)?.fileName;
  const first = FIRST[room].map((name) => {
    const chunk = chunks.find(({ facadeModuleId }) => facadeModuleId?.endsWith(name));
    if (!chunk) throw new Error(`no chunk begins with ${name}: the room is made of something else now`);
    return chunk;
  });
  // All that has to be there before they run; of the entry itself, what it imports.
  const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
  const files = new Set<string>();
  const add = (name: string): void => {
    if (files.has(name)) return;
    files.add(name);
    for (const needed of byName.get(name)?.imports ?? []) add(needed);
  };
  for (const name of [entry, ...first.map(({ fileName }) => fileName)]) if (name) add(name);
  return [...files].filter((file) => file !== entry);
}

const chunksOf = (bundle: Readonly<Record<string, { readonly type: string }>>): readonly Chunk[] =>
  Object.values(bundle).filter((file): file is Chunk & { type: 'chunk' } => file.type === 'chunk');

/** `index.html` is the page of the desk. */
export function preloadFirst(): Plugin {
  return {
    name: 'hexsight-preload-first',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle }) {
        if (!bundle) return [];
        return preloadsOf('desk', chunksOf(bundle)).map((file) => ({
          tag: 'link',
          attrs: { rel: 'modulepreload', crossorigin: true, href: `/${file}` },
          injectTo: 'head',
        }));
      },
    },
  };
}

const PRELOADS = /\s*<link rel="modulepreload"[^>]*>/g;

/** `page` with other preloads in the place of its own. */
export function pageFor(page: string, files: readonly string[]): string {
  const links = files.map((file) => `    <link rel="modulepreload" crossorigin href="/${file}">\n`).join('');
  return page.replace(PRELOADS, '').replace(/\s*<\/head>/, `\n${links}  </head>`);
}

/** `wall.html` and `review.html`: the server sends them for their rooms. */
export function roomPages(): Plugin {
  return {
    name: 'hexsight-room-pages',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') throw new Error('the build has no index.html');
        const html = typeof page.source === 'string' ? page.source : new TextDecoder().decode(page.source);
        for (const room of ['wall', 'review'] as const)
          this.emitFile({
            type: 'asset',
            fileName: `${room}.html`,
            source: pageFor(html, preloadsOf(room, chunksOf(bundle))),
          });
      },
    },
  };
}
