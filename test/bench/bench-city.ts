import { Random } from '../../core/stats/random.ts';
import { dayOf, isoDate } from '../../core/time/local-date.ts';
import type { SmallCity } from '../golden/bad-input/small-city.ts';
import { csvOf, type FeedName, type Row, runCity, setInputs, threeFeeds } from '../support/three-feeds.ts';

const KINDS = ['parking', 'noise', 'home'] as const;
const FEEDS: readonly FeedName[] = ['orders', 'police', 'disputes'];
/** The window of `threeFeeds`. */
const FIRST = dayOf(2024, 1, 1);
const DAYS = 182;

/** A small city with many incidents, through the real pipeline, in seconds: what keeps the bench of the page alive in `npm test`. */
export async function benchCity(incidents: number): Promise<SmallCity> {
  const city = threeFeeds();
  const random = new Random(5);
  const rows: Record<FeedName, Row[]> = { orders: [], police: [], disputes: [] };
  const of = <T>(values: readonly T[]): T => values[random.below(values.length)] as T;
  for (let i = 0; i < incidents; i++) {
    const feed = of(FEEDS);
    const lng = 120.0001 + random.uniform() * 0.0198;
    rows[feed].push({
      ...{
        id: `${feed[0]}${i}`,
        rev: 1,
        kind: of(KINDS),
        state: of(['closed', 'open']),
        mark: '',
        area: '',
        street: '',
      },
      time: `${isoDate(FIRST + random.below(DAYS))} ${String(random.below(24)).padStart(2, '0')}:30:00`,
      lng: lng.toFixed(5),
      lat: (31.0001 + random.uniform() * 0.0198).toFixed(5),
      own: lng < 120.01 ? '01' : '02',
    });
  }
  setInputs(city, {
    'orders.csv': csvOf(rows.orders),
    'police.csv': csvOf(rows.police),
    'disputes-20240701.csv': csvOf(rows.disputes),
  });
  await runCity(city);
  return city;
}
