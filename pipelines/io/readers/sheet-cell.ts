import { checkedDay } from '../../../core/time/local-date.ts';

/** A numeric cell as text. `lost`: the number is too long for Excel, which keeps 15 digits; the text is what the file says, and wrong. */
export interface NumberText {
  readonly text: string;
  readonly lost: boolean;
}

/** Digits that Excel keeps of a number. */
const KEPT_DIGITS = 15;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;

/**
 * The text of a number without an exponent, exactly (`4.5E4` → `45000`); a whole part of more than 15 digits has lost its last ones
 * on the way through Excel and is given as written. Fractions keep all their digits: `45123.520833333336` is a good serial.
 */
export function numberText(raw: string): NumberText {
  const match = NUMBER.exec(raw);
  if (!match) return { text: raw, lost: false };
  const [, sign, whole = '', fraction = '', exponent] = match;
  const point = whole.length + Number(exponent ?? 0);
  const digits = whole + fraction;
  if (digits === '') return { text: raw, lost: false };
  const leading = digits.length - digits.replace(/^0+/, '').length;
  if (leading < digits.length && point - leading > KEPT_DIGITS) return { text: raw, lost: true };
  if (exponent === undefined || point < -40) return { text: raw, lost: false };
  const padded = point <= 0 ? '0'.repeat(1 - point) + digits : digits.padEnd(point, '0');
  const split = Math.max(1, point);
  const left = padded.slice(0, split).replace(/^0+(?=\d)/, '');
  const right = padded.slice(split).replace(/0+$/, '');
  return { text: `${sign === '-' ? '-' : ''}${left}${right === '' ? '' : `.${right}`}`, lost: false };
}

const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:T(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?)?$/;
const EXCEL_EPOCH_DAY = -25569;

/** A date cell of the ISO kind (`t="d"`) as the serial day number of the 1900 system; null when it is none, or names a zone. */
export function isoSerial(raw: string): string | null {
  const match = ISO.exec(raw);
  if (!match) return null;
  const [, year, month, date, hour, minute, second] = match;
  const day = checkedDay(Number(year), Number(month), Number(date));
  const seconds = Number(hour ?? 0) * 3600 + Number(minute ?? 0) * 60 + Number(second ?? 0);
  if (day === null || Number(hour ?? 0) > 23 || Number(minute ?? 0) > 59 || Number(second ?? 0) > 59) return null;
  return String(day - EXCEL_EPOCH_DAY + seconds / 86_400);
}

const DAYS_1904 = 1462;

/** A serial of the 1904 system as one of the 1900 system; other text as it is. */
export const from1904 = (raw: string): string =>
  /^\d{1,6}(\.\d+)?$/.test(raw) ? String(Number(raw) + DAYS_1904) : raw;

/** Columns and rows that Excel has. */
export const MAX_COLUMNS = 16_384;
export const MAX_ROWS = 1_048_576;

/** `BC12` → column 54 (0-based), row 12; null for anything else. */
export function cellAt(reference: string): { readonly column: number; readonly row: number } | null {
  let column = 0;
  let i = 0;
  for (; i < reference.length && i < 4; i++) {
    const code = reference.charCodeAt(i);
    if (code < 65 || code > 90) break;
    column = column * 26 + code - 64;
  }
  let row = 0;
  const digits = reference.length - i;
  if (i === 0 || digits === 0 || digits > 7) return null;
  for (; i < reference.length; i++) {
    const code = reference.charCodeAt(i);
    if (code < 48 || code > 57) return null;
    row = row * 10 + code - 48;
  }
  return column <= MAX_COLUMNS && row >= 1 && row <= MAX_ROWS ? { column: column - 1, row } : null;
}
