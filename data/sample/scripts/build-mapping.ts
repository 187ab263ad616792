/** Writes `data/profiles/suzhou/mapping.json` from the generator's catalogue: `npx tsx data/sample/scripts/build-mapping.ts`. */
import { writeFileSync } from 'node:fs';
import { mapping } from '../catalogue/index.ts';

const FILE = new URL('../../profiles/suzhou/mapping.json', import.meta.url);
writeFileSync(FILE, `${JSON.stringify(mapping(), null, 2)}\n`);
