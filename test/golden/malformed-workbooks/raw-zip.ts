import { constants, crc32, deflateRawSync } from 'node:zlib';

/** One entry as it is written, true or not. */
export interface RawEntry {
  readonly name: string;
  readonly packed: Uint8Array;
  readonly size: number;
  readonly crc: number;
  readonly stored?: boolean;
  /** Points to the local header of the first entry in place of its own, and writes none. */
  readonly shared?: boolean;
}

export function entry(name: string, content: string): RawEntry {
  const bytes = Buffer.from(content);
  return { name, packed: deflateRawSync(bytes), size: bytes.length, crc: crc32(bytes) };
}

/** `times` copies of a text that packs well, after a beginning: half a gigabyte from half a megabyte, made without holding it. */
export function bomb(name: string, start: string, repeated: string, times: number): RawEntry {
  const flush = { finishFlush: constants.Z_FULL_FLUSH, level: 9 };
  const head = deflateRawSync(Buffer.from(start), flush);
  const block = deflateRawSync(Buffer.from(repeated), flush);
  const packed = Buffer.concat([head, ...Array.from({ length: times }, () => block), Buffer.from([3, 0])]);
  return { name, packed, size: Buffer.byteLength(start) + Buffer.byteLength(repeated) * times, crc: 0 };
}

/** @param declaredEntries what the end record says; default the truth */
export function rawZip(entries: readonly RawEntry[], declaredEntries = entries.length): Uint8Array {
  const pieces: Uint8Array[] = [];
  const central: Uint8Array[] = [];
  let at = 0;
  for (const { name, packed, size, crc, stored, shared } of entries) {
    const bytes = Buffer.from(name);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt16LE(0x800, 6);
    local.writeUInt16LE(stored ? 0 : 8, 8);
    local.writeUInt32LE(crc, 14);
    local.writeUInt32LE(packed.length, 18);
    local.writeUInt32LE(size, 22);
    local.writeUInt16LE(bytes.length, 26);
    const record = Buffer.alloc(46);
    record.writeUInt32LE(0x02014b50, 0);
    record.writeUInt16LE(20, 4);
    local.copy(record, 6, 4, 30);
    record.writeUInt32LE(shared ? 0 : at, 42);
    central.push(record, bytes);
    if (shared) continue;
    pieces.push(local, bytes, packed);
    at += 30 + bytes.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(declaredEntries, 8);
  end.writeUInt16LE(declaredEntries, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, directory, end]);
}
