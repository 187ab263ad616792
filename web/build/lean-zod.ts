import type { Plugin } from 'vite';
import { emptied } from './emptied.ts';

const JSON_SCHEMA = /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/;

/** zod without the writing of JSON schemas, which hangs on every schema as a method and which no room calls: 6 KB of gzip. */
export function leanZod(): Plugin {
  return {
    name: 'hexsight-lean-zod',
    transform: {
      filter: { id: JSON_SCHEMA },
      handler(code, id) {
        const empty = emptied(code, '() => undefined');
        if (empty === null) this.error(`${id} exports nothing that is known: look at it again`);
        return { code: empty, map: null };
      },
    },
  };
}
