import { createReadStream, type ReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { crc32, createInflateRaw } from 'node:zlib';
import yauzl from 'yauzl';
import { InputError } from '../../errors.ts';

/** What a workbook may inflate to, in bytes. Sizes that the file declares are checked first, and counted again while inflating: they lie. */
export interface ZipLimits {
  readonly entries: number;
  /** One part that is no sheet. */
  readonly partBytes: number;
  /** One sheet. */
  readonly sheetBytes: number;
  /** All parts together that are no sheet. */
  readonly totalBytes: number;
  /** Inflated bytes for a packed one, asked beyond the first `ratioFromBytes` of a part. */
  readonly ratio: number;
  readonly ratioFromBytes: number;
}
export const ZIP_LIMITS: ZipLimits = {
  entries: 2000,
  partBytes: 200_000_000,
  sheetBytes: 2_000_000_000,
  totalBytes: 500_000_000,
  ratio: 200,
  ratioFromBytes: 10_000_000,
};

export interface WorkbookZip {
  /** Name of the part as the archive writes it: part names are compared without case, as the format asks. */
  readonly find: (name: string) => string | undefined;
  /**
   * Inflated bytes of a part found by `find`. It is inflated twice: first to its end, held against the limits, its declared size and its
   * checksum, and only then for the reader. Inflating costs little beside reading the XML, and a bomb or a damaged
   * part is refused before any of it is read. @throws InputError
   */
  readonly read: (name: string, kind: 'part' | 'sheet') => AsyncGenerator<Uint8Array>;
  /** Resolves when the file is let go. */
  readonly close: () => Promise<void>;
}

/**
 * The parts of a zip archive by name. Nothing is ever written, and no name reaches the file system. Refused before anything is
 * inflated: too many parts, names that climb out or occur twice, parts that lie over each other, encrypted parts, declared sizes
 * beyond the limits, data before or after the archive.
 *
 * @throws InputError with what is wrong
 */
export async function openWorkbookZip(path: string, limits: ZipLimits = ZIP_LIMITS): Promise<WorkbookZip> {
  await refuseOtherFormats(path);
  const { zip, entries } = await listEntries(path, limits);
  const problems = problemsOf([...entries.values()], limits);
  if (problems.length > 0) {
    await closeZip(zip);
    throw new InputError(path, problems);
  }
  let partsTotal = 0;
  const checked = new Set<yauzl.Entry>();
  async function* read(name: string, kind: 'part' | 'sheet'): AsyncGenerator<Uint8Array> {
    const entry = entries.get(name.toLowerCase());
    if (!entry) throw new InputError(path, [`the workbook has no part ${name}`]);
    if (!checked.has(entry))
      for await (const chunk of inflated(entry, kind)) partsTotal += kind === 'part' ? chunk.length : 0;
    checked.add(entry);
    yield* inflated(entry, kind);
  }
  async function* inflated(entry: yauzl.Entry, kind: 'part' | 'sheet'): AsyncGenerator<Uint8Array> {
    const cap = kind === 'sheet' ? limits.sheetBytes : limits.partBytes;
    const fail = (problem: string, cause?: unknown): InputError =>
      new InputError(path, [`${shown(entry.fileName)}: ${problem}`], cause === undefined ? undefined : { cause });
    const start = await dataStart(zip, entry).catch((cause: unknown) => {
      throw fail(`the workbook is damaged: ${(cause as Error).message}`, cause);
    });
    let bytes = 0;
    let checksum = 0;
    const packed = { bytes: 0 };
    try {
      for await (const chunk of inflate(path, entry, start, packed)) {
        bytes += chunk.length;
        checksum = crc32(chunk, checksum);
        if (bytes > entry.uncompressedSize)
          throw fail(`inflates beyond the ${entry.uncompressedSize} bytes that it declares`);
        if (bytes > cap) throw fail(`inflates beyond ${cap} bytes`);
        if (kind === 'part' && !checked.has(entry) && partsTotal + chunk.length > limits.totalBytes)
          throw fail(`the parts inflate beyond ${limits.totalBytes} bytes`);
        if (bytes > limits.ratioFromBytes && bytes > limits.ratio * Math.max(1, packed.bytes))
          throw fail(`inflates more than ${limits.ratio}-fold: a zip bomb`);
        yield chunk;
      }
    } catch (cause) {
      throw cause instanceof InputError ? cause : fail(`the workbook is damaged: ${(cause as Error).message}`, cause);
    }
    if (bytes !== entry.uncompressedSize)
      throw fail(`the workbook is damaged: ${bytes} bytes, declared ${entry.uncompressedSize}`);
    if (checksum !== entry.crc32) throw fail('the workbook is damaged: the checksum does not agree');
  }
  return { find: (name) => entries.get(name.toLowerCase())?.fileName, read, close: () => closeZip(zip) };
}

/** Formats that people take for a workbook, told by their first bytes. */
async function refuseOtherFormats(path: string): Promise<void> {
  const head = Buffer.alloc(8);
  const file = await open(path).catch((cause: unknown) => {
    throw new InputError(path, [`cannot be read: ${(cause as Error).message}`], { cause });
  });
  try {
    const { bytesRead } = await file.read(head, 0, 8, 0).catch((cause: unknown) => {
      throw new InputError(path, [`cannot be read: ${(cause as Error).message}`], { cause });
    });
    if (bytesRead === 0) throw new InputError(path, ['the file is empty']);
  } finally {
    await file.close();
  }
  if (head.readUInt32BE(0) === 0xd0cf11e0)
    throw new InputError(path, [
      'is not an .xlsx workbook but an old .xls file or one with a password: save it as .xlsx without a password',
    ]);
  if (head.readUInt16BE(0) !== 0x504b)
    throw new InputError(path, ['is not a workbook: it does not begin like a zip archive']);
}

function listEntries(
  path: string,
  limits: ZipLimits,
): Promise<{ zip: yauzl.ZipFile; entries: ReadonlyMap<string, yauzl.Entry> }> {
  return new Promise((resolve, reject) => {
    yauzl.open(path, { lazyEntries: true, autoClose: false }, (error, zip) => {
      if (error || !zip)
        return reject(new InputError(path, [`is not a workbook: ${error?.message}`], { cause: error }));
      const entries = new Map<string, yauzl.Entry>();
      let settled = false;
      const fail = (problem: string, cause?: unknown): void => {
        if (settled) return;
        settled = true;
        zip.close();
        reject(new InputError(path, [problem], cause === undefined ? undefined : { cause }));
      };
      if (zip.entryCount > limits.entries)
        return fail(`the archive has ${zip.entryCount} parts, more than ${limits.entries}: a zip bomb`);
      zip.on('error', (cause: Error) => fail(`is not a workbook: ${cause.message}`, cause));
      zip.on('entry', (entry: yauzl.Entry) => {
        const key = entry.fileName.toLowerCase();
        if (entries.has(key)) return fail(`part ${shown(entry.fileName)} occurs twice`);
        entries.set(key, entry);
        zip.readEntry();
      });
      zip.on('end', () => {
        settled = true;
        resolve({ zip, entries });
      });
      zip.readEntry();
    });
  });
}

const LOCAL_HEADER_BYTES = 30;

function problemsOf(entries: readonly yauzl.Entry[], limits: ZipLimits): string[] {
  const problems: string[] = [];
  for (const entry of entries) {
    const name = shown(entry.fileName);
    if (entry.isEncrypted()) problems.push(`${name}: the part is encrypted: save the workbook without a password`);
    if (entry.uncompressedSize > limits.sheetBytes)
      problems.push(`${name}: declares ${entry.uncompressedSize} bytes, more than ${limits.sheetBytes}`);
    else if (
      entry.uncompressedSize > limits.ratioFromBytes &&
      entry.uncompressedSize > limits.ratio * Math.max(1, entry.compressedSize)
    )
      problems.push(
        `${name}: declares ${entry.uncompressedSize} bytes from ${entry.compressedSize}, more than ${limits.ratio}-fold: a zip bomb`,
      );
  }
  const byOffset = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (let i = 1; i < byOffset.length; i++) {
    const before = byOffset[i - 1] as yauzl.Entry;
    const entry = byOffset[i] as yauzl.Entry;
    const end = before.relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + before.fileNameLength + before.compressedSize;
    if (end > entry.relativeOffsetOfLocalHeader) {
      problems.push(`${shown(before.fileName)} and ${shown(entry.fileName)} lie over each other: a zip bomb`);
      break;
    }
  }
  return problems;
}

function dataStart(zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<number> {
  return new Promise((resolve, reject) => {
    zip.readLocalFileHeader(entry, { minimal: true }, (error, header) =>
      error || !header ? reject(error ?? new Error('no local header')) : resolve(header.fileDataStart),
    );
  });
}

/** Inflated by hand rather than by yauzl, so that the packed bytes used so far are known. */
async function* inflate(
  path: string,
  entry: yauzl.Entry,
  start: number,
  packed: { bytes: number },
): AsyncGenerator<Uint8Array> {
  if (entry.compressionMethod !== 0 && entry.compressionMethod !== 8)
    throw new Error(`packed by method ${entry.compressionMethod}, which is not read`);
  if (entry.compressedSize === 0) {
    if (entry.compressionMethod === 8) throw new Error('no packed bytes');
    return;
  }
  const file = createReadStream(path, { start, end: start + entry.compressedSize - 1, highWaterMark: 1 << 16 });
  if (entry.compressionMethod === 0) {
    try {
      for await (const chunk of file) {
        packed.bytes += (chunk as Uint8Array).length;
        yield chunk as Uint8Array;
      }
    } finally {
      await closeStream(file);
    }
    return;
  }
  const unpack = createInflateRaw({ chunkSize: 1 << 17 });
  file.on('error', (cause) => unpack.destroy(cause));
  file.pipe(unpack);
  try {
    for await (const chunk of unpack) {
      packed.bytes = unpack.bytesWritten;
      yield chunk as Uint8Array;
    }
  } finally {
    unpack.destroy();
    await closeStream(file);
  }
}

function closeStream(file: ReadStream): Promise<void> {
  return new Promise((resolve) => {
    if (file.closed) return resolve();
    file.once('close', resolve);
    file.destroy();
  });
}

function closeZip(zip: yauzl.ZipFile): Promise<void> {
  return new Promise((resolve) => {
    if (!zip.isOpen) return resolve();
    zip.once('close', () => resolve());
    zip.close();
  });
}

/** A part name in a message: bounded, and without control characters. */
function shown(name: string): string {
  const plain = name.replace(/\p{Cc}/gu, '?');
  return plain.length > 120 ? `${plain.slice(0, 120)}…` : plain;
}
