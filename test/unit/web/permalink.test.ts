import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatArea } from '../../../core/geo/area/area-text.ts';
import {
  DEFAULT_LINK,
  formatLink,
  HOTSPOT_BASES,
  type Link,
  MAP_LAYERS,
  parseLink,
  roundView,
} from '../../../web/src/state/permalink.ts';
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
  })
  .map(roundView);
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
  pane: fc.constantFrom(null, 'sql', 'table-source', 'table-division-2', 'table-cell-10'),
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
