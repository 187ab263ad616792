import { describe, expect, test } from 'vitest';
import { cellAt, from1904, isoSerial, numberText } from '../../../pipelines/io/readers/sheet-cell.ts';
import { isDateFormat, unescaped } from '../../../pipelines/io/readers/workbook-parts.ts';

describe('a number of a cell', () => {
  test.each([
    ['45123.520833333336', '45123.520833333336'],
    ['4.5123E4', '45123'],
    ['4.5123E+4', '45123'],
    ['1E-3', '0.001'],
    ['-1.20E1', '-12'],
    ['0.00012E5', '12'],
    ['0E0', '0'],
    ['123456789012345', '123456789012345'],
    ['000000000000000000012', '000000000000000000012'],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1E-99', '1E-99'],
    ['', ''],
    ['.', '.'],
    ['abc', 'abc'],
    ['1.2.3', '1.2.3'],
  ])('%s is %s', (raw, text) => {
    expect(numberText(raw)).toEqual({ text, lost: false });
  });

  test.each(['3.20500E+17', '320500197101011000', '1234567890123456', '-1E15', '0.32E18', '1234567890123456.5'])(
    '%s has lost digits and stays as written',
    (raw) => {
      expect(numberText(raw)).toEqual({ text: raw, lost: true });
    },
  );

  test('every exact number of fifteen digits comes back from its exponent', () => {
    for (let i = 0; i < 2000; i++) {
      const digits = String((i * 7_919_777_333) % 999_999_999_999_999).padStart(3, '1');
      const exponent = digits.length - 1;
      const written = `${digits[0]}.${digits.slice(1)}E+${exponent}`;
      expect(numberText(written)).toEqual({ text: digits, lost: false });
    }
  });
});

describe('a date of a cell', () => {
  test.each([
    ['2024-01-05', '45296'],
    ['2024-01-05T12:00', '45296.5'],
    ['2024-01-05T09:30:00.123', '45296.395833333336'],
    ['1900-03-01', '61'],
  ])('%s is the serial %s', (raw, serial) => {
    expect(isoSerial(raw)).toBe(serial);
  });
  test.each([
    '2024-02-30',
    '2024-01-05T24:00',
    '2024-01-05T10:60',
    '2024-01-05T10:00:60',
    '2024-01-05T10:00Z',
    '5.1.2024',
  ])('%s is none', (raw) => {
    expect(isoSerial(raw)).toBeNull();
  });
  test('a serial of 1904 is 1,462 days less', () => {
    expect(from1904('0')).toBe('1462');
    expect(from1904('43661.25')).toBe('45123.25');
    expect(from1904('#N/A')).toBe('#N/A');
  });
  test.each(['yyyy-mm-dd', 'h:mm', '[h]:mm', '[$-804]yyyy"年"', 'mmm', '[red]d', 'd;@'])('%s shows a date', (code) => {
    expect(isDateFormat(code)).toBe(true);
  });
  test.each(['General', '0.00', '"day"0', '[Red]0', '\\d0', '0_d', '*d0', '[$¥-804]#,##0', '@', '0;yyyy'])(
    '%s shows none',
    (code) => {
      expect(isDateFormat(code)).toBe(false);
    },
  );
});

describe('a reference', () => {
  test.each([
    ['A1', { column: 0, row: 1 }],
    ['BC12', { column: 54, row: 12 }],
    ['XFD1048576', { column: 16_383, row: 1_048_576 }],
  ])('%s', (reference, at) => {
    expect(cellAt(reference)).toEqual(at);
  });
  test.each(['', 'A', '1', 'a1', 'A0', 'XFE1', 'A1048577', 'AAAA1', 'A12345678', 'A1B', 'A-1'])(
    '%s is none',
    (reference) => {
      expect(cellAt(reference)).toBeNull();
    },
  );
});

test('escapes of a text stand for their characters, half a pair for itself', () => {
  expect(unescaped('a_x000A_b_x4E2D__xZZZZ_')).toBe('a\nb中_xZZZZ_');
  expect(unescaped('_xD83D__xDE00_')).toBe('😀');
  expect(unescaped('_xD83D_ _xDE00_')).toBe('_xD83D_ _xDE00_');
});
