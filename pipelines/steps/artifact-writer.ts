import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FileEntry } from '../../core/contract/manifest.ts';
import { sha256 } from '../io/atomic.ts';
import { fileProblem, keepOrMakeVariant, keepOrWrite } from '../publish/verify-files.ts';

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);
/** Measured on facts of the sample city: quality 9 is 6 % smaller than 5 and takes three times as long. */
const BROTLI_QUALITY = 5;
/** For plain HTTP, where browsers take no Brotli. */
const GZIP_LEVEL = 4;
/** Of the four threads that Node keeps for such work one stays free: the engine's results come through it. */
const CONCURRENT = 3;

export type ArtifactInfo = Pick<FileEntry, 'path' | 'rows' | 'kind' | 'grade'> &
  Partial<Pick<FileEntry, 'division' | 'period'>>;

/**
 * Writes artifacts under `files/` by the hash of their content, with compressed variants beside them. A file that is already there
 * is the same file. Nothing refers to it until the manifest does.
 */
export class ArtifactWriter {
  readonly #root: string;
  #running = 0;
  #wake: (() => void)[] = [];
  /** Files under way: two artifacts of the same bytes are one file, and it has one writer. */
  readonly #storing = new Map<string, Promise<FileEntry['encoded']>>();

  constructor(root: string) {
    this.#root = root;
    mkdirSync(join(root, 'files'), { recursive: true });
  }

  /** Waits until another file may be made: bytes of at most a few files are in memory. */
  async room(): Promise<void> {
    while (this.#running >= CONCURRENT) await new Promise<void>((resolve) => this.#wake.push(resolve));
  }

  /** @returns the file's entry, when all of it is on disk */
  write(info: ArtifactInfo, bytes: Uint8Array): Promise<FileEntry> {
    const entry = this.#write(info, bytes);
    // Callers gather several and await them later: a failure until then must not end the process before they can say it.
    entry.catch(() => undefined);
    return entry;
  }

  async #write(info: ArtifactInfo, bytes: Uint8Array): Promise<FileEntry> {
    await this.room();
    this.#running++;
    try {
      const hash = sha256(bytes);
      const file = `files/${hash}.${info.path.split('.').pop() as string}`;
      const underWay = this.#storing.get(file) ?? this.#store(file, hash, bytes);
      this.#storing.set(file, underWay);
      const encoded = await underWay;
      return { division: null, period: null, ...info, file, sha256: hash, bytes: bytes.length, encoded };
    } finally {
      this.#running--;
      for (const wake of this.#wake.splice(0)) wake();
    }
  }

  /** Is the file of an earlier entry still there with the bytes its name says, and its variants with their sizes? */
  async holds(entry: FileEntry): Promise<boolean> {
    const path = join(this.#root, entry.file);
    for (const [suffix, bytes] of Object.entries(entry.encoded)) {
      const variant = `${path}.${suffix}`;
      if (!existsSync(variant) || statSync(variant).size !== bytes) return false;
    }
    return (await fileProblem(path, entry)) === null;
  }

  async #store(file: string, hash: string, bytes: Uint8Array): Promise<FileEntry['encoded']> {
    const path = join(this.#root, file);
    await keepOrWrite(path, bytes, hash);
    const variants = {
      br: () =>
        brotli(bytes, {
          params: {
            [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY,
            [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
          },
        }),
      gz: () => gzipped(bytes, { level: GZIP_LEVEL }),
    };
    const encoded: FileEntry['encoded'] = {};
    const expected = { sha256: hash, bytes: bytes.length };
    for (const [suffix, compress] of Object.entries(variants) as [keyof typeof variants, () => Promise<Uint8Array>][])
      encoded[suffix] = await keepOrMakeVariant(path, suffix, expected, compress);
    return encoded;
  }
}
