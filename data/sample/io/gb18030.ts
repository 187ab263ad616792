/**
 * GB18030 encoder. Node decodes GB18030 but does not encode it, so the table is turned round: every two- and four-byte sequence is decoded
 * once with `TextDecoder`, which makes encoder and decoder agree by construction.
 */
const FOUR_BYTE_BMP = 39_420;

let table: Uint32Array | null = null;

/** Two-byte codes as 0xHHLL, four-byte codes as 32 bits; 0 = not in the basic plane. */
function encodeTable(): Uint32Array {
  if (table) return table;
  const codes = new Uint32Array(65_536);
  // Four-byte first: where both exist, the two-byte form wins.
  const four = new Uint8Array(FOUR_BYTE_BMP * 4);
  for (let i = 0; i < FOUR_BYTE_BMP; i++) four.set(fourBytes(i), i * 4);
  fill(codes, four, 4);
  const two: number[] = [];
  for (let lead = 0x81; lead <= 0xfe; lead++) {
    for (let trail = 0x40; trail <= 0xfe; trail++) if (trail !== 0x7f) two.push(lead, trail);
  }
  fill(codes, Uint8Array.from(two), 2);
  for (let ascii = 0; ascii < 0x80; ascii++) codes[ascii] = ascii;
  table = codes;
  return codes;
}

function fill(codes: Uint32Array, bytes: Uint8Array, width: number): void {
  const decoder = new TextDecoder('gb18030');
  for (let i = 0; i < bytes.length; i += width) {
    const text = decoder.decode(bytes.subarray(i, i + width));
    if (text.length !== 1 || text === '\ufffd') continue;
    let code = 0;
    for (let k = 0; k < width; k++) code = code * 256 + bytes[i + k]!;
    codes[text.charCodeAt(0)] = code;
  }
}

function fourBytes(linear: number): [number, number, number, number] {
  const d = linear % 10;
  const c = Math.floor(linear / 10) % 126;
  const b = Math.floor(linear / 1260) % 10;
  const a = Math.floor(linear / 12_600);
  return [0x81 + a, 0x30 + b, 0x81 + c, 0x30 + d];
}

/** @throws Error on a lone surrogate. */
export function encodeGb18030(text: string): Uint8Array {
  const codes = encodeTable();
  const bytes = new Uint8Array(text.length * 4);
  let n = 0;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    const code = codes[unit]!;
    if (unit < 0x80) {
      bytes[n++] = unit;
    } else if (code > 0xffff) {
      bytes.set([code >>> 24, (code >>> 16) & 255, (code >>> 8) & 255, code & 255], n);
      n += 4;
    } else if (code > 0) {
      bytes[n++] = code >>> 8;
      bytes[n++] = code & 255;
    } else {
      const point = text.codePointAt(i)!;
      if (point < 0x10000) throw new Error(`no GB18030 code for U+${point.toString(16)}`);
      // Code points beyond the basic plane follow from 0x90308130 in one row.
      bytes.set(fourBytes(189_000 + point - 0x10000), n);
      n += 4;
      i++;
    }
  }
  return bytes.subarray(0, n);
}
