import type { ZoneOffset } from './date-pattern.ts';
import { dayOf } from './local-date.ts';

/** Offset of an IANA zone by the platform's own tables, remembered per UTC hour (offsets change on the quarter hour at finest; no zone in use changes inside one). */
export function zoneOffset(zone: string): ZoneOffset {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const known = new Map<number, number>();
  return (utcMinute) => {
    const hour = Math.floor(utcMinute / 60);
    const remembered = known.get(hour);
    if (remembered !== undefined) return remembered;
    const parts: Record<string, number> = {};
    for (const part of format.formatToParts(hour * 3_600_000)) parts[part.type] = Number(part.value);
    const local =
      dayOf(parts.year as number, parts.month as number, parts.day as number) * 1440 +
      (parts.hour as number) * 60 +
      (parts.minute as number);
    const minutes = local - hour * 60;
    known.set(hour, minutes);
    return minutes;
  };
}

/** Turns a clock time of one zone into that of another; at a repeated hour the first is taken. */
export function betweenZones(from: ZoneOffset, to: ZoneOffset): (localMinute: number) => number {
  return (localMinute) => {
    const guess = localMinute - from(localMinute);
    const utcMinute = localMinute - from(guess);
    return utcMinute + to(utcMinute);
  };
}
