import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Calendar, type CategoryNode, parseProfile } from '../../../core/contract/profile.ts';
import { contains, areaKm2 as sphericalKm2 } from '../../../core/geo/polygon.ts';
import { parseIsoDate } from '../../../core/time/local-date.ts';
import { calendarDays, calendarFactor } from '../../../data/sample/calendar.ts';
import { CATALOGUE, mapping } from '../../../data/sample/catalogue/index.ts';
import { COMPLAINT_HEADER } from '../../../data/sample/feeds/complaint-rows.ts';
import { DISPUTE_HEADER } from '../../../data/sample/feeds/dispute-rows.ts';
import { idNumber } from '../../../data/sample/feeds/persons.ts';
import { makeDivisions, terrain } from '../../../data/sample/geography/divisions.ts';
import { densityField } from '../../../data/sample/geography/field.ts';
import { toLat, toLng } from '../../../data/sample/geography/projection.ts';
import { areaKm2 } from '../../../data/sample/geography/tessellation.ts';
import { encodeGb18030 } from '../../../data/sample/io/gb18030.ts';
import { random } from '../../../data/sample/random.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../data/${path}`, import.meta.url), 'utf8'));

describe('the profile of the sample city', () => {
  const parsed = parseProfile(read('profiles/suzhou/profile.json'));

  it('is accepted by the contract, as is its calendar', () => {
    expect(parsed).toMatchObject({ ok: true });
    expect(Calendar.parse(read('profiles/suzhou/calendar.json')).holidaysFrom).toBe('cn');
  });

  it('names every column of the feeds, read or deliberately not read', () => {
    if (!parsed.ok) throw new Error('no profile');
    const named = (id: string): string[] => {
      const feed = parsed.profile.feeds.find((entry) => entry.id === id)!;
      const text = JSON.stringify(feed);
      return [...COMPLAINT_HEADER, ...DISPUTE_HEADER].filter((column) => text.includes(`"${column}"`));
    };
    expect(named('hotline')).toEqual(expect.arrayContaining([...COMPLAINT_HEADER]));
    expect(named('dispute')).toEqual(expect.arrayContaining([...DISPUTE_HEADER]));
  });

  it('maps every category of the catalogue to a code of the tree', () => {
    expect(read('profiles/suzhou/mapping.json')).toEqual(mapping());
    const codes = new Set<string>();
    const walk = (node: CategoryNode): void => {
      codes.add(node.code);
      node.children?.forEach(walk);
    };
    (read('categories.json') as CategoryNode[]).forEach(walk);
    expect(CATALOGUE.map((category) => category.ours).filter((code) => !codes.has(code))).toEqual([]);
  });
});

