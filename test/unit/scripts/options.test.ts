import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parseOptions } from '../../../scripts/start/options.ts';

const cwd = resolve('/somewhere');

test('without options it is the sample city on 127.0.0.1:8320', () => {
  expect(parseOptions([], cwd)).toEqual({
    kind: 'options',
    options: { profile: 'suzhou', input: null, incidents: null, port: 8320, host: '127.0.0.1' },
  });
});

test('a relative input starts where npm was called', () => {
  const args = ['--profile', 'tainan', '--input', 'raw', '--port=9000'];
  expect(parseOptions(args, cwd)).toMatchObject({
    options: { profile: 'tainan', input: resolve('/somewhere/raw'), port: 9000 },
  });
});

test('help is asked for', () => {
  expect(parseOptions(['--help'], cwd)).toEqual({ kind: 'help' });
});

test.each([
  [['--port', '70000'], '--port "70000" is not a whole number from 0 to 65535'],
  [['--port', '8e3'], '--port "8e3"'],
  [['--incidents', '0'], '--incidents "0"'],
  [['--profile', 'tainan'], '--profile tainan needs --input'],
  [['--profile', '../x', '--input', 'raw'], 'is not the id of a profile'],
  [['--input', 'raw', '--incidents', '5'], '--incidents is for the sample city'],
  [['--prot', '9000'], '--prot'],
  [['9000'], '9000'],
])('%j is refused with the reason', (args, why) => {
  expect(parseOptions(args, cwd)).toEqual({ kind: 'wrong', why: expect.stringContaining(why) });
});
