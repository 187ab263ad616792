import {
  Bool,
  type Data,
  type DataType,
  Field,
  Float32,
  Float64,
  Int32,
  List,
  makeData,
  RecordBatch,
  RecordBatchStreamWriter,
  Schema,
  Struct,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
} from 'apache-arrow';
import type { Column, ColumnType } from '../../core/contract/tables.ts';

/** Values of one column. `null` members only where the contract allows them; typed arrays carry nulls through `nulls`. */
export type ColumnValues =
  | { readonly values: ArrayLike<number> | BigUint64Array; readonly nulls?: Uint8Array | null }
  | { readonly texts: readonly (string | null)[] }
  | { readonly flags: readonly boolean[] | Uint8Array }
  | { readonly lists: readonly (Int32Array | null)[] };

const TYPES: Record<ColumnType, () => DataType> = {
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  int32: () => new Int32(),
  uint64: () => new Uint64(),
  float32: () => new Float32(),
  float64: () => new Float64(),
  utf8: () => new Utf8(),
  bool: () => new Bool(),
  'list<int32>': () => new List(new Field('item', new Int32(), false)),
};

const ARRAYS = {
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  int32: Int32Array,
  float32: Float32Array,
  float64: Float64Array,
} as const;

/**
 * An Arrow IPC stream of one record batch, columns in the order of the contract. The same values give the same bytes.
 * @throws Error when a column of the contract has no values, or a null stands where the contract forbids one
 */
export function arrowBytes(
  contract: readonly Column[],
  length: number,
  columns: Readonly<Record<string, ColumnValues>>,
): Uint8Array {
  const fields = contract.map((column) => new Field(column.name, TYPES[column.type](), column.nullable));
  const children = contract.map((column) => {
    const values = columns[column.name];
    if (!values) throw new Error(`no values for column ${column.name}`);
    return columnData(column, length, values);
  });
  const schema = new Schema(fields);
  const batch = new RecordBatch(schema, makeData({ type: new Struct(fields), length, nullCount: 0, children }));
  return RecordBatchStreamWriter.writeAll([batch]).toUint8Array(true);
}

function columnData(column: Column, length: number, source: ColumnValues): Data {
  if ('texts' in source) return textData(column, length, source.texts);
  if ('flags' in source)
    return makeData({
      type: new Bool(),
      length,
      nullCount: 0,
      data: packBits(length, (i) => Boolean(source.flags[i])),
    });
  if ('lists' in source) return listData(length, source.lists);
  const { values, nulls } = source;
  if (values.length !== length)
    throw new Error(`column ${column.name} has ${values.length} values, expected ${length}`);
  const data =
    column.type === 'uint64'
      ? (values as BigUint64Array)
      : new (ARRAYS[column.type as keyof typeof ARRAYS] ?? fail(column))(values as ArrayLike<number>);
  const type = TYPES[column.type]() as Uint32;
  const nullCount = nulls ? nulls.reduce((n, flag) => n + flag, 0) : 0;
  if (nullCount === 0) return makeData({ type, length, nullCount: 0, data: data as Uint32Array });
  if (!column.nullable) throw new Error(`column ${column.name} holds ${nullCount} nulls`);
  return makeData({
    type,
    length,
    nullCount,
    data: data as Uint32Array,
    nullBitmap: packBits(length, (i) => (nulls as Uint8Array)[i] === 0),
  });
}

function fail(column: Column): never {
  throw new Error(`column ${column.name} of type ${column.type} takes no numbers`);
}

function textData(column: Column, length: number, texts: readonly (string | null)[]): Data {
  const offsets = new Int32Array(length + 1);
  const parts: Buffer[] = [];
  let at = 0;
  let nullCount = 0;
  texts.forEach((text, i) => {
    if (text === null) nullCount++;
    else {
      const bytes = Buffer.from(text);
      parts.push(bytes);
      at += bytes.length;
    }
    offsets[i + 1] = at;
  });
  if (nullCount > 0 && !column.nullable) throw new Error(`column ${column.name} holds ${nullCount} nulls`);
  const nullBitmap = nullCount > 0 ? packBits(length, (i) => texts[i] !== null) : undefined;
  return makeData({
    type: new Utf8(),
    length,
    nullCount,
    valueOffsets: offsets,
    data: Buffer.concat(parts),
    ...(nullBitmap ? { nullBitmap } : {}),
  });
}

function listData(length: number, lists: readonly (Int32Array | null)[]): Data {
  const offsets = new Int32Array(length + 1);
  let nullCount = 0;
  lists.forEach((list, i) => {
    if (!list) nullCount++;
    offsets[i + 1] = (offsets[i] as number) + (list?.length ?? 0); // a null list has no members
  });
  const values = new Int32Array(offsets[length] as number);
  lists.forEach((list, i) => {
    if (list) values.set(list, offsets[i]);
  });
  const child = makeData({ type: new Int32(), length: values.length, nullCount: 0, data: values });
  const nullBitmap = nullCount > 0 ? packBits(length, (i) => lists[i] !== null) : undefined;
  return makeData({
    type: new List(new Field('item', new Int32(), false)),
    length,
    nullCount,
    valueOffsets: offsets,
    child,
    ...(nullBitmap ? { nullBitmap } : {}),
  });
}

function packBits(length: number, isSet: (i: number) => boolean): Uint8Array {
  const bits = new Uint8Array(Math.ceil(length / 64) * 8);
  for (let i = 0; i < length; i++) if (isSet(i)) bits[i >> 3] = (bits[i >> 3] as number) | (1 << (i & 7));
  return bits;
}
