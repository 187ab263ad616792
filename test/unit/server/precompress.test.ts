import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Compressed, precompress } from '../../../server/precompress.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hexsight-precompress-'));
});
afterEach(() => rm(folder, { recursive: true }));

const text = Buffer.from('hexagon '.repeat(1000));

test('a script gets variants that unpack to it, also in a sub-folder', async () => {
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', 'main.js'), text);
  const seen: Compressed[] = [];
  await precompress(folder, { onFile: (compressed) => seen.push(compressed) });
  const path = join(folder, 'assets', 'main.js');
  expect(brotliDecompressSync(await readFile(`${path}.br`)).equals(text)).toBe(true);
  expect(gunzipSync(await readFile(`${path}.gz`)).equals(text)).toBe(true);
  expect(seen).toMatchObject([{ file: path, bytes: 8000, encoded: { br: (await readFile(`${path}.br`)).length } }]);
});

test('what is small, already packed or does not shrink stays alone', async () => {
  await writeFile(join(folder, 'small.js'), 'x');
  await writeFile(join(folder, 'font.woff2'), text);
  await writeFile(
    join(folder, 'noise.arrow'),
    Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * i * 2654435761) >>> 13)),
  );
  await precompress(folder);
  expect((await readdir(folder)).sort()).toEqual(['font.woff2', 'noise.arrow', 'small.js']);
});

test('an unchanged file comes out of the cache, and no temporary file stays', async () => {
  const cache = join(folder, 'cache');
  const web = join(folder, 'web');
  await mkdir(web);
  await writeFile(join(web, 'a.js'), text);
  await precompress(web, { cache });
  const [kept] = (await readdir(cache)).filter((name) => name.endsWith('.br'));
  await writeFile(join(cache, kept!), 'from the cache');
  await rm(join(web, 'a.js.br'));
  await precompress(web, { cache });
  expect(await readFile(join(web, 'a.js.br'), 'utf8')).toBe('from the cache');
  expect((await readdir(folder, { recursive: true })).filter((name) => name.includes('.tmp-'))).toEqual([]);
});
