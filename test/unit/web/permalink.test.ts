import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArea } from '../../../core/geo/area/area-text.ts';
import type { ScaleChoice } from '../../../web/src/layers/class-breaks.ts';
import { MAP_LAYER_IDS } from '../../../web/src/map/contract.ts';
import { DEFAULT_LAYERS } from '../../../web/src/map/layer-order.ts';
import { BESIDE } from '../../../web/src/state/compare-link.ts';
import { COMPARED_WITH, DEFAULT_LOOK, MAP_MODES, type MapLook, parseLook } from '../../../web/src/state/map-look.ts';
import {
  DEFAULT_LINK,
  formatLink,
  HOTSPOT_BASES,
  type Link,
  MAP_LAYERS,
  parseLink,
  roundView,
} from '../../../web/src/state/permalink.ts';
import { WINDOW_KINDS } from '../../../web/src/time/clock.ts';
import { areas } from '../../support/made-areas.ts';

const hex = (length: number) =>
  fc.array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length }).map((d) => d.join(''));
const week = fc
  .tuple(fc.integer({ min: 2000, max: 2100 }), fc.integer({ min: 1, max: 53 }))
  .map(([year, number]) => `${year}-W${String(number).padStart(2, '0')}`);
const word = fc.stringMatching(/^[a-z][a-z-]{0,12}$/);
const source = fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,40}$/);
const category = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const view = fc
  .record({
    lng: fc.double({ min: -180, max: 180, noNaN: true }),
    lat: fc.double({ min: -90, max: 90, noNaN: true }),
    zoom: fc.double({ min: 0, max: 24, noNaN: true }),
    pitch: fc.double({ min: 0, max: 60, noNaN: true }),
    bearing: fc.double({ min: -180, max: 180, noNaN: true }),
  })
  .map(roundView);
const layers = fc
  .tuple(
    fc.shuffledSubarray([...MAP_LAYER_IDS], { minLength: MAP_LAYER_IDS.length, maxLength: MAP_LAYER_IDS.length }),
    fc.array(fc.record({ visible: fc.boolean(), opacity: fc.integer({ min: 10, max: 100 }).map((n) => n / 100) }), {
      minLength: MAP_LAYER_IDS.length,
      maxLength: MAP_LAYER_IDS.length,
    }),
  )
  .map(([ids, states]) => ids.map((id, i) => ({ id, ...states[i]! })));
const scale: fc.Arbitrary<ScaleChoice> = fc.oneof(
  fc.constant({ method: 'quantile' } as const),
  fc.constant({ method: 'jenks' } as const),
  fc
    .uniqueArray(fc.integer({ min: 1, max: 1e6 }), { minLength: 1, maxLength: 7 })
    .map((breaks) => ({ method: 'fixed', breaks: breaks.sort((a, b) => a - b) }) as const),
);
const look: fc.Arbitrary<MapLook> = fc.record({
  layers,
  scale,
  mode: fc.constantFrom(...MAP_MODES),
  against: fc.constantFrom(...COMPARED_WITH),
  columns: fc.boolean(),
  divisionLevel: fc.integer({ min: 1, max: 4 }),
});
const link: fc.Arbitrary<Link> = fc.record({
  snapshot: fc.option(hex(16)),
  view: fc.option(view),
  weeks: fc.option(fc.tuple(week, week).map(([a, b]) => (a <= b ? { from: a, to: b } : { from: b, to: a }))),
  sources: fc.uniqueArray(source, { maxLength: 4 }),
  categories: fc.uniqueArray(category, { maxLength: 6 }),
  division: fc.option(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }).filter((text) => /^[^\p{C}]{1,64}$/u.test(text)),
  ),
  area: fc.option(areas.map(formatArea)),
  hours: fc.option(
    fc.tuple(fc.nat(6), fc.nat(6), fc.nat(23), fc.nat(23)).map(([a, b, c, d]) => ({
      firstDay: Math.min(a, b),
      endDay: Math.max(a, b) + 1,
      firstHour: Math.min(c, d),
      endHour: Math.max(c, d) + 1,
    })),
  ),
  cell: fc.option(hex(14).map((digits) => `8${digits}`)),
  alert: fc.option(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }).filter((text) => /^[^\p{C}]{1,200}$/u.test(text)),
  ),
  layer: fc.constantFrom(...MAP_LAYERS),
  basis: fc.option(fc.constantFrom(...HOTSPOT_BASES)),
  window: fc.option(fc.stringMatching(/^[a-z0-9][a-z0-9-]{0,20}$/)),
  marks: fc.boolean(),
  playback: fc.option(
    fc.record({ window: fc.constantFrom(...WINDOW_KINDS), day: fc.option(fc.integer({ min: 0, max: 40_000 })) }),
  ),
  compare: fc.option(
    fc.oneof(
      fc.record({
        side: fc.oneof(
          fc.constantFrom({ kind: 'previous' } as const, { kind: 'year' } as const, { kind: 'festival' } as const),
          week.map((from) => ({ kind: 'week', from }) as const),
        ),
        beside: fc.constantFrom(...BESIDE),
      }),
      fc
        .constantFrom('320505', '吴江区 A/b', 'x:y', 'week-2026-W01')
        .map((division) => ({ side: { kind: 'place', division } as const, beside: 'counts' as const })),
    ),
  ),
  pane: fc.constantFrom(null, 'sql', 'stages', 'table-source', 'table-division-2', 'table-cell-10'),
  preset: fc.constantFrom(null, '3', 'where'),
  look,
  locale: fc.constantFrom('zh-CN' as const, 'en' as const),
  theme: fc.constantFrom('light' as const, 'dark' as const),
});

