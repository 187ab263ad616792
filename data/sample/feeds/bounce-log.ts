import { isoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { City } from '../city.ts';
import { type BounceTotals, count } from '../truth.ts';
import { type Bounce, OFFICES } from './bounce.ts';
import type { Report } from './report.ts';

export interface BounceLog {
  /** The order in this state was sent back. */
  readonly add: (report: Report, bounce: Bounce) => void;
  readonly totals: () => BounceTotals;
  /** One refusal a line; office names as in 承办单位, without the street. */
  readonly csv: () => string;
}

/** The event log of refused orders (退单/重派): what a reader of the versions must find. */
export function bounceLog(city: City): BounceLog {
  const lines = ['id,hop,day,street,category,from,to,lostDays'];
  const matrix = OFFICES.map(() => OFFICES.map(() => 0));
  const byCategory: Record<string, number> = {};
  let orders = 0;
  let lostDays = 0;
  return {
    add: (report, bounce) => {
      const { category, place } = report.incident;
      const { ours } = CATALOGUE[category]!;
      const street = city.divisions.streets[city.divisions.communities[city.places.community[place]!]!.street]!.code;
      const lost = bounce.day - report.handedDay;
      if (report.version === 1) orders++;
      lostDays += lost;
      matrix[report.office]![bounce.to]!++;
      count(byCategory, ours);
      const from = OFFICES[report.office]!;
      lines.push(
        [report.id, report.version, isoDate(bounce.day), street, ours, from, OFFICES[bounce.to]!, lost].join(','),
      );
    },
    totals: () => ({ offices: [...OFFICES], orders, hops: lines.length - 1, lostDays, matrix, byCategory }),
    csv: () => `${lines.join('\n')}\n`,
  };
}
