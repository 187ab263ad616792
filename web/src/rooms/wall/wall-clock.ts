/** The clock of the machine behind a wall is often wrong. It is compared with the server's and with the newest record. */
export interface ClockInput {
  /** Server − machine, milliseconds; null = the server has not said. */
  readonly serverOffsetMs: number | null;
  /** Local minute of the city by the clock that is trusted. */
  readonly nowMinute: number;
  /** Newest record of any source; null = none. */
  readonly newestMinute: number | null;
}

export type ClockVerdict =
  | { readonly kind: 'ok' }
  /** Positive: the machine is slow. */
  | { readonly kind: 'machine-off'; readonly minutes: number }
  /** Records of the future: then the server's clock is wrong too, or the zone is. */
  | { readonly kind: 'before-data'; readonly minutes: number };

const TOLERANCE_MIN = 2;
/** Sources stamp records to the end of their day. */
const FUTURE_MIN = 5;

export function clockVerdict({ serverOffsetMs, nowMinute, newestMinute }: ClockInput): ClockVerdict {
  const off = serverOffsetMs === null ? 0 : Math.round(serverOffsetMs / 60_000);
  if (Math.abs(off) > TOLERANCE_MIN) return { kind: 'machine-off', minutes: off };
  if (newestMinute !== null && newestMinute - nowMinute > FUTURE_MIN)
    return { kind: 'before-data', minutes: Math.round(newestMinute - nowMinute) };
  return { kind: 'ok' };
}

/**
 * Server − machine from a `Date` header, which has whole seconds, and the moments a request was sent and answered. A slow answer says little.
 *
 * @returns null when the header is missing or the answer took longer than 30 s
 */
export function offsetFrom(answer: {
  readonly dateHeader: string | null;
  readonly sentMs: number;
  readonly answeredMs: number;
}): number | null {
  const server = answer.dateHeader === null ? Number.NaN : Date.parse(answer.dateHeader);
  if (Number.isNaN(server) || answer.answeredMs - answer.sentMs > 30_000) return null;
  return server + 500 - (answer.sentMs + answer.answeredMs) / 2;
}

/** Local minute of a zone at a moment. `format` as made by `localFormat`. */
export function localMinuteAt(ms: number, format: Intl.DateTimeFormat): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
  const { year = 1970, month = 1, day = 1, hour = 0, minute = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute) / 60_000;
}

export function localFormat(zone: string): Intl.DateTimeFormat {
  const numeric = 'numeric';
  return new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: numeric,
    month: numeric,
    day: numeric,
    hour: numeric,
    minute: numeric,
  });
}