describe('the divisions of the sample city', () => {
  const divisions = makeDivisions(7, terrain(densityField(7)));
  const km2 = (list: readonly { area: readonly (readonly number[])[] }[]): number =>
    list.reduce((sum, { area }) => sum + areaKm2(area), 0);

  it('tile each district without gaps: areas agree within 0.5 %', () => {
    for (const district of divisions.districts) {
      const streets = divisions.streets.filter((street) => street.parent === district.code);
      const codes = new Set(streets.map((street) => street.code));
      const communities = divisions.communities.filter((community) => codes.has(community.parent));
      const expected = sphericalKm2(district.polygons);
      expect(Math.abs(km2(streets) / expected - 1)).toBeLessThan(0.005);
      expect(Math.abs(km2(communities) / km2(streets) - 1)).toBeLessThan(0.0001);
    }
    expect(Math.abs(km2(divisions.grids) / km2(divisions.communities) - 1)).toBeLessThan(0.0001);
  });

  it('put a point inside a district into exactly one community', () => {
    const draw = random(1, 'test');
    const shapes = divisions.communities.map(({ area }) =>
      area.map((ring) => [Float64Array.from(ring, (value, i) => (i % 2 === 0 ? toLng(value) : toLat(value)))]),
    );
    let inside = 0;
    for (let i = 0; i < 300; i++) {
      const lng = 120.4 + 0.8 * draw.uniform();
      const lat = 31.1 + 0.6 * draw.uniform();
      const inCity = divisions.districts.some((district) => contains(district.polygons, lng, lat));
      inside += inCity ? 1 : 0;
      expect(shapes.filter((shape) => contains(shape, lng, lat)).length).toBe(inCity ? 1 : 0);
    }
    expect(inside).toBeGreaterThan(150);
  });

  it('hold about 13 million people, and parents as many as their children', () => {
    const sum = (list: readonly { population: number }[]): number =>
      list.reduce((n, { population }) => n + population, 0);
    expect(sum(divisions.communities) / 13_000_000).toBeCloseTo(1, 2);
    expect(sum(divisions.streets)).toBe(sum(divisions.communities));
    expect(sum(divisions.grids)).toBe(sum(divisions.communities));
  });

  it('have unique codes of 9, 12 and 15 digits that begin with their parent', () => {
    for (const [list, digits] of [
      [divisions.streets, 9],
      [divisions.communities, 12],
      [divisions.grids, 15],
    ] as const) {
      expect(new Set(list.map(({ code }) => code)).size).toBe(list.length);
      expect(list.every(({ code }) => new RegExp(`^\\d{${digits}}$`).test(code))).toBe(true);
    }
    expect(divisions.grids.every(({ code, parent }) => code.startsWith(parent))).toBe(true);
  });
});

describe('parts of the sample', () => {
  it('encodes GB18030 so that a fatal decoder returns the text, with two- and four-byte characters', () => {
    const text = '苏州,"A"\r\n䶮㙟𠮷€ü';
    expect(new TextDecoder('gb18030', { fatal: true }).decode(encodeGb18030(text))).toBe(text);
    expect([...encodeGb18030('中')]).toEqual([0xd6, 0xd0]);
    expect(encodeGb18030('𠮷').length).toBe(4);
  });

  it('makes ID numbers with a valid check digit and an area code nobody has', () => {
    const id = idNumber(random(1, 'id'));
    const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2, 1];
    const sum = weights.reduce((total, weight, i) => total + weight * (id[i] === 'X' ? 10 : Number(id[i])), 0);
    expect(sum % 11).toBe(1);
    expect(id.startsWith('320599')).toBe(true);
  });

  it('keeps one stream unchanged when another is used more', () => {
    const a = random(7, 'a');
    random(7, 'b').uniform();
    expect(a.uniform()).toBe(random(7, 'a').uniform());
    expect(random(7, 'b').uniform()).not.toBe(random(7, 'a').uniform());
  });

  it('draws Poisson counts with the right mean and variance, small and large', () => {
    const draw = random(3, 'poisson');
    for (const mean of [0.3, 8, 120]) {
      const counts = Array.from({ length: 20_000 }, () => draw.poisson(mean));
      const average = counts.reduce((sum, n) => sum + n, 0) / counts.length;
      const variance = counts.reduce((sum, n) => sum + (n - average) ** 2, 0) / counts.length;
      expect(Math.abs(average / mean - 1)).toBeLessThan(0.05);
      expect(Math.abs(variance / mean - 1)).toBeLessThan(0.05);
    }
  });

  it('treats a make-up Sunday as a working day and a holiday Monday as none', () => {
    const [sunday] = calendarDays(parseIsoDate('2026-01-04'), 1);
    const [monday] = calendarDays(parseIsoDate('2026-02-16'), 1);
    expect(sunday).toMatchObject({ weekday: 6, working: true });
    expect(monday).toMatchObject({ weekday: 0, working: false, holiday: true, springFestival: -1 });
    expect(calendarFactor('office', sunday!)).toBeGreaterThan(calendarFactor('office', monday!));
  });
});
