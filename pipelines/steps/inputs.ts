import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Profile } from '../../core/contract/profile.ts';
import { InputError } from '../errors.ts';
import { writeAtomic } from '../io/atomic.ts';

export interface InputFile {
  readonly feedIndex: number;
  readonly feed: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
}

const HashCache = z.record(z.string(), z.strictObject({ bytes: z.number(), mtimeNs: z.string(), sha256: z.string() }));

/**
 * The input files of every feed, in the order of feed and name, with their content hashes. Hashes of files whose size and time did
 * not change are remembered in the store, so that a second start does not read gigabytes.
 *
 * @throws InputError listing every feed without a file
 */
export async function findInputs(profile: Profile, folder: string, store: string): Promise<InputFile[]> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(folder, ['the input folder does not exist']);
  const names = readdirSync(folder).sort();
  const problems: string[] = [];
  const cachePath = join(store, 'input-hashes.json');
  const cache = readCache(cachePath);
  const next: z.infer<typeof HashCache> = {};
  const inputs: InputFile[] = [];
  for (const [feedIndex, feed] of profile.feeds.entries()) {
    const pattern = glob(feed.files);
    const matches = names.filter((name) => pattern.test(name));
    if (matches.length === 0) problems.push(`feed "${feed.id}": no file matches ${feed.files}`);
    for (const name of matches) {
      const path = join(folder, name);
      const stat = statSync(path, { bigint: true });
      const bytes = Number(stat.size);
      if (bytes === 0) problems.push(`feed "${feed.id}": ${name} is empty`);
      const known = cache[path];
      const mtimeNs = String(stat.mtimeNs);
      const sha256 = known && known.bytes === bytes && known.mtimeNs === mtimeNs ? known.sha256 : await hashFile(path);
      next[path] = { bytes, mtimeNs, sha256 };
      inputs.push({ feedIndex, feed: feed.id, name, path, bytes, sha256 });
    }
  }
  if (problems.length > 0) throw new InputError(folder, problems);
  writeAtomic(cachePath, JSON.stringify(next));
  return inputs;
}

function readCache(path: string): z.infer<typeof HashCache> {
  if (!existsSync(path)) return {};
  try {
    return HashCache.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return {}; // a damaged cache only costs reading the files again
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Uint8Array);
  return hash.digest('hex');
}

function glob(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '[^/]*')
    .replace(/\?/g, '[^/]');
  return new RegExp(`^${source}$`);
}
