import type { About } from './about.ts';
import type { Cell, Sheet } from './sheet.ts';

/** Excel takes a file without it for the code page of the machine. */
const BOM = '\ufeff';
const LINE = '\r\n';

/**
 * What a spreadsheet would run as a formula (OWASP, CSV injection), the full-width forms of a Chinese keyboard included. A line break in
 * front counts too: it starts a cell anew in some programs.
 */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/** A text that a spreadsheet shows as it is: an apostrophe in front of what it would run. Numbers are never touched. */
export function safeText(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(cell) : '';
  const safe = safeText(cell);
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * UTF-8 with BOM, CRLF. The data comes first, so that sorting, filtering and pivoting in Excel take the table with its header as they
 * should; after one empty line follows what it is: title, filters, as-of, snapshot. Comment lines in front would be read as data and as
 * the header. Every line has the same number of fields, which strict readers ask for.
 */
export function csvOf(sheet: Sheet, about: About | null): string {
  const width = Math.max(sheet.columns.length, about ? 2 : 0);
  const line = (cells: readonly Cell[]) => Array.from({ length: width }, (_, i) => csvCell(cells[i] ?? null)).join(',');
  const lines = [line(sheet.columns.map(({ name }) => name)), ...sheet.rows.map(line)];
  if (about) lines.push(line([]), ...about.lines.map(({ name, text }) => line([name, text])));
  return BOM + lines.map((text) => text + LINE).join('');
}

/** For the clipboard: one row a line, tabs between, as Excel pastes it. */
export function tsvOf(sheet: Sheet): string {
  const cell = (value: Cell) =>
    value === null ? '' : typeof value === 'number' ? String(value) : safeText(value.replace(/[\t\r\n]+/g, ' ').trim());
  return [sheet.columns.map(({ name }) => name), ...sheet.rows].map((row) => row.map(cell).join('\t')).join(LINE);
}
