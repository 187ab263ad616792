import type { SourceKey } from './catalogue/types.ts';
import type { Random } from './random.ts';

/** What is wrong with a row. One row has one fault, so that counts can be compared with the pipeline's verdicts. */
export const DIRT = {
  'wrong-column-count': 'rejected',
  'id-missing': 'rejected',
  'duplicate-id': 'rejected',
  deleted: 'rejected',
  'duplicate-marked': 'rejected',
  'date-missing': 'rejected',
  'date-unreadable': 'rejected',
  'coordinate-missing': 'unlocated',
  'coordinate-unreadable': 'unlocated',
  'coordinate-zero': 'unlocated',
  'coordinate-swapped': 'unlocated',
  'coordinate-outside': 'unlocated',
  'category-unknown': 'unmapped',
  'category-blank': 'unmapped',
  'closed-before-occurred': 'warning',
} as const;
export type Dirt = keyof typeof DIRT;

/** Shares of rows. A kind that is not named does not happen in that source. */
export const DIRT_SHARES: Record<SourceKey, Partial<Record<Dirt, number>>> = {
  hotline: {
    'wrong-column-count': 0.0005,
    'id-missing': 0.0002,
    'duplicate-id': 0.005,
    deleted: 0.003,
    'duplicate-marked': 0.01,
    'date-missing': 0.0005,
    'date-unreadable': 0.001,
    'coordinate-missing': 0.02,
    'coordinate-unreadable': 0.0005,
    'coordinate-zero': 0.003,
    'coordinate-swapped': 0.002,
    'coordinate-outside': 0.003,
    'category-unknown': 0.004,
    'category-blank': 0.003,
    'closed-before-occurred': 0.001,
  },
  police: {
    'duplicate-id': 0.003,
    deleted: 0.002,
    'date-unreadable': 0.0005,
    'coordinate-missing': 0.01,
    'coordinate-zero': 0.004,
    'coordinate-outside': 0.003,
    'category-unknown': 0.005,
    'category-blank': 0.001,
  },
  dispute: {
    'duplicate-id': 0.003,
    'date-missing': 0.002,
    'coordinate-missing': 0.04,
    'coordinate-swapped': 0.003,
    'coordinate-outside': 0.001,
    'category-unknown': 0.003,
    'category-blank': 0.002,
  },
};

export function drawDirt(source: SourceKey, draw: Random): Dirt | null {
  let u = draw.uniform();
  for (const [dirt, share] of Object.entries(DIRT_SHARES[source])) {
    if (u < share) return dirt as Dirt;
    u -= share;
  }
  return null;
}

/** Coordinates of other cities (Shanghai, Wuxi, Jiaxing), well outside every district. */
const ELSEWHERE = [
  { lng: 121.47, lat: 31.23 },
  { lng: 120.3, lat: 31.57 },
  { lng: 120.75, lat: 30.75 },
];

export function elsewhere(draw: Random): { lng: number; lat: number } {
  const city = draw.pick(ELSEWHERE);
  return { lng: city.lng + 0.03 * (draw.uniform() - 0.5), lat: city.lat + 0.03 * (draw.uniform() - 0.5) };
}
