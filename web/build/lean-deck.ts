import { fileURLToPath } from 'node:url';
import { defaultClientConditions, type Plugin } from 'vite';
import { emptied } from './emptied.ts';

/** deck.gl's own builds without WebGPU; only its scoped packages know the condition. */
const WEBGL_ONLY = 'visgl:webgl-only';

/** luma.gl has no such build. Its shader modules carry a second copy in WGSL: files with nothing but that text. */
const WGSL_TEXTS = /@luma\.gl[\\/]shadertools[\\/]dist[\\/]modules[\\/].*wgsl.*\.js$/;
/** What reads an assembled WGSL shader. */
const WGSL_SCANS =
  /@luma\.gl[\\/]shadertools[\\/]dist[\\/]lib[\\/]shader-assembly[\\/]wgsl-(?:interface-scan|binding-debug)\.js$/;

/**
 * deck.gl and luma.gl without what a WebGL 2 map never runs: WebGPU (shader texts, compute passes) and the loaders of files, which no
 * layer here uses. Some 60 KB of gzip before the first map.
 */
export function leanDeck(): Plugin {
  const noLoaders = fileURLToPath(new URL('no-loaders.ts', import.meta.url));
  return {
    name: 'hexsight-lean-deck',
    config: () => ({
      resolve: {
        conditions: [WEBGL_ONLY, ...defaultClientConditions],
        alias: { '@loaders.gl/core': noLoaders, '@loaders.gl/images': noLoaders },
      },
    }),
    transform: {
      filter: { id: [WGSL_TEXTS, WGSL_SCANS] },
      handler(code, id) {
        const empty = emptied(code, WGSL_TEXTS.test(id) ? "''" : '() => undefined');
        if (empty === null) this.error(`${id} exports nothing that is known: look at it again`);
        return { code: empty, map: null };
      },
    },
  };
}
