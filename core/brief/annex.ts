import { ALL_CATEGORIES } from '../contract/sense.ts';
import type { Words } from '../metric/verdict-words.ts';
import { type Band, bandAt, countIn, elsewhereIn, unlocatedIn } from './counts.ts';
import type { Figure } from './figure.ts';
import type { BriefInput } from './input.ts';
import { nameOf } from './names.ts';
import { weekQuery } from './state.ts';
import type { BriefWeek } from './week.ts';

/** A row of the table by division or by category: this week, the week before, and where it lies in its own normal. */
export interface AnnexRow {
  readonly key: string;
  readonly name: Words;
  readonly figure: Figure;
  readonly previous: Figure | null;
  /** By source, in the order of the manifest; null where no table tells. */
  readonly bySource: readonly (Figure | null)[];
  readonly band: Band | null;
}

export interface Annex {
  /** Districts in the order of the division table, never by volume; then what lies in none, then what has no place. They add up to the total. */
  readonly divisions: readonly AnnexRow[];
  readonly elsewhere: number;
  readonly unlocated: number;
  readonly total: Figure;
  /** Level-1 categories in the order of the tree, with what has none. They add up to the total. */
  readonly categories: readonly AnnexRow[];
}

export function annex(input: BriefInput, week: BriefWeek): Annex {
  const { divisions, manifest } = input;
  const rows: AnnexRow[] = [];
  for (let id = 1; id < divisions.count; id = divisions.end[id] as number)
    rows.push(row(input, week, { key: divisions.code[id] ?? String(id), name: nameOf(divisions, id), division: id }));
  const total = countIn(input, { sources: [], category: null, division: null }, week.index);
  return {
    divisions: rows,
    elsewhere: elsewhereIn(input, week.index),
    unlocated: unlocatedIn(input, week.index),
    total: { metric: 'incidents', value: total, text: null, query: weekQuery(week) },
    categories: manifest.dictionaries.categories
      .filter(({ level }) => level <= 1)
      .map(({ id, code, name }) => row(input, week, { key: code, name, category: id })),
  };
}

function row(
  input: BriefInput,
  week: BriefWeek,
  place: { readonly key: string; readonly name: Words; readonly division?: number; readonly category?: number },
): AnnexRow {
  const { division = 0, category = ALL_CATEGORIES } = place;
  const scope = { category: category === ALL_CATEGORIES ? null : category, division: division === 0 ? null : division };
  const figure = (sources: readonly number[], at: number): Figure => ({
    metric: 'incidents',
    value: countIn(input, { ...scope, sources }, at),
    text: null,
    query: { ...weekQuery(week, { sources, division, category }), weeks: { first: at, end: at + 1 } },
  });
  return {
    key: place.key,
    name: place.name,
    figure: figure([], week.index),
    previous: week.previous === null ? null : figure([], week.previous),
    bySource: input.manifest.dictionaries.sources.map(({ id }) => figure([id], week.index)),
    band: bandAt(input, { division, category, week: week.index }),
  };
}
