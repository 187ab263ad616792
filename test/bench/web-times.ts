import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { tableFromIPC, tableToIPC } from 'apache-arrow';
import { Manifest } from '../../core/contract/manifest.ts';

/**
 * A snapshot with every incident several times, where making a city of that size takes an hour: facts of that many rows, in the order of
 * the files. Cubes and grids stay as they are; they say a part of what the facts say, which only a person would notice.
 */
export function repeated(snapshot: string, times: number): string {
  if (times === 1) return snapshot;
  const manifest = Manifest.parse(JSON.parse(readFileSync(join(snapshot, 'manifest.json'), 'utf8')));
  const out = join(tmpdir(), `hexsight-bench-web-${manifest.snapshot}-x${times}`);
  if (existsSync(join(out, 'manifest.json'))) return out;
  rmSync(out, { recursive: true, force: true });
  mkdirSync(join(out, 'files'), { recursive: true });
  const files = manifest.files.map((entry) => {
    const from = join(snapshot, entry.file);
    if (entry.kind !== 'facts') {
      for (const suffix of ['', ...Object.keys(entry.encoded).map((encoding) => `.${encoding}`)])
        symlinkSync(`${from}${suffix}`, join(out, `${entry.file}${suffix}`));
      return entry;
    }
    const table = tableFromIPC(readFileSync(from));
    const bytes = tableToIPC(table.concat(...Array.from({ length: times - 1 }, () => table)), 'stream');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const file = `files/${sha256}.arrow`;
    const br = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } });
    writeFileSync(join(out, file), bytes);
    writeFileSync(join(out, `${file}.br`), br);
    return { ...entry, file, sha256, bytes: bytes.length, rows: (entry.rows ?? 0) * times, encoded: { br: br.length } };
  });
  writeFileSync(join(out, 'manifest.json'), JSON.stringify({ ...manifest, files }));
  for (const name of ['manifests', 'history.json'])
    if (existsSync(join(snapshot, name))) cpSync(join(snapshot, name), join(out, basename(name)), { recursive: true });
  return out;
}
