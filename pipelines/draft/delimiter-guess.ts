const CANDIDATES = [',', '\t', ';', '|', '^', '，'] as const;
const RECORDS = 1000;

export interface DelimiterGuess {
  readonly delimiter: string;
  /** Columns of most records; 1 when no candidate splits the text. */
  readonly columns: number;
  /** Share of the first 1,000 records that have so many. */
  readonly share: number;
}

/** The delimiter that cuts most of the first 1,000 records into the same number of columns, quotes respected; of equals the one with more columns. */
export function guessDelimiter(text: string): DelimiterGuess {
  let best: DelimiterGuess = { delimiter: ',', columns: 1, share: 1 };
  let bestScore = 0;
  for (const delimiter of CANDIDATES) {
    const widths = recordWidths(text, delimiter);
    const counts = new Map<number, number>();
    for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
    const [columns, records] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
    if (columns < 2) continue;
    const share = records / widths.length;
    const score = share + Math.min(columns, 100) / 1000;
    if (score > bestScore) {
      bestScore = score;
      best = { delimiter, columns, share };
    }
  }
  return best;
}

/** Cells in each record; blank ones are left out. A quote opens a cell only at its beginning. */
function recordWidths(text: string, delimiter: string): number[] {
  const widths: number[] = [];
  const split = delimiter.charCodeAt(0);
  let width = 1;
  let quoted = false;
  let fresh = true;
  let filled = false;
  for (let i = 0; i < text.length && widths.length < RECORDS; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 34) {
        if (text.charCodeAt(i + 1) === 34) i++;
        else quoted = false;
      }
      continue;
    }
    if (code === 34 && fresh) {
      quoted = true;
      filled = true;
    } else if (code === split) {
      width++;
      fresh = true;
      filled = true;
      continue;
    } else if (code === 10 || code === 13) {
      if (filled) widths.push(width);
      width = 1;
      filled = false;
      fresh = true;
      continue;
    } else filled = true;
    fresh = false;
  }
  if (filled && !quoted && widths.length < RECORDS) widths.push(width);
  return widths;
}
