import { isoDate, parseIsoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { PlantKind } from './plant.ts';

/** Same day as in `calendar.json`: a mini-program opens and easy complaints become more, while the streets stay as they were. */
const DAY = '2025-06-09';
const RISE = 0.35;
const GROUPS = ['traffic', 'sanitation'];

export const channelChange: PlantKind = {
  kind: 'channel-change',
  plan: (city) => {
    const day = parseIsoDate(DAY);
    if (day <= city.firstDay || day >= city.endDay) return [];
    CATALOGUE.forEach((category, c) => {
      if (category.source !== 'hotline' || !GROUPS.includes(category.ours.split('.')[0]!)) return;
      const expected = city.expected[c]!;
      // Taken up over three weeks.
      for (let i = day - city.firstDay; i < expected.length; i++) {
        expected[i] = expected[i]! * (1 + RISE * Math.min(1, (i - (day - city.firstDay) + 1) / 21));
      }
    });
    const truth = { source: 'hotline', day: isoDate(day), groups: GROUPS, rise: RISE };
    return [{ kind: 'channel-change', id: 'channel-change-1', truth }];
  },
};
