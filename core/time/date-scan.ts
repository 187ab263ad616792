import { dateReader, type ZoneOffset } from './date-pattern.ts';
import { checkedDay } from './local-date.ts';

/**
 * The date patterns of a profile read straight from bytes: no string, no object a value. Same verdicts as `dateReader`, which
 * reads what this has no short way for (`105年9月5日`: signs beyond ASCII are told in the encoding of the file).
 *
 * @returns scanner giving minutes × 2 + (1 when a time of day was given), minutes since 1970-01-01 00:00 of the clock the date was
 * written in; NaN when no pattern fits or the date does not exist. Cost: about 0.05 µs for fixed patterns.
 */
export type DateScanner = (bytes: Uint8Array, start: number, end: number) => number;

export const minuteOf = (scanned: number): number => Math.floor(scanned / 2);
export const hasTimeOf = (scanned: number): boolean => scanned % 2 !== 0;

/** What the bytes of a file are; the readers hand on one of these. */
export type TextEncoding = 'utf-8' | 'gb18030';

export function dateScanner(
  patterns: readonly string[],
  offset: ZoneOffset,
  encoding: TextEncoding = 'utf-8',
): DateScanner {
  const text = textReader(encoding);
  const scanners = patterns.map((pattern) => scannerOf(pattern, offset, text));
  const [only] = scanners;
  if (only && scanners.length === 1) return only;
  return (bytes, start, end) => {
    for (let i = 0; i < scanners.length; i++) {
      const value = (scanners[i] as DateScanner)(bytes, start, end);
      if (!Number.isNaN(value)) return value;
    }
    return Number.NaN;
  };
}

type TextReader = (bytes: Uint8Array, start: number, end: number) => string;

function scannerOf(pattern: string, offset: ZoneOffset, text: TextReader): DateScanner {
  if (pattern === 'iso') return instantScanner(offset);
  const program = compiled(pattern);
  if (program) return (bytes, start, end) => run(program, bytes, start, end);
  const read = dateReader([pattern], offset);
  return (bytes, start, end) => {
    const time = read(text(bytes, start, end));
    return time ? time.localMinute * 2 + (time.hasTime ? 1 : 0) : Number.NaN;
  };
}

