import { parseIsoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { PlantKind } from './plant.ts';

/** Contamination: a category gets new words from a day on (`renamed` of the catalogue). The mapping knows both; nothing changes but the words. */
export const recodings: PlantKind = {
  kind: 'recoding',
  plan: (city) =>
    CATALOGUE.flatMap(({ source, ours, key, renamed }) => {
      if (!renamed) return [];
      const day = parseIsoDate(renamed.from);
      return day > city.firstDay && day < city.endDay
        ? [{ source, category: ours, day: renamed.from, from: key, to: renamed.key }]
        : [];
    }).map((truth, n) => ({ kind: 'recoding', id: `recoding-${n + 1}`, truth })),
};
