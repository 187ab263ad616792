import type { IncomingMessage, ServerResponse } from 'node:http';
import send from 'send';
import { contentType } from '../http/content-type.ts';
import { type Choice, chooseEncoding, ENCODINGS, entityTag, SUFFIXES, type Variant } from '../http/encoding.ts';
import { sendProblem } from '../http/problem.ts';
import type { FileChecker } from '../store/file-checker.ts';
import { type FoundFile, findFile } from '../store/find-file.ts';

export const NO_CACHE = 'no-cache';
export const IMMUTABLE = 'public, max-age=31536000, immutable';

/** More parts than this in one Range, and it is ignored: the whole file is sent once. */
const MAX_RANGES = 5;

export interface Sending {
  readonly root: string;
  readonly name: string;
  readonly cacheControl: string;
  /** What the file must be: nothing else is sent under its name. Its hash is the tag; without it, size and time are. */
  readonly content?: { readonly sha256: string; readonly checker: FileChecker };
  readonly log: (line: string) => void;
}

/**
 * A file below the root, or the best precompressed variant beside it: `grid.arrow` + `grid.arrow.br`. Where the content
 * is given, a variant that does not unpack to it is passed over, and an original that is not it is 500.
 */
export async function sendFile(req: IncomingMessage, res: ServerResponse, sending: Sending): Promise<void> {
  const file = await findFile(sending.root, sending.name);
  if (!file) return sendProblem(res, 404);
  if ((req.headers.range?.split(',').length ?? 0) > MAX_RANGES) delete req.headers.range;
  const choice = await chosen(req, file, sending);
  if (choice === 'damaged') return sendProblem(res, 500, DAMAGED);
  if (choice.kind === 'unacceptable') return sendProblem(res, 406);
  const variant = choice.kind === 'variant' ? choice.variant : null;
  res.setHeader('Content-Type', contentType(sending.name));
  res.setHeader('Cache-Control', sending.cacheControl);
  res.setHeader('Vary', 'Accept-Encoding');
  res.setHeader('ETag', entityTag(sending.content?.sha256 ?? tagOf(file), variant?.suffix ?? null));
  if (variant) res.setHeader('Content-Encoding', ENCODINGS[variant.suffix]);
  stream(req, res, variant?.content ?? file, { acceptRanges: variant === null, log: sending.log });
}

const DAMAGED = {
  reason: 'damaged-file',
  zh: '这个文件已损坏：内容与其 SHA-256 不符，已拒绝发送。请用 hexsight verify 检查并重新发布。',
  en: 'This file is damaged: its content is not that of its SHA-256, so it is not sent. Check with `hexsight verify` and publish again.',
} as const;

async function chosen(
  req: IncomingMessage,
  file: FoundFile,
  { content }: Sending,
): Promise<Choice<FoundFile> | 'damaged'> {
  let variants = await variantsOf(file);
  for (;;) {
    const choice = chooseEncoding(req.headers, variants);
    if (!content || choice.kind === 'unacceptable') return choice;
    const { checker, sha256 } = content;
    if (choice.kind === 'identity') return (await checker.isWhole(file.path, null, sha256)) ? choice : 'damaged';
    const { suffix, content: variant } = choice.variant;
    if (await checker.isWhole(variant.path, suffix, sha256)) return choice;
    variants = variants.filter((other) => other.suffix !== suffix);
  }
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