function latin(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

/** ASCII as it is; a byte beyond it is read with its neighbours. A broken sign fits no pattern. */
function textReader(encoding: TextEncoding): TextReader {
  const decoder = new TextDecoder(encoding);
  return (bytes, start, end) => {
    for (let i = start; i < end; i++) if ((bytes[i] as number) > 127) return decoder.decode(bytes.subarray(start, end));
    return latin(bytes, start, end);
  };
}

enum Op {
  Year,
  Month,
  Date,
  Hour,
  Minute,
  Second,
  Literal,
}
interface Step {
  readonly op: Op;
  readonly min: number;
  readonly max: number;
  readonly code: number;
}
interface Program {
  readonly steps: readonly Step[];
  readonly hasTime: boolean;
}

const FIELDS: Readonly<Record<string, readonly [Op, number, number]>> = {
  yyyy: [Op.Year, 4, 4],
  MM: [Op.Month, 2, 2],
  M: [Op.Month, 1, 2],
  dd: [Op.Date, 2, 2],
  d: [Op.Date, 1, 2],
  HH: [Op.Hour, 2, 2],
  H: [Op.Hour, 1, 2],
  mm: [Op.Minute, 2, 2],
  ss: [Op.Second, 2, 2],
};
const TOKEN = /yyyy|yyy|MM|M|dd|d|HH|H|mm|ss|a/g;

/** A pattern of ASCII literals in which a field of one or two digits is never followed by a digit: readable without going back. */
function compiled(pattern: string): Program | null {
  if (pattern === 'excel' || pattern === 'epoch-ms') return null;
  const steps: Step[] = [];
  let last = 0;
  const literals = (text: string): boolean => {
    for (const character of text) {
      const code = character.charCodeAt(0);
      if (code > 127 || (code >= 48 && code <= 57)) return false;
      steps.push({ op: Op.Literal, min: 1, max: 1, code });
    }
    return true;
  };
  for (const match of pattern.matchAll(TOKEN)) {
    const field = FIELDS[match[0]];
    if (!field || !literals(pattern.slice(last, match.index))) return null;
    steps.push({ op: field[0], min: field[1], max: field[2], code: 0 });
    last = match.index + match[0].length;
  }
  if (!literals(pattern.slice(last))) return null;
  for (let i = 0; i + 1 < steps.length; i++) {
    const step = steps[i] as Step;
    if (step.min !== step.max && (steps[i + 1] as Step).op !== Op.Literal) return null;
  }
  const ops = new Set(steps.filter((step) => step.op !== Op.Literal).map((step) => step.op));
  if (!ops.has(Op.Year) || !ops.has(Op.Month) || !ops.has(Op.Date)) return null;
  return { steps, hasTime: ops.has(Op.Hour) };
}

function run(program: Program, bytes: Uint8Array, start: number, end: number): number {
  let year = 0;
  let month = 0;
  let date = 0;
  let hour = 0;
  let minute = 0;
  let second = 0;
  let at = start;
  const { steps } = program;
  for (let s = 0; s < steps.length; s++) {
    const step = steps[s] as Step;
    if (step.op === Op.Literal) {
      if (at >= end || bytes[at] !== step.code) return Number.NaN;
      at++;
      continue;
    }
    let value = 0;
    let digits = 0;
    while (digits < step.max && at < end) {
      const digit = (bytes[at] as number) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      digits++;
      at++;
    }
    if (digits < step.min) return Number.NaN;
    switch (step.op) {
      case Op.Year:
        year = value;
        break;
      case Op.Month:
        month = value;
        break;
      case Op.Date:
        date = value;
        break;
      case Op.Hour:
        hour = value;
        break;
      case Op.Minute:
        minute = value;
        break;
      default:
        second = value;
    }
  }
  if (at !== end) return Number.NaN;
  const local = localMinute(year, month, date, hour, minute, second);
  return local * 2 + (program.hasTime ? 1 : 0);
}

/** NaN when the date or time does not exist; 24:00 is the midnight that ends the day. */
function localMinute(year: number, month: number, date: number, hour: number, minute: number, second: number): number {
  const day = checkedDay(year, month, date);
  if (day === null || minute > 59 || second > 59 || hour > 24) return Number.NaN;
  if (hour === 24 && (minute > 0 || second > 0)) return Number.NaN;
  return day * 1440 + hour * 60 + minute;
}

/** `yyyy-MM-ddTHH:mm:ss+08:00` and its variants; what is shorter or has fractions goes the long way. */
function instantScanner(offset: ZoneOffset): DateScanner {
  const slow = dateReader(['iso'], offset);
  const moment = compiled('yyyy-MM-ddTHH:mm:ss') as Program;
  const spaced = compiled('yyyy-MM-dd HH:mm:ss') as Program;
  return (bytes, start, end) => {
    const length = end - start;
    let minutes = Number.NaN;
    if (length === 20 && bytes[end - 1] === 90) minutes = 0;
    else if (length === 25 && bytes[end - 3] === 58) {
      const sign = bytes[start + 19] === 43 ? 1 : bytes[start + 19] === 45 ? -1 : Number.NaN;
      minutes = sign * (two(bytes, start + 20) * 60 + two(bytes, start + 23));
    }
    if (!Number.isNaN(minutes)) {
      const local = run(bytes[start + 10] === 32 ? spaced : moment, bytes, start, start + 19);
      if (Number.isNaN(local)) return local;
      const utc = Math.floor(local / 2) - minutes;
      return (utc + offset(utc)) * 2 + 1;
    }
    const time = slow(latin(bytes, start, end));
    return time ? time.localMinute * 2 + 1 : Number.NaN;
  };
}

function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48;
  const ones = (bytes[at + 1] as number) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : Number.NaN;
}
