import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bomb, entry, type RawEntry, rawZip } from './raw-zip.ts';
import { parts, rowsXml, sharedXml, sheetXml, XML } from './tiny-xlsx.ts';

const CHILD = fileURLToPath(new URL('./read-in-child.ts', import.meta.url));
const SHEET = 'xl/worksheets/sheet1.xml';
const SHARED = 'xl/sharedStrings.xml';
const MB = 1 << 20;
const HALF_GB = 512;

interface Outcome {
  readonly rows: number | null;
  readonly error: string | null;
  readonly ms: number;
  readonly grownMB: number;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-bombs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Read in a process of its own, so that its time and memory are its own. */
async function outcome(name: string, zip: Uint8Array): Promise<Outcome> {
  const path = join(folder, `${name.replace(/\W+/g, '-')}.xlsx`);
  writeFileSync(path, zip);
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', CHILD, path], {
    env: { ...process.env, TSX_TSCONFIG_PATH: '' },
  });
  return JSON.parse(stdout) as Outcome;
}

/** A good workbook in which some parts are replaced or added. */
function withEntries(...more: readonly RawEntry[]): RawEntry[] {
  const names = new Set(more.map(({ name }) => name));
  const rest = Object.entries(parts(sheetXml(rowsXml([['编号'], ['A1']])))).filter(([name]) => !names.has(name));
  return [...rest.map(([name, content]) => entry(name, content as string)), ...more];
}

const start = `${XML}<worksheet><sheetData>`;
const megabyte = (text: string): string => text.repeat(Math.floor(MB / text.length)).padEnd(MB, ' ');
const rows = megabyte('<row><c><v>1</v></c></row>');
const flat = (): RawEntry => bomb(SHEET, start, rows, HALF_GB);

const BOMBS: readonly (readonly [name: string, make: () => Uint8Array, error: RegExp])[] = [
  ['flat: 512 MB from half a megabyte', () => rawZip(withEntries(flat())), /declares 5\d{8} bytes from \d+.*zip bomb/],
  [
    'a lying header that declares 1,000 bytes',
    () => rawZip(withEntries({ ...flat(), size: 1000 })),
    /inflates beyond the 1000 bytes/,
  ],
  [
    'a lying header that stays within the ratio',
    () => rawZip(withEntries({ ...flat(), size: 50 * MB })),
    /inflates more than 200-fold: a zip bomb/,
  ],
  [
    'a bomb hidden before bytes that do not pack',
    () => {
      const { packed, ...rest } = flat();
      return rawZip(withEntries({ ...rest, packed: Buffer.concat([packed, randomBytes(4 * MB)]) }));
    },
    /inflates more than 200-fold: a zip bomb/,
  ],
  [
    'shared strings of 512 MB',
    () => rawZip(withEntries(bomb(SHARED, `${XML}<sst>`, megabyte('<si><t>a</t></si>'), HALF_GB))),
    /zip bomb/,
  ],
  [
    'styles of 190 MB in many parts',
    () => rawZip(withEntries({ ...bomb('xl/styles.xml', `${XML}<styleSheet>`, megabyte('<a/>'), 190), size: 9 * MB })),
    /inflates (beyond|more than)/,
  ],
  [
    'overlapping: 1,500 parts over one',
    () => {
      const kernel = { ...flat(), name: 'kernel' };
      return rawZip([
        { ...kernel, size: 9 * MB },
        ...Array.from({ length: 1500 }, (_, i) => ({ ...kernel, size: 9 * MB, name: `part${i}`, shared: true })),
      ]);
    },
    /lie over each other: a zip bomb/,
  ],
  [
    'nested: an archive of archives',
    () => {
      const inner = rawZip([flat()]);
      return rawZip(Array.from({ length: 16 }, (_, i) => stored(`${i}.zip`, inner)));
    },
    /it has no xl\/workbook\.xml/,
  ],
  [
    'nested: the sheet is an archive',
    () => rawZip(withEntries(stored(SHEET, rawZip([flat()])))),
    /XML is damaged|checksum/,
  ],
  [
    'entry count: 60,000 parts',
    () => rawZip(Array.from({ length: 60_000 }, (_, i) => entry(`p${i}`, ''))),
    /60000 parts, more than 2000: a zip bomb/,
  ],
  ['an entry count that is a lie', () => rawZip(withEntries(), 1999), /is not a workbook/],
  [
    'elements nested a million deep',
    () => rawZip(withEntries(entry(SHEET, `${XML}${'<a>'.repeat(1_000_000)}`))),
    /nested deeper than 100/,
  ],
  [
    'billion laughs',
    () =>
      rawZip(
        withEntries(
          entry(
            SHEET,
            `${XML}<!DOCTYPE w [<!ENTITY a0 "ha">${Array.from({ length: 30 }, (_, i) => `<!ENTITY a${i + 1} "${`&a${i};`.repeat(10)}">`).join('')}]><worksheet>&a30;</worksheet>`,
          ),
        ),
      ),
    /a document type is not allowed/,
  ],
  [
    'one text without end',
    () => rawZip(withEntries(entry(SHARED, `${XML}<sst><si><t>${randomBytes(10 * MB).toString('hex')}`))),
    /a text or tag of more than 16000000 characters/,
  ],
];

function stored(name: string, packed: Uint8Array): RawEntry {
  return { name, packed, size: packed.length, crc: 0, stored: true };
}

describe('bombs are refused within 2 s and 300 MB', () => {
  it.each(BOMBS)('%s', async (name, make, error) => {
    const read = await outcome(name, make());
    console.info(`${name}: ${read.ms.toFixed(0)} ms, +${read.grownMB.toFixed(0)} MB`);
    expect(read.error).toMatch(/^(Input)?Error /);
    expect(read.error).toMatch(error);
    expect(read.ms).toBeLessThan(2000);
    expect(read.grownMB).toBeLessThan(300);
  });

  it('a bomb that nobody asks for is never inflated', async () => {
    const inner = rawZip([flat()]);
    const read = await outcome('ignored', rawZip(withEntries(stored('xl/media/inner.zip', inner))));
    expect(read).toMatchObject({ rows: 1, error: null });
    expect(read.ms).toBeLessThan(2000);
    expect(read.grownMB).toBeLessThan(300);
  });

  it('a large honest sheet is read whole', async () => {
    const cells = Array.from({ length: 60_000 }, (_, i) => `<row><c><v>${(i * 7919) % 1_000_003}</v></c></row>`);
    const sheet = sheetXml(rowsXml([['编号']]) + cells.join('') + sharedXml('').slice(0, 0));
    const read = await outcome('honest', rawZip(withEntries(entry(SHEET, sheet))));
    expect(read).toMatchObject({ rows: 60_000, error: null });
  });
});
