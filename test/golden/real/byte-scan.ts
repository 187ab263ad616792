/**
 * Finds which of many texts occur in a block of bytes, in one pass: a table of their first four bytes, then a full comparison.
 * Texts shorter than four bytes are refused: they would be found by chance.
 */
export function byteScanner(texts: Iterable<string>): (bytes: Uint8Array) => string[] {
  const byPrefix = new Map<number, Buffer[]>();
  const likely = new Uint8Array(65536);
  for (const text of new Set(texts)) {
    const needle = Buffer.from(text, 'utf8');
    if (needle.length < 4) throw new Error(`"${text}" is too short to look for`);
    const prefix = needle.readUInt32LE(0);
    likely[prefix & 0xffff] = 1;
    const same = byPrefix.get(prefix);
    if (same) same.push(needle);
    else byPrefix.set(prefix, [needle]);
  }
  return (bytes) => {
    const found = new Set<string>();
    const block = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i + 4 <= block.length; i++) {
      if (likely[block[i]! | (block[i + 1]! << 8)] === 0) continue;
      for (const needle of byPrefix.get(block.readUInt32LE(i)) ?? []) {
        if (i + needle.length <= block.length && block.compare(needle, 0, needle.length, i, i + needle.length) === 0) {
          found.add(needle.toString('utf8'));
        }
      }
    }
    return [...found];
  };
}
