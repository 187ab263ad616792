import { checkedDay } from './local-date.ts';

/**
 * A moment as the source wrote it. `localMinute` counts minutes since 1970-01-01 00:00 of the clock it was written in;
 * `hasTime` is false when only a date was given.
 */
export interface LocalTime {
  readonly localMinute: number;
  readonly hasTime: boolean;
}
/** Minutes to add to a UTC minute to get the clock of a zone at that moment. */
export type ZoneOffset = (utcMinute: number) => number;

const TOKENS: Readonly<Record<string, string>> = {
  yyyy: '(?<year>\\d{4})',
  yyy: '(?<roc>\\d{2,3})',
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  dd: '(?<date>\\d{2})',
  d: '(?<date>\\d{1,2})',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  ss: '(?<second>\\d{2})',
  a: '(?<half>AM|PM|am|pm)',
};
const TOKEN = /yyyy|yyy|MM|M|dd|d|HH|H|mm|ss|a/g;
const EXCEL_EPOCH_DAY = -25569; // 1899-12-30

/**
 * Reader for the date patterns of a profile; the first pattern that fits decides.
 *
 * `yyyy MM dd HH mm ss` have fixed width, `M d H` one or two digits, `yyy` is a year of the Republic of China (+ 1911), `a` AM/PM,
 * `excel` a serial day number (1900 system; serials below 60 are refused, see the phantom 29 February 1900), `iso` an instant with
 * `Z` or an offset, `epoch-ms` milliseconds UTC. 24:00 is the midnight that ends the day.
 *
 * @param offset of the city's zone; needed for instants (`iso`, `epoch-ms`)
 * @returns null when no pattern fits or the date does not exist
 */
export function dateReader(patterns: readonly string[], offset: ZoneOffset): (raw: string) => LocalTime | null {
  const readers = patterns.map((pattern) => readerOf(pattern, offset));
  return (raw) => {
    for (const read of readers) {
      const time = read(raw);
      if (time !== null) return time;
    }
    return null;
  };
}

function readerOf(pattern: string, offset: ZoneOffset): (raw: string) => LocalTime | null {
  if (pattern === 'excel') return readExcel;
  if (pattern === 'iso') return (raw) => readInstant(raw, offset);
  if (pattern === 'epoch-ms')
    return (raw) => (/^\d{11,14}$/.test(raw) ? atInstant(Math.floor(Number(raw) / 60_000), offset) : null);
  if (pattern === 'yyyy-MM-dd HH:mm:ss') return readCommon;
  return readPattern(pattern);
}

/** The layout of nearly every export, without a regular expression: this is the hottest line of ingest. */
function readCommon(raw: string): LocalTime | null {
  if (raw.length !== 19) return null;
  for (let i = 0; i < 19; i++) {
    const code = raw.charCodeAt(i);
    const wanted = i === 4 || i === 7 ? 45 : i === 10 ? 32 : i === 13 || i === 16 ? 58 : 0;
    if (wanted === 0 ? code < 48 || code > 57 : code !== wanted) return null;
  }
  const year = twoDigits(raw, 0) * 100 + twoDigits(raw, 2);
  return build({
    year,
    month: twoDigits(raw, 5),
    date: twoDigits(raw, 8),
    hour: twoDigits(raw, 11),
    minute: twoDigits(raw, 14),
    second: twoDigits(raw, 17),
    hasTime: true,
  });
}

const twoDigits = (text: string, at: number): number => (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;

function readPattern(pattern: string): (raw: string) => LocalTime | null {
  let source = '';
  let last = 0;
  for (const match of pattern.matchAll(TOKEN)) {
    source += escaped(pattern.slice(last, match.index)) + TOKENS[match[0]];
    last = match.index + match[0].length;
  }
  const expression = new RegExp(`^${source}${escaped(pattern.slice(last))}$`);
  const hasTime = /H/.test(pattern);
  return (raw) => {
    const groups = expression.exec(raw)?.groups;
    if (!groups) return null;
    const year = groups.year !== undefined ? Number(groups.year) : Number(groups.roc) + 1911;
    let hour = hasTime ? Number(groups.hour) : 0;
    if (groups.half !== undefined) {
      if (hour < 1 || hour > 12) return null;
      hour = (hour % 12) + (groups.half.toUpperCase() === 'PM' ? 12 : 0);
    }
    // A pattern without minutes or seconds means the whole hour or minute; the profile said so.
    const minute = groups.minute !== undefined ? Number(groups.minute) : 0;
    const second = groups.second !== undefined ? Number(groups.second) : 0;
    return build({ year, month: Number(groups.month), date: Number(groups.date), hour, minute, second, hasTime });
  };
}

interface Parts {
  readonly year: number;
  readonly month: number;
  readonly date: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly hasTime: boolean;
}
function build(parts: Parts): LocalTime | null {
  const day = checkedDay(parts.year, parts.month, parts.date);
  if (day === null || parts.minute > 59 || parts.second > 59) return null;
  if (parts.hour > 24 || (parts.hour === 24 && (parts.minute > 0 || parts.second > 0))) return null;
  return { localMinute: day * 1440 + parts.hour * 60 + parts.minute, hasTime: parts.hasTime };
}

function readExcel(raw: string): LocalTime | null {
  if (!/^\d{1,6}(\.\d+)?$/.test(raw)) return null;
  const serial = Number(raw);
  if (serial < 60 || serial > 2_958_465) return null;
  return { localMinute: Math.round((serial + EXCEL_EPOCH_DAY) * 1440), hasTime: !Number.isInteger(serial) };
}

const INSTANT = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;
function readInstant(raw: string, offset: ZoneOffset): LocalTime | null {
  const match = INSTANT.exec(raw);
  if (!match) return null;
  const [, year, month, date, hour, minute, second, zone] = match;
  const local = build({
    year: Number(year),
    month: Number(month),
    date: Number(date),
    hour: Number(hour),
    minute: Number(minute),
    second: second === undefined ? 0 : Number(second),
    hasTime: true,
  });
  if (local === null) return null;
  const text = zone as string;
  const minutes =
    text === 'Z' ? 0 : (text.startsWith('-') ? -1 : 1) * (Number(text.slice(1, 3)) * 60 + Number(text.slice(-2)));
  return atInstant(local.localMinute - minutes, offset);
}

const atInstant = (utcMinute: number, offset: ZoneOffset): LocalTime => ({
  localMinute: utcMinute + offset(utcMinute),
  hasTime: true,
});
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
