/**
 * Bytes that a Zstandard frame says it unpacks to; null = it is no frame, or does not say. Read before unpacking: a damaged or hostile
 * header would else make the decoder ask for any amount of memory.
 *
 * @see RFC 8878, section 3.1.1.1
 */
export function zstdContentSize(frame: Uint8Array): bigint | null {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  if (frame.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) return null;
  const descriptor = frame[4] as number;
  const single = (descriptor >> 5) & 1;
  const dictionaryBytes = [0, 1, 2, 4][descriptor & 3] as number;
  const sizeBytes = [single, 2, 4, 8][descriptor >> 6] as number;
  const at = 5 + (1 - single) + dictionaryBytes;
  if (sizeBytes === 0 || frame.length < at + sizeBytes) return null;
  let size = 0n;
  for (let i = sizeBytes - 1; i >= 0; i--) size = (size << 8n) | BigInt(frame[at + i] as number);
  return sizeBytes === 2 ? size + 256n : size;
}
