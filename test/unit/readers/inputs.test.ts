import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Profile } from '../../../core/contract/profile.ts';
import { findInputs } from '../../../pipelines/steps/inputs.ts';
import { messageOf } from './support.ts';

let root = '';
let input = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hexsight-inputs-'));
  input = join(root, 'input');
  mkdirSync(input);
  mkdirSync(join(root, 'store'));
});
afterEach(() => rmSync(root, { recursive: true }));

const find = (files = 'a*.csv', folder = input) =>
  findInputs({ feeds: [{ id: 'orders', files }] } as unknown as Profile, folder, join(root, 'store'));

it('gives size, time and hash of each file, in order', async () => {
  writeFileSync(join(input, 'a2.csv'), 'two');
  writeFileSync(join(input, 'a1.csv'), 'one');
  writeFileSync(join(input, 'b.csv'), 'other');
  const files = await find();
  expect(files.map(({ name, bytes }) => [name, bytes])).toEqual([
    ['a1.csv', 3],
    ['a2.csv', 3],
  ]);
  expect(files[0]?.sha256).toBe(createHash('sha256').update('one').digest('hex'));
  expect(files[0]?.mtimeNs).toBe(String(statSync(join(input, 'a1.csv'), { bigint: true }).mtimeNs));
  expect(await find()).toEqual(files);
});

describe('refuses', () => {
  it('links out of the folder, also through a folder; not links within it, nor a folder that is a link itself', async () => {
    writeFileSync(join(root, 'secret.csv'), 'secret');
    mkdirSync(join(root, 'input-next'));
    writeFileSync(join(root, 'input-next', 'x.csv'), 'secret');
    symlinkSync(join(root, 'secret.csv'), join(input, 'a1.csv'));
    symlinkSync('../input-next/x.csv', join(input, 'a2.csv'));
    symlinkSync('nothing.csv', join(input, 'a3.csv'));
    const message = await messageOf(() => find());
    expect(message).toContain('"a1.csv" is a link that leaves the input folder');
    expect(message).toContain('"a2.csv" is a link that leaves the input folder');
    expect(message).toContain('"a3.csv" is a link to nothing');
    writeFileSync(join(input, 'real.csv'), 'inside');
    mkdirSync(join(input, 'sub'));
    writeFileSync(join(input, 'sub', 'c.csv'), 'below');
    symlinkSync('real.csv', join(input, 'c1.csv'));
    symlinkSync('sub/c.csv', join(input, 'c2.csv'));
    symlinkSync(input, join(root, 'link'));
    expect(realpathSync(join(root, 'link'))).toBe(realpathSync(input));
    expect((await find('c*.csv', join(root, 'link'))).map(({ name }) => name)).toEqual(['c1.csv', 'c2.csv']);
  });

  it('what is no regular file', async () => {
    mkdirSync(join(input, 'a1.csv'));
    execFileSync('mkfifo', [join(input, 'a2.csv')]);
    const message = await messageOf(() => find());
    expect(message).toContain('"a1.csv" is not a regular file');
    expect(message).toContain('"a2.csv" is not a regular file');
  });

  it('names that deceive, shown without what deceives', async () => {
    for (const name of ['a\n1.csv', 'a\u202ev.csv', 'a\u2028.csv', 'a\x7f.csv']) writeFileSync(join(input, name), 'x');
    writeFileSync(Buffer.concat([Buffer.from(`${input}/a`), Buffer.of(0xff), Buffer.from('.csv')]), 'x');
    const message = await messageOf(() => find());
    for (const shown of ['a\\u{a}1.csv', 'a\\u{202e}v.csv', 'a\\u{2028}.csv', 'a\\u{7f}.csv', 'a\\u{fffd}.csv'])
      expect(message).toContain(`"${shown}" has characters in its name that deceive`);
    expect(message).not.toContain('\u202e');
  });

  it.each(['../*.csv', '/etc/*', 'sub/a.csv', '..\\a.csv'])('the pattern %s', async (pattern) => {
    expect(await messageOf(() => find(pattern))).toContain('names a folder');
  });

  it('an empty file, a missing file, a missing folder', async () => {
    expect(await messageOf(() => find())).toContain('no file matches a*.csv');
    writeFileSync(join(input, 'a.csv'), '');
    expect(await messageOf(() => find())).toContain('a.csv is empty');
    expect(await messageOf(() => find('a.csv', join(root, 'nowhere')))).toContain('does not exist');
  });
});

it('Chinese names are names', async () => {
  writeFileSync(join(input, 'a工单（三月）.csv'), 'x');
  expect((await find()).map(({ name }) => name)).toEqual(['a工单（三月）.csv']);
});
