import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../pipelines/errors.ts';
import { readWorkbook } from '../golden/malformed-workbooks/read-workbook.ts';
import { parts, rowsXml, sharedXml, sheetXml, zipped } from '../golden/malformed-workbooks/tiny-xlsx.ts';

/** 300 runs in `npm test`; HEXSIGHT_FUZZ_RUNS for the long one. */
const RUNS = Number(process.env.HEXSIGHT_FUZZ_RUNS ?? 300);
const HANG_MS = 5000;

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-xlsx-fuzz-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const SHEET = sheetXml(
  rowsXml([
    ['编号', '时间', '类别'],
    ['A1', 45123.520833333336, { xml: '<c r="@" t="s"><v>0</v></c>' }],
    ['A2', { xml: '<c r="@" t="d"><v>2024-01-05T09:30:00</v></c>' }, { xml: '<c r="@" t="b"><v>1</v></c>' }],
    [
      { xml: '<c r="@"><v>3.205E+17</v></c>' },
      null,
      { xml: '<c r="@" t="inlineStr"><is><r><t>噪</t></r><rPh><t>x</t></rPh></is></c>' },
    ],
  ]),
  '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
);
const SHARED = sharedXml('<si><r><t>共</t></r><r><t>享</t></r></si>');

/** Rows, or an InputError that names the file; anything else is a fault. */
async function outcome(bytes: Uint8Array, headerRows: number): Promise<'rows' | 'refused'> {
  const path = join(folder, 'fuzz.xlsx');
  writeFileSync(path, bytes);
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${HANG_MS} ms`)), HANG_MS);
  });
  try {
    const { columns, rows } = await Promise.race([readWorkbook(path, { headerRows }, { idColumns: ['编号'] }), hang]);
    expect(columns.length).toBeGreaterThan(0);
    for (const row of rows) expect(row).not.toContain('\uFFFD');
    return 'rows';
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    expect((error as Error).message).toContain('fuzz.xlsx');
    return 'refused';
  } finally {
    clearTimeout(timer);
  }
}

/** Bytes replaced, cut out, doubled, or the end cut off. */
const edit = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.nat(40) }),
  fc.record({ kind: fc.constant('double' as const), at: fc.nat(), length: fc.nat(200) }),
  fc.record({ kind: fc.constant('end' as const), at: fc.nat() }),
);
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never;

function edited(bytes: Uint8Array, edits: readonly Edit[]): Uint8Array {
  return edits.reduce<Uint8Array>((now, change) => {
    const at = now.length === 0 ? 0 : change.at % now.length;
    switch (change.kind) {
      case 'set': {
        const copy = now.slice();
        copy.set(change.bytes.subarray(0, copy.length - at), at);
        return copy;
      }
      case 'cut':
        return Buffer.concat([now.subarray(0, at), now.subarray(at + change.length)]);
      case 'double':
        return Buffer.concat([now.subarray(0, at + change.length), now.subarray(at)]);
      case 'end':
        return now.slice(0, at);
      default:
        return change satisfies never;
    }
  }, bytes);
}

const PIECES = [
  '<row>', '</row>', '<row r="2">', '<row r="1048576">', '<c t="s">', '<c r="XFD1">', '</c>', '<v>', '</v>', '9', '-1', '1E400',
  '<is>', '<t>', '</t>', '&amp;', '&#0;', ']]>', '<![CDATA[', '<!--', '<?x?>', '<mergeCell ref="A1:XFD1048576"/>',
  '</sheetData>', '<sheetData>', ' t="s"', ' r="A1"', '_xD83D_', '\u{1F600}', '"', '<',
] as const; // biome-ignore format: a table of pieces

const xmlEdit = fc.record({ at: fc.nat(), drop: fc.nat(30), piece: fc.constantFrom('', ...PIECES) });
const withXmlEdits = (xml: string, edits: readonly { at: number; drop: number; piece: string }[]): string =>
  edits.reduce((now, { at, drop, piece }) => {
    const start = now.length === 0 ? 0 : at % now.length;
    return now.slice(0, start) + piece + now.slice(start + drop);
  }, xml);

describe('a mutated workbook gives rows or an InputError, never anything else', () => {
  const seen = { rows: 0, refused: 0 };

  it('its zip bytes', async () => {
    const whole = zipped(parts(SHEET, { 'xl/sharedStrings.xml': SHARED }));
    const stored = zipped(parts(SHEET, { 'xl/sharedStrings.xml': SHARED }), 0);
    await fc.assert(
      fc.asyncProperty(fc.boolean(), fc.array(edit, { minLength: 1, maxLength: 4 }), async (packed, edits) => {
        seen[await outcome(edited(packed ? whole : stored, edits), 1)]++;
      }),
      { numRuns: RUNS },
    );
  });

  it('the XML in it', async () => {
    const before = process.memoryUsage().rss;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(
          'xl/worksheets/sheet1.xml',
          'xl/sharedStrings.xml',
          'xl/workbook.xml',
          'xl/_rels/workbook.xml.rels',
          'xl/styles.xml',
        ),
        fc.array(xmlEdit, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 2 }),
        async (part, edits, headerRows) => {
          const all = parts(SHEET, { 'xl/sharedStrings.xml': SHARED });
          const changed = { ...all, [part]: withXmlEdits(all[part] as string, edits) };
          seen[await outcome(zipped(changed), headerRows)]++;
        },
      ),
      { numRuns: RUNS },
    );
    expect((process.memoryUsage().rss - before) / 1e6).toBeLessThan(400);
  });

  it('and both outcomes were seen', () => {
    expect(seen.rows).toBeGreaterThan(RUNS / 50);
    expect(seen.refused).toBeGreaterThan(RUNS / 10);
  });
});
