/**
 * A Shapefile written by hand after ESRI's technical description (July 1998) and the layout of dBASE III: what no library of ours had a hand
 * in. Lengths are in words of 16 bits, headers big-endian, contents little-endian.
 */
export type ShapeGeometry =
  | { readonly kind: 'point'; readonly at: Position }
  | { readonly kind: 'line' | 'polygon'; readonly parts: readonly (readonly Position[])[] };
type Position = readonly [lng: number, lat: number];

const TYPE = { point: 1, line: 3, polygon: 5 } as const;
const HEADER = 100;

/** @param geometries all of one kind */
export function shpBytes(geometries: readonly ShapeGeometry[]): Buffer {
  const contents = geometries.map(content);
  const kind = geometries[0]?.kind ?? 'point';
  const header = Buffer.alloc(HEADER);
  header.writeInt32BE(9994, 0);
  header.writeInt32BE((HEADER + contents.reduce((sum, { length }) => sum + 8 + length, 0)) / 2, 24);
  header.writeInt32LE(1000, 28);
  header.writeInt32LE(TYPE[kind], 32);
  writeBox(header, 36, geometries.flatMap(positions));
  const records = contents.map((bytes, i) => {
    const head = Buffer.alloc(8);
    head.writeInt32BE(i + 1, 0);
    head.writeInt32BE(bytes.length / 2, 4);
    return Buffer.concat([head, bytes]);
  });
  return Buffer.concat([header, ...records]);
}

function content(geometry: ShapeGeometry): Buffer {
  if (geometry.kind === 'point') {
    const bytes = Buffer.alloc(20);
    bytes.writeInt32LE(TYPE.point, 0);
    bytes.writeDoubleLE(geometry.at[0], 4);
    bytes.writeDoubleLE(geometry.at[1], 12);
    return bytes;
  }
  const { parts } = geometry;
  const all = parts.flat();
  const bytes = Buffer.alloc(44 + 4 * parts.length + 16 * all.length);
  bytes.writeInt32LE(TYPE[geometry.kind], 0);
  writeBox(bytes, 4, all);
  bytes.writeInt32LE(parts.length, 36);
  bytes.writeInt32LE(all.length, 40);
  let first = 0;
  parts.forEach((part, i) => {
    bytes.writeInt32LE(first, 44 + 4 * i);
    first += part.length;
  });
  all.forEach(([lng, lat], i) => {
    bytes.writeDoubleLE(lng, 44 + 4 * parts.length + 16 * i);
    bytes.writeDoubleLE(lat, 52 + 4 * parts.length + 16 * i);
  });
  return bytes;
}

const positions = (geometry: ShapeGeometry): readonly Position[] =>
  geometry.kind === 'point' ? [geometry.at] : geometry.parts.flat();

function writeBox(into: Buffer, at: number, all: readonly Position[]): void {
  const lngs = all.map(([lng]) => lng);
  const lats = all.map(([, lat]) => lat);
  [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)].forEach((value, i) => {
    into.writeDoubleLE(value, at + 8 * i);
  });
}

/**
 * The attributes: columns of text, each as long as its longest value.
 *
 * @param language language driver: 0x4d = GBK, 0 = not said
 */
export function dbfBytes(
  rows: readonly Readonly<Record<string, Buffer>>[],
  { language }: { readonly language: number },
): Buffer {
  const names = Object.keys(rows[0] ?? {});
  const lengths = names.map((name) => Math.max(1, ...rows.map((row) => row[name]?.length ?? 0)));
  const recordLength = 1 + lengths.reduce((sum, length) => sum + length, 0);
  const head = Buffer.alloc(32 + 32 * names.length + 1);
  head.writeUInt8(3, 0);
  head.set([124, 11, 22], 1); // 2024-11-22
  head.writeUInt32LE(rows.length, 4);
  head.writeUInt16LE(head.length, 8);
  head.writeUInt16LE(recordLength, 10);
  head.writeUInt8(language, 29);
  names.forEach((name, i) => {
    const at = 32 + 32 * i;
    head.write(name, at, 11, 'latin1');
    head.write('C', at + 11, 'latin1');
    head.writeUInt8(lengths[i] ?? 1, at + 16);
  });
  head.writeUInt8(0x0d, head.length - 1);
  const records = rows.map((row) => {
    const record = Buffer.alloc(recordLength, ' ');
    let at = 1;
    names.forEach((name, i) => {
      row[name]?.copy(record, at);
      at += lengths[i] ?? 0;
    });
    return record;
  });
  return Buffer.concat([head, ...records, Buffer.from([0x1a])]);
}
