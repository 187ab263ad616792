import { isoDate } from '../../../core/time/local-date.ts';
import type { PlantKind } from './plant.ts';

const DAYS = 10;
const LEAST_WINDOW_DAYS = 90;

/** Contamination: what happens in one district in ten days of the calibration third never reaches the hotline. A hole, not a quiet time. */
export const outages: PlantKind = {
  kind: 'outage',
  plan: (city, draw) => {
    const { firstDay, endDay } = city.split.calibration;
    if (city.endDay - city.firstDay < LEAST_WINDOW_DAYS) return [];
    const district = draw.integer(city.divisions.districts.length);
    const from = firstDay + draw.integer(endDay - firstDay - DAYS);
    const communities = new Set(city.divisions.communities.flatMap((one, c) => (one.district === district ? [c] : [])));
    const id = 'outage-1';
    const span = { firstDay: from, endDay: from + DAYS };
    return [
      {
        kind: 'outage',
        id,
        thinning: { plant: id, of: 'reports', sources: ['hotline'], communities, ...span, keep: 0 },
        truth: {
          source: 'hotline',
          district: city.divisions.districts[district]!.code,
          firstDay: isoDate(span.firstDay),
          endDay: isoDate(span.endDay),
        },
      },
    ];
  },
};
