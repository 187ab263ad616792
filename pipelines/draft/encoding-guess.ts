import type { Finding } from './finding.ts';

export type TextEncoding = 'utf-8' | 'gb18030' | 'utf-16le' | 'utf-16be';

export interface DecodedSample {
  readonly encoding: TextEncoding;
  readonly text: string;
  readonly findings: readonly Finding[];
}

/**
 * Text of the beginning of a file in the first encoding that fits all its bytes: by byte order mark, then UTF-16 by its zero bytes, UTF-8, GB18030.
 * Every decoder is fatal; a character cut off at the end of the sample is left out. Null when none fits.
 */
export function decodeSample(bytes: Uint8Array): DecodedSample | null {
  const marked = byMark(bytes);
  if (marked) {
    const text = decoded(bytes, marked);
    return text === null ? null : { encoding: marked, text, findings: [bySign(marked)] };
  }
  const wide = byZeros(bytes);
  if (wide) {
    const text = decoded(bytes, wide);
    if (text !== null)
      return {
        encoding: wide,
        text,
        findings: [
          {
            level: 'check',
            about: 'format.encoding',
            zh: `按零字节的位置判断为 ${wide}，没有 BOM`,
            en: `taken for ${wide} by where its zero bytes stand; there is no byte order mark`,
          },
        ],
      };
  }
  const utf8 = decoded(bytes, 'utf-8');
  if (utf8 !== null) return { encoding: 'utf-8', text: utf8, findings: [asUtf8(bytes)] };
  const gb = decoded(bytes, 'gb18030');
  if (gb === null) return null;
  return { encoding: 'gb18030', text: gb, findings: [asGb18030(bytes)] };
}

function byMark(bytes: Uint8Array): TextEncoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return null;
}

/** Text with ASCII in it has many zero bytes on one side. */
function byZeros(bytes: Uint8Array): TextEncoding | null {
  const zeros = [0, 0];
  const length = Math.min(bytes.length, 1 << 16) & ~1;
  for (let i = 0; i < length; i++) if (bytes[i] === 0) zeros[i & 1] = (zeros[i & 1] as number) + 1;
  const [even, odd] = zeros as [number, number];
  if (odd > length * 0.1 && even < odd / 10) return 'utf-16le';
  if (even > length * 0.1 && odd < even / 10) return 'utf-16be';
  return null;
}

function decoded(bytes: Uint8Array, encoding: TextEncoding): string | null {
  try {
    // Not ended: a character that the sample cuts off is no fault.
    return new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return null;
  }
}

const bySign = (encoding: TextEncoding): Finding => ({
  level: 'seen',
  about: 'format.encoding',
  zh: `文件开头有 BOM：${encoding}`,
  en: `a byte order mark says ${encoding}`,
});

function asUtf8(bytes: Uint8Array): Finding {
  const ascii = bytes.every((byte) => byte < 0x80);
  return ascii
    ? {
        level: 'check',
        about: 'format.encoding',
        zh: '所读部分只有 ASCII 字符，编码无法判断；先写 utf-8',
        en: 'only ASCII in what was read, so the encoding cannot be told; utf-8 is written',
      }
    : { level: 'seen', about: 'format.encoding', zh: '全部字节是有效的 UTF-8', en: 'all bytes are valid UTF-8' };
}

/** Nearly all characters of Chinese prose are of GB 2312's first level, bytes B0–D7; text of another code page read as GB18030 is not. */
function asGb18030(bytes: Uint8Array): Finding {
  let pairs = 0;
  let common = 0;
  for (let i = 0; i + 1 < bytes.length; i++) {
    const lead = bytes[i] as number;
    if (lead < 0x81) continue;
    const trail = bytes[i + 1] as number;
    i++;
    pairs++;
    if (lead >= 0xb0 && lead <= 0xd7 && trail >= 0xa1) common++;
    else if (lead === 0xa3 || lead === 0xa1) pairs--;
  }
  const share = pairs === 0 ? 0 : common / pairs;
  return share > 0.7
    ? {
        level: 'seen',
        about: 'format.encoding',
        zh: '不是 UTF-8；全部字节是有效的 GB18030，且常用字为主',
        en: 'not UTF-8; all bytes are valid GB18030, most of them common characters',
      }
    : {
        level: 'check',
        about: 'format.encoding',
        zh: '不是 UTF-8；按 GB18030 可读，但常用字偏少，可能是 Big5 等其他编码',
        en: 'not UTF-8; readable as GB18030, but with few common characters: it may be Big5 or another code page',
      };
}
