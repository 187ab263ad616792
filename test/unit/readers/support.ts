import type { RecordReader } from '../../../pipelines/io/readers/records.ts';

/** Bytes from text (UTF-8) and numbers. */
export function bytesOf(...parts: readonly (string | number | Uint8Array)[]): Buffer {
  return Buffer.concat(
    parts.map((part) =>
      typeof part === 'number' ? Buffer.of(part) : typeof part === 'string' ? Buffer.from(part) : part,
    ),
  );
}

/**
 * The bytes in chunks of the given sizes, over and over. All chunks lie in one buffer that is filled again, as those of a file do: who
 * keeps a chunk too long reads something else.
 */
export async function* chunked(bytes: Uint8Array, sizes: readonly number[] = [1 << 19]): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(Math.max(...sizes));
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const size = Math.min(sizes[i % sizes.length] as number, bytes.length - at);
    buffer.fill(0xee);
    buffer.set(bytes.subarray(at, at + size));
    yield buffer.subarray(0, size);
    at += size;
  }
}

export interface ReadRecord {
  readonly row: number;
  readonly cells: number;
  /** null where the spans mean nothing. */
  readonly text: readonly string[] | null;
}

/** All records, their cells decoded fatally. */
export async function recordsOf(reader: RecordReader): Promise<ReadRecord[]> {
  const decoder = new TextDecoder(reader.encoding, { fatal: true, ignoreBOM: true });
  const width = reader.columns.length;
  const records: ReadRecord[] = [];
  for await (const { firstRow, count, bytes, start, end, cells } of reader.blocks)
    for (let r = 0; r < count; r++) {
      const found = cells[r] as number;
      const text =
        found === width
          ? Array.from({ length: width }, (_, c) =>
              decoder.decode(bytes.subarray(start[r * width + c], end[r * width + c])),
            )
          : null;
      records.push({ row: firstRow + r, cells: found, text });
    }
  return records;
}

/** Rows of text alone, of a file in which every record is whole. */
export async function rowsOf(reader: RecordReader): Promise<(readonly string[] | null)[]> {
  return (await recordsOf(reader)).map(({ text }) => text);
}

export async function messageOf(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    return `${(error as Error).constructor.name}: ${(error as Error).message}`;
  }
  return 'no error';
}
