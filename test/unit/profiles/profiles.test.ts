import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Calendar, CategoryNode, type Feed, Mapping, parseProfile } from '../../../core/contract/profile.ts';

const read = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../data/${path}`, import.meta.url), 'utf8'));

function profileOf(city: string) {
  const parsed = parseProfile(read(`profiles/${city}/profile.json`));
  if (!parsed.ok) throw new Error(parsed.problems.join('\n'));
  return parsed.profile;
}

function categoryCodes(): Set<string> {
  const codes = new Set<string>();
  const visit = (node: CategoryNode): void => {
    codes.add(node.code);
    node.children?.forEach(visit);
  };
  z.array(CategoryNode).parse(read('categories.json')).forEach(visit);
  return codes;
}

const columnsRead = (feed: Feed): string[] =>
  [
    ...Object.values(feed.fields).flatMap((field) =>
      typeof field === 'object' && 'column' in field ? field.column : field,
    ),
    ...[...feed.scope, ...feed.duplicateWhen, ...feed.deletedWhen, ...feed.routes.flatMap((route) => route.when)].map(
      (condition) => condition.column,
    ),
  ].filter((name): name is string => typeof name === 'string');

describe.each(['tainan', 'chicago', 'san-francisco', 'taiwan-police'])('profile %s', (city) => {
  it('is accepted by the contract', () => {
    expect(parseProfile(read(`profiles/${city}/profile.json`))).toMatchObject({ ok: true });
  });

  it('maps to categories of our tree only', () => {
    const codes = categoryCodes();
    const mapping = Mapping.parse(read(`profiles/${city}/mapping.json`));
    const unknown = Object.values(mapping).flatMap((scheme) =>
      Object.values(scheme).filter((target) => !codes.has(target)),
    );
    expect(unknown).toEqual([]);
    for (const feed of profileOf(city).feeds) expect(Object.keys(mapping)).toContain(feed.categories);
  });

  it('gives a reason for columns it does not read, and reads none of them', () => {
    for (const feed of profileOf(city).feeds) {
      const both = columnsRead(feed).filter((column) => column in feed.notRead);
      expect(both, feed.id).toEqual([]);
      expect(Object.keys(feed.notRead).length, feed.id).toBeGreaterThan(0);
    }
  });

  it('has a window of whole weeks and a calendar of ordered, half-open days', () => {
    const { window, sources } = profileOf(city);
    for (const day of [window?.firstDay, window?.endDay]) expect(new Date(`${day}T00:00:00Z`).getUTCDay()).toBe(1);
    const calendar = Calendar.parse(read(`profiles/${city}/calendar.json`));
    const keys = sources.map((source) => source.key);
    expect(calendar.breaks.filter((one) => one.source !== undefined && !keys.includes(one.source))).toEqual([]);
    calendar.holidays.forEach((holiday, i) => {
      expect(holiday.firstDay < holiday.endDay, holiday.firstDay).toBe(true);
      if (i > 0) expect(holiday.firstDay >= calendar.holidays[i - 1]!.endDay, holiday.firstDay).toBe(true);
    });
  });
});

describe('profile tainan', () => {
  it('reads neither the firms of the labour sanctions nor their addresses: shops bear the names of persons', () => {
    const labour = profileOf('tainan').feeds.find((feed) => feed.id === 'labour')!;
    expect(columnsRead(labour).some((column) => /@key|address/.test(column))).toBe(false);
    expect(Object.keys(labour.notRead)).toEqual(expect.arrayContaining(['*.@key', '*.address']));
  });

  it('relates each population area to the district of its digits', () => {
    for (const [area, district] of Object.entries(
      read('profiles/tainan/exposure-districts.json') as Record<string, string>,
    )) {
      expect(district).toBe(`67000${area.slice(3, 5)}0`);
    }
  });
});

describe('profile chicago', () => {
  it('publishes an assault in a home as sensitive', () => {
    const mapping = Mapping.parse(read('profiles/chicago/mapping.json'));
    expect(mapping['assault-place']?.residence).toBe('order.assault.assault-residence');
  });
});
