import { civilOf, dayOf } from '../../../core/time/local-date.ts';

/** 0 on 1 January. */
export function civilDayOfYear(day: number): number {
  return day - dayOf(civilOf(day).year, 1, 1);
}

const two = (n: number): string => (n < 10 ? `0${n}` : String(n));

export interface LocalTime {
  /** Days since 1970-01-01 in the city's zone. */
  readonly day: number;
  /** Of the day. */
  readonly minute: number;
  readonly second: number;
}

/** `2026-11-15 08:05:09` */
export function dashed({ day, minute, second }: LocalTime): string {
  const { year, month, date } = civilOf(day);
  return `${year}-${two(month)}-${two(date)} ${two(Math.floor(minute / 60))}:${two(minute % 60)}:${two(second)}`;
}

/** `2026/11/5 8:05`, as a spreadsheet shows it. */
export function slashed({ day, minute }: LocalTime): string {
  const { year, month, date } = civilOf(day);
  return `${year}/${month}/${date} ${Math.floor(minute / 60)}:${two(minute % 60)}`;
}

/** `2026-11-15T08:05:09+08:00` */
export function isoWithOffset(time: LocalTime): string {
  return `${dashed(time).replace(' ', 'T')}+08:00`;
}

/** `20261115` */
export function compactDate(day: number): string {
  const { year, month, date } = civilOf(day);
  return `${year}${two(month)}${two(date)}`;
}

/** Excel serial day number, 1900 date system. 1970-01-01 is 25569. */
export function excelSerial({ day, minute, second }: LocalTime): string {
  return (day + 25569 + (minute * 60 + second) / 86400).toFixed(6);
}
