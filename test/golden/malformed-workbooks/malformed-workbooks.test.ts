import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../../pipelines/errors.ts';
import { workSheets } from '../../../pipelines/io/readers/xlsx-records.ts';
import { CASES } from './cases.ts';
import { readWorkbook } from './read-workbook.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-workbooks-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('odd and malformed workbooks', () => {
  it('are at least forty, each under a name of its own', () => {
    expect(CASES.length).toBeGreaterThanOrEqual(40);
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length);
  });

  it.each(CASES)('$name', async ({ name, make, format, ids, expected }) => {
    const path = join(folder, `${name.replace(/\W+/g, '-')}.xlsx`);
    writeFileSync(path, make());
    const reading = readWorkbook(path, format, ids ? { idColumns: ids } : {});
    if ('error' in expected) {
      const error = await reading.then(
        (read) => read,
        (cause: unknown) => cause,
      );
      expect(error).toBeInstanceOf(InputError);
      expect((error as Error).message).toMatch(expected.error);
    } else expect(await reading).toMatchObject(expected);
  });

  it('leave no file open and write none', async () => {
    const descriptors = (): string[] => readdirSync('/proc/self/fd');
    if (process.platform !== 'linux') return;
    const path = join(folder, 'open.xlsx');
    const before = descriptors().length;
    for (const { make, format } of CASES.filter((_, i) => i % 3 === 0)) {
      writeFileSync(path, make());
      await readWorkbook(path, format).catch(() => undefined);
      await workSheets(path).catch(() => undefined);
    }
    // Streams are closed a moment after they are let go.
    await expect.poll(() => descriptors().length, { timeout: 5000 }).toBeLessThanOrEqual(before + 2);
    expect(readdirSync(folder).filter((name) => !name.endsWith('.xlsx'))).toEqual([]);
  });
});
