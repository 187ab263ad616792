import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../errors.ts';

/** Bytes of a file, gunzipped when its name ends in `.gz`. */
export function openBytes(path: string): Readable {
  const file = createReadStream(path, { highWaterMark: 1 << 18 });
  if (!path.endsWith('.gz')) return file;
  const gunzip = createGunzip({ chunkSize: 1 << 18 });
  file.on('error', (cause) => gunzip.destroy(cause));
  return file.pipe(gunzip);
}

/**
 * Text of a file in its declared encoding, decoded fatally: a byte that does not belong stops the file with its position;
 * U+FFFD is never written. GBK is read as GB18030, which contains it.
 *
 * @throws InputError from the stream
 */
export function openText(path: string, encoding: 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be'): Readable {
  return Readable.from(decode(path, encoding), { objectMode: true, highWaterMark: 2 });
}

async function* decode(path: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let at = 0;
  const step = (chunk: Uint8Array | undefined): string => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new InputError(
        path,
        [
          `is not ${encoding}: a byte that does not belong after byte ${at}${chunk ? ` and before ${at + chunk.length}` : ''}`,
        ],
        { cause },
      );
    }
  };
  try {
    for await (const chunk of openBytes(path)) {
      const text = step(chunk as Uint8Array);
      at += (chunk as Uint8Array).length;
      if (text !== '') yield text;
    }
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(path, [`cannot be read: ${(cause as Error).message}`], { cause });
  }
  const rest = step(undefined);
  if (rest !== '') yield rest;
}
