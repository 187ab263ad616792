import { checkedDay } from './local-date.ts';

const DIGITS: Readonly<Record<string, string>> = { yyyy: '(\\d{4})', MM: '(\\d{2})', dd: '(\\d{2})' };

/**
 * Day (since 1970-01-01) that stands in a file's name by a pattern of `yyyy`, `MM`, `dd`; without `dd` the last day of the month.
 * Null when the name has no such date.
 */
export function localDay(pattern: string, name: string): number | null {
  const fields: string[] = [];
  const source = pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/yyyy|MM|dd/g, (field) => {
    fields.push(field);
    return DIGITS[field] as string;
  });
  const match = new RegExp(source).exec(name);
  if (!match) return null;
  const part = (field: string): number | null => {
    const at = fields.indexOf(field);
    return at < 0 ? null : Number(match[at + 1]);
  };
  const year = part('yyyy');
  const month = part('MM');
  if (year === null || month === null) return null;
  const date = part('dd');
  if (date !== null) return checkedDay(year, month, date);
  const next = month === 12 ? checkedDay(year + 1, 1, 1) : checkedDay(year, month + 1, 1);
  return next === null ? null : next - 1;
}
