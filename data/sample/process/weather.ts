import { CATALOGUE } from '../catalogue/index.ts';
import { random } from '../random.ts';
import { civilDayOfYear } from './civil.ts';

/** Days of weather that many categories feel at once, city-wide. */
export const WEATHERS = ['rain', 'heat', 'cold'] as const;
export type Weather = (typeof WEATHERS)[number];

/** Onsets a year, day of the year around which they fall, spread (sd, days), days they last. */
const CLIMATE: Record<Weather, { onsets: number; peak: number; sd: number; days: readonly number[] }> = {
  rain: { onsets: 20, peak: 190, sd: 60, days: [1, 1, 2, 3] },
  heat: { onsets: 6, peak: 205, sd: 20, days: [2, 3, 4, 6] },
  cold: { onsets: 4, peak: 15, sd: 20, days: [2, 3, 4] },
};

/** Factor on a category whose code begins with the key; sub-groups and types that are not named do not feel it. */
const EFFECTS: Record<Weather, Readonly<Record<string, number>>> = {
  rain: {
    'facilities.pipelines.drainage': 3,
    'facilities.roads.fallen-tree': 2.2,
    'facilities.roads.pothole': 1.3,
    'facilities.roads.manhole': 1.3,
    'facilities.lighting': 1.2,
    'housing.building-safety.leak': 1.8,
    'neighbourly.neighbours.water-leak-dispute': 1.3,
    'traffic.accident': 1.25,
    'traffic.road-use.traffic-control': 1.4,
    'traffic.signals.signal-fault': 1.4,
    'traffic.parking.shared-bikes': 0.7,
    'noise.social-noise.square-dance': 0.4,
    'noise.construction-noise': 0.75,
    'sanitation.street-scene.stalls': 0.6,
    'property-crime.theft.ebike-theft': 0.85,
    'order.assault': 0.85,
  },
  heat: {
    'facilities.pipelines.power': 1.7,
    'facilities.pipelines.water-supply': 1.25,
    'sanitation.waste': 1.2,
    'housing.property.elevator': 1.2,
    'noise.social-noise': 1.15,
    'order.assault': 1.15,
    'order.disorder': 1.1,
  },
  cold: {
    'facilities.pipelines.water-supply': 1.9,
    'facilities.pipelines.gas': 1.5,
    'traffic.accident': 1.15,
    'noise.social-noise.square-dance': 0.5,
    'sanitation.street-scene.stalls': 0.8,
  },
};

/** Weather of every day of the window; null = an ordinary day. Draws a stream of its own. */
export function weatherDays(seed: number, { firstDay, days }: { firstDay: number; days: number }): (Weather | null)[] {
  const draw = random(seed, 'weather');
  const weather: (Weather | null)[] = Array.from({ length: days }, () => null);
  for (let i = 0; i < days; i++) {
    for (const kind of WEATHERS) {
      const { onsets, peak, sd, days: lengths } = CLIMATE[kind];
      const away = Math.abs(civilDayOfYear(firstDay + i) - peak);
      const density = Math.exp(-0.5 * (Math.min(away, 365 - away) / sd) ** 2) / (sd * Math.sqrt(2 * Math.PI));
      if (draw.uniform() >= onsets * density) continue;
      const end = Math.min(days, i + draw.pick(lengths));
      for (let j = i; j < end; j++) weather[j] ??= kind;
    }
  }
  return weather;
}

/** Factor of a weather day on each category of `CATALOGUE`. */
export const WEATHER_FACTORS: Record<Weather, Float64Array> = {
  rain: factorsOf('rain'),
  heat: factorsOf('heat'),
  cold: factorsOf('cold'),
};

function factorsOf(weather: Weather): Float64Array {
  const effects = Object.entries(EFFECTS[weather]);
  return Float64Array.from(CATALOGUE, ({ ours }) => effects.find(([prefix]) => ours.startsWith(prefix))?.[1] ?? 1); // not felt
}
