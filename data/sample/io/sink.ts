import { closeSync, openSync, writeSync } from 'node:fs';
import { Gzip } from 'fflate';

/** An open file that takes bytes; buffered, so that a row is not a system call. */
export interface Sink {
  readonly write: (bytes: Uint8Array) => void;
  /** Bytes on disk, known after `close`. */
  readonly close: () => number;
}

const BUFFER_BYTES = 1 << 18;

export function fileSink(path: string): Sink {
  const descriptor = openSync(path, 'wx');
  const buffer = new Uint8Array(BUFFER_BYTES);
  let filled = 0;
  let total = 0;
  const put = (bytes: Uint8Array): void => {
    for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
    total += bytes.length;
  };
  const flush = (): void => {
    put(buffer.subarray(0, filled));
    filled = 0;
  };
  return {
    write: (bytes) => {
      if (filled + bytes.length > BUFFER_BYTES) flush();
      if (bytes.length > BUFFER_BYTES) return put(bytes);
      buffer.set(bytes, filled);
      filled += bytes.length;
    },
    close: () => {
      flush();
      closeSync(descriptor);
      return total;
    },
  };
}

/** Gzip without a time stamp: equal rows, equal bytes. */
export function gzipSink(path: string): Sink {
  const file = fileSink(path);
  const gzip = new Gzip({ level: 6, mtime: 0 }, (chunk) => file.write(chunk));
  return {
    write: (bytes) => gzip.push(bytes),
    close: () => {
      gzip.push(new Uint8Array(0), true);
      return file.close();
    },
  };
}
