import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../../core/stats/random.ts';
import { dayOf, isoDate } from '../../core/time/local-date.ts';
import type { SmallCity } from '../golden/bad-input/small-city.ts';
import { csvOf, type Row, setInputs, threeFeeds } from './three-feeds.ts';

/** A city of 270 cells of resolution 8 with two and a half years and a place that becomes hot: enough for every part of sensing. */
export const FIRST = dayOf(2022, 1, 3);
export const END = dayOf(2024, 7, 1);
export const HOT = { lng: 120.03, lat: 31.05 };
/** Police did not deliver these days. */
export const OUTAGE = { firstDay: dayOf(2024, 3, 4), endDay: dayOf(2024, 4, 1) };
/** The kind `home` is used from here on. */
export const BORN = dayOf(2024, 2, 5);

function rows(prefix: string, random: Random, perDay: number, delivered: (day: number) => boolean): Row[] {
  const all: Row[] = [];
  const push = (day: number, kind: string, at: { lng: number; lat: number }): void => {
    all.push({
      ...{ id: `${prefix}${all.length}`, rev: 1, kind, mark: '', area: '', street: '' },
      time: `${isoDate(day)} ${String(random.below(24)).padStart(2, '0')}:30:00`,
      lng: at.lng.toFixed(4),
      lat: at.lat.toFixed(4),
      state: random.uniform() < 0.7 ? 'closed' : 'open',
      own: at.lng < 120.06 ? '01' : '02',
    });
  };
  for (let day = FIRST; day < END; day++) {
    if (!delivered(day)) continue;
    for (let n = random.poisson(perDay); n > 0; n--) {
      const kind = day >= BORN && random.uniform() < 0.1 ? 'home' : random.uniform() < 0.5 ? 'parking' : 'noise';
      push(day, kind, { lng: 120.001 + random.uniform() * 0.118, lat: 31.001 + random.uniform() * 0.098 });
    }
    if (prefix === 'O' && day >= END - 21)
      for (let n = random.poisson(4); n > 0; n--)
        push(day, 'noise', { lng: HOT.lng + random.uniform() * 0.003, lat: HOT.lat });
  }
  return all;
}

/** Profile and inputs; nothing has run yet. */
export function sensedCity(): SmallCity {
  const city = threeFeeds({
    factsPeriod: 'year',
    change: (profile) => {
      profile.window = { firstDay: isoDate(FIRST), endDay: isoDate(END) };
    },
  });
  const square = (code: string, name: string, west: number) => ({
    type: 'Feature',
    properties: { code, name },
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [west, 31],
          [west + 0.06, 31],
          [west + 0.06, 31.1],
          [west, 31.1],
          [west, 31],
        ],
      ],
    },
  });
  writeFileSync(
    join(city.profile, 'districts.geojson'),
    JSON.stringify({
      type: 'FeatureCollection',
      features: [square('01', '西区', 120), square('02', '东区', 120.06)],
    }),
  );
  const random = new Random(77);
  setInputs(city, {
    'orders.csv': csvOf(rows('O', random, 6, () => true)),
    'police.csv': csvOf(rows('P', random, 3, (day) => day < OUTAGE.firstDay || day >= OUTAGE.endDay)),
    'disputes-20240701.csv': csvOf(rows('D', random, 0.5, () => true)),
  });
  return city;
}
