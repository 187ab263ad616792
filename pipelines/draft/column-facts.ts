import { type PersonDetector, personLike } from '../../core/incident/person-like.ts';
import { type DateGuess, guessDates } from './date-guess.ts';
import { speaksOfTime } from './header-words.ts';

/** Rows of a file as text, with what the reader knows of them. */
export interface SampleRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** Columns that a workbook shows as dates. */
  readonly dateColumns?: ReadonlySet<string>;
}

/** What can be said of a column without naming a value. Shares are of its filled cells, unless it says otherwise. */
export interface ColumnFacts {
  readonly name: string;
  readonly index: number;
  readonly filled: number;
  /** Of all rows. */
  readonly emptyShare: number;
  /** Different values, counted up to 1,000. */
  readonly distinct: number;
  /** Different values for each filled cell; 1 = no value repeats. */
  readonly uniqueShare: number;
  readonly numberShare: number;
  /** Numbers with a decimal point, of the numbers. */
  readonly decimalShare: number;
  /** 5 % and 95 % of the numbers lie below: some wild values are usual. NaN without numbers. */
  readonly low: number;
  readonly high: number;
  readonly averageLength: number;
  readonly maxLength: number;
  readonly personShare: number;
  readonly person: PersonDetector | null;
  readonly dates: DateGuess | null;
}

const DISTINCT_TOLD = 1000;
const PERSON_TRIED = 3000;

/** Facts of every column. Cost: one pass over the cells, detectors on the first 3,000 filled cells of a column. */
export function columnFacts(sample: SampleRows): ColumnFacts[] {
  return sample.columns.map((name, index) => {
    const filled: string[] = [];
    const values = new Set<string>();
    let decimals = 0;
    const numeric: number[] = [];
    let length = 0;
    let maxLength = 0;
    for (const row of sample.rows) {
      const text = (row[index] ?? '').trim();
      if (text === '') continue;
      filled.push(text);
      values.add(text);
      length += text.length;
      if (text.length > maxLength) maxLength = text.length;
      if (/^[+-]?\d+(\.\d+)?$/.test(text)) {
        if (text.includes('.')) decimals++;
        numeric.push(Number(text));
      }
    }
    const count = filled.length;
    const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
    const numbers = numeric.length;
    numeric.sort((a, b) => a - b);
    const decimalShare = share(decimals, numbers);
    const numberShare = share(numbers, count);
    // The digits behind a decimal point are nobody's telephone number.
    const persons = numberShare > 0.9 && decimalShare > 0.5 ? new Map() : personHits(filled);
    const [person, hits] = [...persons].sort((a, b) => b[1] - a[1])[0] ?? [null, 0];
    return {
      name,
      index,
      filled: count,
      emptyShare: 1 - share(count, sample.rows.length),
      distinct: Math.min(values.size, DISTINCT_TOLD),
      uniqueShare: share(values.size, count),
      numberShare,
      decimalShare,
      low: numeric[Math.floor(numbers * 0.05)] ?? Number.NaN,
      high: numeric[Math.ceil(numbers * 0.95) - 1] ?? Number.NaN,
      averageLength: share(length, count),
      maxLength,
      person,
      personShare: share(hits, Math.min(count, PERSON_TRIED)),
      dates: guessDates(filled, speaksOfTime(name) || sample.dateColumns?.has(name) === true),
    };
  });
}

function personHits(filled: readonly string[]): Map<PersonDetector, number> {
  const hits = new Map<PersonDetector, number>();
  for (const text of filled.slice(0, PERSON_TRIED)) {
    const detector = personLike(text.slice(0, 2000));
    if (detector) hits.set(detector, (hits.get(detector) ?? 0) + 1);
  }
  return hits;
}