describe('permalink', () => {
  it('reads back every link it writes', () => {
    fc.assert(
      fc.property(link, (value) => {
        expect(parseLink(formatLink(value))).toEqual(value);
        expect(parseLink(`?${formatLink(value)}`)).toEqual(value);
      }),
      { numRuns: 1000 },
    );
  }, 60_000);

  it('falls back where the look of the map is damaged, key by key', () => {
    const parsed = (text: string) => parseLook(new URLSearchParams(text));
    for (const bad of ['l=nothing', 'l=hexagons,hexagons', 'l=hexagons.5', 'l=hexagons.05', 'l=,', 'l=hexagons.500'])
      expect(parsed(bad).layers, bad).toEqual(DEFAULT_LAYERS);
    for (const bad of ['scale=fixed', 'scale=fixed,5,1', 'scale=kmeans', 'mode=x', 'level=9', 'columns=1', 'against=z'])
      expect(parsed(bad), bad).toEqual(DEFAULT_LOOK);
    // A link that names some layers leaves the others where they were.
    const some = parsed('l=!hexagons,seams.50').layers;
    expect(some.map(({ id }) => id).sort()).toEqual([...MAP_LAYER_IDS].sort());
    expect(some.find(({ id }) => id === 'hexagons')?.visible).toBe(false);
    expect(some.find(({ id }) => id === 'seams')).toEqual({ id: 'seams', visible: true, opacity: 0.5 });
    expect(some.findIndex(({ id }) => id === 'hexagons')).toBeLessThan(some.findIndex(({ id }) => id === 'seams'));
  });

  it('never throws and never lets a damaged value through', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseLink(text);
        expect(parseLink(formatLink(parsed))).toEqual(parsed);
      }),
    );
  });

  it('leaves defaults out', () => {
    expect(formatLink(DEFAULT_LINK)).toBe('version=1');
  });

  it('lets a damaged key fall back and keeps the others', () => {
    const parsed = parseLink(
      'version=1&weeks=2026-W60..2026-W61&sources=hotline&view=abc&cell=zz&layer=heat&window=W%204&categories=a,%20b&theme=dark',
    );
    expect(parsed).toEqual({ ...DEFAULT_LINK, sources: ['hotline'], theme: 'dark' });
  });

  it('does not guess at a link of another version', () => {
    expect(parseLink('version=2&sources=hotline')).toEqual(DEFAULT_LINK);
  });
});
