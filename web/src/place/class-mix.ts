import { type PlacePattern, placePatterns } from '../../../core/metric/place-pattern.ts';
import type { HandledFacts } from '../snapshot/handled-facts.ts';
import { NO_DIVISION } from '../snapshot/model.ts';

/** Reports by place and class of some days. */
export interface MixQuestion {
  /** Half-open. */
  readonly days: { readonly firstDay: number; readonly endDay: number };
  /** Source ids; empty = all. */
  readonly sources: readonly number[];
  /** Class by category id. */
  readonly classOf: ArrayLike<number>;
  readonly classes: number;
  readonly places: number;
  /** Place of a report; −1 = none. */
  readonly placeOf: (file: HandledFacts, report: number) => number;
}

export interface Mixes {
  readonly patterns: readonly PlacePattern[];
  /** By class, the whole city with those in no place. */
  readonly city: Uint32Array;
}

export function mixesOf(files: readonly HandledFacts[], question: MixQuestion): Mixes {
  const { days, sources, classOf, classes, places, placeOf } = question;
  const counts = new Uint32Array(places * classes);
  const city = new Uint32Array(classes);
  for (const file of files)
    for (let i = 0; i < file.day.length; i++) {
      const day = file.day[i] as number;
      if (day < days.firstDay || day >= days.endDay) continue;
      if (sources.length > 0 && !sources.includes(file.source[i] as number)) continue;
      const of = classOf[file.category[i] as number] as number;
      city[of] = (city[of] as number) + 1;
      const place = placeOf(file, i);
      if (place >= 0) counts[place * classes + of] = (counts[place * classes + of] as number) + 1;
    }
  return { patterns: placePatterns({ counts, places, classes }, city), city };
}

/** By cell of a resolution; what is published only to a coarser one is in none. `endId` null = the finest. */
export function placeByCell(resolution: number, endId: Uint32Array | null): MixQuestion['placeOf'] {
  return (file, i) => {
    if ((file.res[i] as number) < resolution) return -1;
    const cell = file.cell[i] as number;
    if (!endId) return cell;
    let [low, high] = [0, endId.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cell < (endId[middle] as number)) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** By division of a level: place = position in `ids`, the divisions of that level in id order. */
export function placeByDivision(ids: readonly number[], end: Uint32Array): MixQuestion['placeOf'] {
  return (file, i) => {
    const division = file.division[i] as number;
    if (division === NO_DIVISION) return -1;
    let [low, high] = [0, ids.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((ids[middle] as number) <= division) low = middle;
      else high = middle - 1;
    }
    const id = ids[low];
    return id !== undefined && id <= division && division < (end[id] as number) ? low : -1;
  };
}
