import { expect, it } from 'vitest';
import { dayOf } from '../../../../core/time/local-date.ts';
import { parseReview, reviewPath, weekOf } from '../../../../web/src/rooms/review/address.ts';
import { findingBounds, mapResolution, stepOf } from '../../../../web/src/rooms/review/map-geometry.ts';
import { deskUrl, scopeOf } from '../../../../web/src/rooms/review/query-link.ts';
import { parseLink } from '../../../../web/src/state/permalink.ts';
import { madeBrief } from '../../../support/made-brief.ts';

it.each([
  ['/review', null, null],
  ['/review/', null, null],
  ['/review/2026-W46', '2026-W46', null],
  ['/review/2026-W46/meeting', '2026-W46', 1],
  ['/review/2026-W46/meeting/7', '2026-W46', 7],
  ['/review/meeting/2', null, 2],
  ['/review/2026-W54', null, null],
  ['/review/2026-W46/meeting/0', null, null],
  ['/review/%00', null, null],
])('%s', (path, week, slide) => {
  const read = parseReview(path);
  expect(read.week).toBe(week);
  if (path !== '/review/2026-W46/meeting/0') expect(read.slide).toBe(slide);
  expect(parseReview(reviewPath(read))).toEqual(read);
});

it('a week the snapshot does not have is told, and the last complete one shown', () => {
  const { manifest } = madeBrief({ firstMonday: dayOf(2026, 3, 2), weeks: 3, rows: [] });
  expect(weekOf({ week: null, slide: null }, manifest)).toEqual({ index: 2, unknown: null });
  expect(weekOf({ week: '2026-W10', slide: null }, manifest)).toEqual({ index: 0, unknown: null });
  expect(weekOf({ week: '2031-W10', slide: null }, manifest)).toEqual({ index: 2, unknown: '2031-W10' });
  expect(weekOf({ week: null, slide: null }, { weeks: [], window: { firstDay: 0, endDay: 0 } })).toBeNull();
});

it('a figure opens exactly its query on the desk', () => {
  const { manifest, divisions } = madeBrief({ firstMonday: dayOf(2026, 3, 2), weeks: 3, rows: [] });
  const snapshot = { manifest, divisions: { ...divisions } as never };
  const query = { weeks: { first: 1, end: 3 }, sources: [0, 2], category: 2, division: 5, alert: null };
  const link = parseLink(deskUrl(query, snapshot, { locale: 'en', theme: 'dark' }).split('?')[1] ?? '');
  expect(link).toMatchObject({
    snapshot: manifest.snapshot,
    weeks: { from: '2026-W11', to: '2026-W12' },
    sources: ['source-0', 'source-2'],
    categories: ['noise.social'],
    division: '0201',
    locale: 'en',
    theme: 'dark',
  });
  expect(scopeOf(query, snapshot)).toEqual({
    division: '0201',
    category: 'noise.social',
    sources: ['source-0', 'source-2'],
    alert: null,
  });
});

it('a small map shows the cells, else the division, else the centre, else nothing', () => {
  const square = {
    type: 'Feature' as const,
    properties: { id: 4 },
    geometry: {
      type: 'Polygon' as const,
      coordinates: [
        [
          [120, 31],
          [120.5, 31],
          [120.5, 31.5],
          [120, 31],
        ],
      ],
    },
  };
  const areas = [{ level: 1, features: { type: 'FeatureCollection' as const, features: [square] } }];
  expect(findingBounds({ division: 4, cells: [], centre: [1, 1] }, null, areas)).toEqual([
    119.95, 30.95, 120.55, 31.55,
  ]);
  expect(findingBounds({ division: 9, cells: [], centre: [1, 1] }, null, areas)?.map((n) => Math.round(n))).toEqual([
    1, 1, 1, 1,
  ]);
  expect(findingBounds({ division: null, cells: [], centre: null }, null, areas)).toBeNull();
  expect([mapResolution([120, 31, 120.5, 31.5]), mapResolution([120, 31, 120.05, 31.05])]).toEqual([8, 9]);
  expect([1, 2, 3, 4, 7, 8, 500].map(stepOf)).toEqual([0, 1, 1, 2, 2, 3, 3]);
});
