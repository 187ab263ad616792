import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { Profile } from '../../core/contract/profile.ts';
import { findPersonal } from '../../core/privacy/detectors.ts';
import { WITHHELD } from '../../core/privacy/shown.ts';
import { InputError } from '../errors.ts';
import { readCheckedJson, writeCheckedJson } from '../io/checked-json.ts';

export interface InputFile {
  readonly feedIndex: number;
  readonly feed: string;
  readonly name: string;
  readonly path: string;
  readonly bytes: number;
  /** With `bytes`: what the readers hold the file against (`ByteOptions.listed`). Nanoseconds since 1970, decimal. */
  readonly mtimeNs: string;
  readonly sha256: string;
}

const HashCache = z.record(z.string(), z.strictObject({ bytes: z.number(), mtimeNs: z.string(), sha256: z.string() }));

/**
 * The input files of every feed, in the order of feed and name, with their content hashes. Hashes of files whose size and time did
 * not change are remembered in the store, so that a second start does not read gigabytes.
 *
 * @throws InputError listing every feed without a file, and every file that is empty, no regular file, a link that leaves the folder, or
 *   named with characters that deceive (control characters, text direction, bytes that are no UTF-8) or with a number of a person
 */
export async function findInputs(profile: Profile, folder: string, store: string): Promise<InputFile[]> {
  if (!existsSync(folder) || !statSync(folder).isDirectory())
    throw new InputError(folder, ['the input folder does not exist']);
  const names = readdirSync(folder).sort();
  const root = realpathSync(folder);
  const problems: string[] = [];
  const cachePath = join(store, 'input-hashes.json');
  const remembered = HashCache.safeParse(readCheckedJson(cachePath));
  const cache = remembered.success ? remembered.data : {}; // damaged or not there: the files are read again
  const next: z.infer<typeof HashCache> = {};
  const inputs: InputFile[] = [];
  for (const [feedIndex, feed] of profile.feeds.entries()) {
    if (/[/\\]/.test(feed.files)) {
      problems.push(
        `feed "${feed.id}": ${feed.files} names a folder; a pattern is for names in the input folder alone`,
      );
      continue;
    }
    const pattern = glob(feed.files);
    const matches = names.filter((name) => pattern.test(name));
    if (matches.length === 0) problems.push(`feed "${feed.id}": no file matches ${feed.files}`);
    for (const name of matches) {
      const path = join(folder, name);
      const refusal = refused(root, name);
      if (refusal) {
        problems.push(`feed "${feed.id}": "${shown(name)}" ${refusal}`);
        continue;
      }
      const stat = statSync(path, { bigint: true });
      const bytes = Number(stat.size);
      if (bytes === 0) problems.push(`feed "${feed.id}": ${name} is empty`);
      const known = cache[path];
      const mtimeNs = String(stat.mtimeNs);
      const sha256 = known && known.bytes === bytes && known.mtimeNs === mtimeNs ? known.sha256 : await hashFile(path);
      next[path] = { bytes, mtimeNs, sha256 };
      inputs.push({ feedIndex, feed: feed.id, name, path, bytes, mtimeNs, sha256 });
    }
  }
  if (problems.length > 0) throw new InputError(folder, problems);
  writeCheckedJson(cachePath, next);
  return inputs;
}

/** Characters that make a name look like another one in a list, or break its line: C0, C1, line ends, directions; U+FFFD = no UTF-8. */
const DECEIVING = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffd]/gu;

/** Numbers of persons that a name of a file may not carry: it stands in the manifest, in reports and messages. */
const PERSONAL_IN_NAMES: readonly string[] = ['id_card', 'mobile', 'plate', 'email'];

function shown(name: string): string {
  const isPersonal = findPersonal(name).some(({ type }) => PERSONAL_IN_NAMES.includes(type));
  return isPersonal ? WITHHELD : escaped(name);
}

function escaped(name: string): string {
  return name.replace(DECEIVING, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** Why a file of the input folder is not read; null = it is. */
function refused(root: string, name: string): string | null {
  if (escaped(name) !== name) return 'has characters in its name that deceive: rename it';
  if (shown(name) !== name)
    return 'has an identity, telephone or plate number or a mail address in its name: rename it 文件名含疑似个人信息，请改名';
  let real: string;
  try {
    real = realpathSync(join(root, name));
  } catch {
    return 'is a link to nothing';
  }
  if (real !== join(root, name) && !`${dirname(real)}/`.startsWith(`${root}/`))
    return 'is a link that leaves the input folder: put the file itself there';
  return statSync(real).isFile() ? null : 'is not a regular file';
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
