import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { writeAtomicParts } from './atomic.ts';

/**
 * Private files of the store: named typed arrays after a small JSON header, each with its CRC-32. Little-endian, 8-byte aligned.
 * They are caches: whoever finds one damaged makes it again.
 */
const TYPES = {
  u8: Uint8Array,
  u16: Uint16Array,
  u32: Uint32Array,
  i32: Int32Array,
  u64: BigUint64Array,
  f64: Float64Array,
} as const;
export type SectionArray = InstanceType<(typeof TYPES)[keyof typeof TYPES]>;

interface Section {
  readonly name: string;
  readonly type: keyof typeof TYPES;
  readonly length: number;
  readonly offset: number;
  readonly crc: number;
}
const MAGIC = 'HXS1';
const PREFIX = 16;

export function writeSections(path: string, meta: unknown, arrays: Readonly<Record<string, SectionArray>>): void {
  let offset = 0;
  const sections: Section[] = [];
  const bodies: Uint8Array[] = [];
  for (const [name, array] of Object.entries(arrays)) {
    const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
    sections.push({ name, type: typeOf(array), length: array.length, offset, crc: crc32(bytes) });
    const padding = (8 - (bytes.length % 8)) % 8;
    bodies.push(bytes, new Uint8Array(padding));
    offset += bytes.length + padding;
  }
  const header = Buffer.from(JSON.stringify({ meta, sections }));
  const padded = Buffer.alloc(Math.ceil((PREFIX + header.length) / 8) * 8, 32);
  padded.write(MAGIC, 0);
  padded.writeUInt32LE(padded.length - PREFIX, 4);
  header.copy(padded, PREFIX);
  padded.writeUInt32LE(crc32(padded.subarray(PREFIX)), 8);
  writeAtomicParts(path, [padded, ...bodies]);
}

export interface SectionFile {
  readonly meta: unknown;
  readonly names: readonly string[];
  /** Reads one array from the file. @throws Error when it is damaged */
  readonly array: (name: string) => SectionArray;
  readonly close: () => void;
}

/** @returns null when the file is absent, shorter than it says or its header is damaged */
export function openSections(path: string): SectionFile | null {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch {
    return null;
  }
  const read = (length: number, at: number): Buffer => {
    const bytes = Buffer.from(new ArrayBuffer(length));
    for (let got = 0; got < length; ) {
      const n = readSync(file, bytes, got, length - got, at + got);
      if (n === 0) throw new Error(`${path} is shorter than it says`);
      got += n;
    }
    return bytes;
  };
  try {
    const prefix = read(PREFIX, 0);
    if (prefix.toString('latin1', 0, 4) !== MAGIC) throw new Error('not a section file');
    const headerBytes = prefix.readUInt32LE(4);
    if (headerBytes > fstatSync(file).size) throw new Error('the header is longer than the file');
    const header = read(headerBytes, PREFIX);
    if (crc32(header) !== prefix.readUInt32LE(8)) throw new Error('header damaged');
    const { meta, sections } = JSON.parse(header.toString('utf8')) as { meta: unknown; sections: Section[] };
    const base = PREFIX + header.length;
    return {
      meta,
      names: sections.map(({ name }) => name),
      array: (name) => {
        const section = sections.find((candidate) => candidate.name === name);
        if (!section) throw new Error(`${path} has no section ${name}`);
        const Type = TYPES[section.type];
        const bytes = read(section.length * Type.BYTES_PER_ELEMENT, base + section.offset);
        if (crc32(bytes) !== section.crc) throw new Error(`${path}: section ${name} is damaged`);
        return new Type(bytes.buffer as ArrayBuffer, bytes.byteOffset, section.length);
      },
      close: () => closeSync(file),
    };
  } catch {
    closeSync(file);
    return null;
  }
}

function typeOf(array: SectionArray): keyof typeof TYPES {
  for (const [name, Type] of Object.entries(TYPES)) if (array instanceof Type) return name as keyof typeof TYPES;
  throw new Error('not a section array');
}
