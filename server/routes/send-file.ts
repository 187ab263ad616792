import type { IncomingMessage, ServerResponse } from 'node:http';
import send from 'send';
import { contentType } from '../http/content-type.ts';
import { chooseEncoding, ENCODINGS, entityTag, SUFFIXES, type Variant } from '../http/encoding.ts';
import { sendProblem } from '../http/problem.ts';
import { type FoundFile, findFile } from '../store/find-file.ts';

export const NO_CACHE = 'no-cache';
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** More parts than this in one Range, and it is ignored: the whole file is sent once. */
const MAX_RANGES = 5;

export interface Sending {
  readonly root: string;
  readonly name: string;
  readonly cacheControl: string;
  /** Without quotes and encoding; by default made of size and time. */
  readonly tag?: string;
  readonly log: (line: string) => void;
}

/** A file below the root, or the best precompressed variant beside it: `grid.arrow` + `grid.arrow.br`. */
export async function sendFile(req: IncomingMessage, res: ServerResponse, sending: Sending): Promise<void> {
  const file = await findFile(sending.root, sending.name);
  if (!file) return sendProblem(res, 404);
  if ((req.headers.range?.split(',').length ?? 0) > MAX_RANGES) delete req.headers.range;
  const choice = chooseEncoding(req.headers, await variantsOf(file));
  if (choice.kind === 'unacceptable') return sendProblem(res, 406);
  const variant = choice.kind === 'variant' ? choice.variant : null;
  res.setHeader('Content-Type', contentType(sending.name));
  res.setHeader('Cache-Control', sending.cacheControl);
  res.setHeader('Vary', 'Accept-Encoding');
  res.setHeader('ETag', entityTag(sending.tag ?? tagOf(file), variant?.suffix ?? null));
  if (variant) res.setHeader('Content-Encoding', ENCODINGS[variant.suffix]);
  stream(req, res, variant?.content ?? file, { acceptRanges: variant === null, log: sending.log });
}

async function variantsOf(file: FoundFile): Promise<Variant<FoundFile>[]> {
  const found = await Promise.all(
    SUFFIXES.map(async (suffix) => ({ suffix, content: await findFile(file.root, `${file.name}.${suffix}`) })),
  );
  return found.flatMap(({ suffix, content }) => (content ? [{ suffix, bytes: content.bytes, content }] : []));
}

function tagOf(file: FoundFile): string {
  return `${file.bytes.toString(16)}-${Math.round(file.mtimeMs).toString(16)}`;
}

function stream(
  req: IncomingMessage,
  res: ServerResponse,
  file: FoundFile,
  { acceptRanges, log }: { readonly acceptRanges: boolean; readonly log: (line: string) => void },
): void {
  // `send` decodes what it is given; the root keeps it from looking at folders above, such as `.hexsight`.
  send(req, encodeURIComponent(file.name), {
    root: file.root,
    acceptRanges,
    cacheControl: false,
    dotfiles: 'deny',
    index: false,
    lastModified: false,
  })
    .on('error', (error: Error & { status?: number; headers?: Record<string, string> }) => {
      const status = error.status ?? 500;
      if (status >= 500) log(`${file.name}: ${error.message}`);
      const range = error.headers?.['Content-Range'];
      if (range && !res.headersSent) res.setHeader('Content-Range', range);
      sendProblem(res, status);
    })
    .on('directory', () => sendProblem(res, 404))
    .pipe(res);
}
