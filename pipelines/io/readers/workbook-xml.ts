import { SaxesParser } from 'saxes';
import { InputError } from '../../errors.ts';

/** Deeper than any part of a workbook; a million nested elements would fill the memory with open tags. */
const MAX_DEPTH = 100;
/** Characters without a tag. A cell of Excel holds 32,767. */
const MAX_TEXT = 16_000_000;

/** Events with names without their prefix (`x:row` is `row`). `depth` of the root is 1. */
export interface XmlEvents {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>, depth: number) => void;
  readonly close?: (name: string, depth: number) => void;
  readonly text?: (text: string) => void;
}

/**
 * Reads one XML part while it inflates. Refused: a document type (so there are no entities to expand), another encoding than
 * UTF-8 or UTF-16, bytes that do not belong, what is not well-formed, nesting beyond 100, a text beyond 16 M characters.
 *
 * Yields after each chunk, so that the caller can hand on what the events have gathered.
 * @throws InputError with the part's name
 */
export async function* xmlChunks(
  path: string,
  part: string,
  bytes: AsyncIterable<Uint8Array>,
  events: XmlEvents,
): AsyncGenerator<void> {
  const { open, close, text } = events;
  const parser = new SaxesParser({ position: false });
  let depth = 0;
  let encoding = '';
  let sinceTag = 0;
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('doctype', () => {
    throw new Error('a document type is not allowed in a workbook');
  });
  parser.on('xmldecl', ({ encoding: declared }) => {
    if (declared && !/^(utf-?8|us-ascii)$/i.test(declared) && !(encoding !== 'utf-8' && /^utf-?16/i.test(declared)))
      throw new Error(`the part says that it is ${declared.slice(0, 20)}`);
  });
  parser.on('opentag', (tag) => {
    depth++;
    if (depth > MAX_DEPTH) throw new Error(`elements are nested deeper than ${MAX_DEPTH}`);
    open(local(tag.name), tag.attributes as Record<string, string>, depth);
  });
  parser.on('closetag', (tag) => {
    close?.(local(tag.name), depth);
    depth--;
  });
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  const feed = (chunk: string): void => {
    const tag = chunk.lastIndexOf('<');
    sinceTag = tag < 0 ? sinceTag + chunk.length : chunk.length - tag;
    if (sinceTag > MAX_TEXT) throw new Error(`a text or tag of more than ${MAX_TEXT} characters`);
    parser.write(chunk);
  };
  const failed = (cause: unknown): InputError =>
    new InputError(path, [`the workbook's XML is damaged in ${part}: ${(cause as Error).message}`], { cause });
  let decoder: TextDecoder | null = null;
  for await (const chunk of bytes) {
    try {
      if (!decoder) {
        encoding = encodingOf(chunk);
        decoder = new TextDecoder(encoding, { fatal: true });
      }
      feed(decoder.decode(chunk, { stream: true }));
    } catch (cause) {
      throw cause instanceof InputError ? cause : failed(cause);
    }
    yield;
  }
  try {
    if (decoder) feed(decoder.decode());
    parser.close();
  } catch (cause) {
    throw cause instanceof InputError ? cause : failed(cause);
  }
  yield;
}

/** Reads a whole part. */
export async function readXml(
  path: string,
  part: string,
  bytes: AsyncIterable<Uint8Array>,
  events: XmlEvents,
): Promise<void> {
  for await (const _ of xmlChunks(path, part, bytes, events));
}

function encodingOf(head: Uint8Array): string {
  if ((head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0x3c && head[1] === 0)) return 'utf-16le';
  if ((head[0] === 0xfe && head[1] === 0xff) || (head[0] === 0 && head[1] === 0x3c)) return 'utf-16be';
  return 'utf-8';
}

function local(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}
