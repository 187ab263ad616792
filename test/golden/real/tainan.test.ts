import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import Papa from 'papaparse';
import { expect, it } from 'vitest';
import { cityAgrees } from './city-agrees.ts';
import { areasKm2 } from './place-by-turf.ts';
import { describeReal } from './real-data.ts';
import { tainanPlaces, villagesOf } from './tainan-places.ts';
import { tainanTruth } from './tainan-truth.ts';
import { rawCsv, rowsBySql, type Truth } from './truth.ts';

type Firms = Record<string, { address: string; logs: [string, string, string, string][] }>;
type Ticket = Record<'service_request_id' | 'service_name' | 'subproject' | 'description' | 'address_string', string>;

/** Pairs `service_name/subproject` left without a category, with their rows: both blank, blank where the service name says too little, or no category at all. */
const LEFT_UNMAPPED = {
  '/': 23,
  '/A-TB-2016-815': 1,
  '噪音舉發/': 1,
  '噪音舉發/防疫建議': 3,
  '民生管線/': 2,
  '髒亂及汙染/': 1,
};

const tickets = (input: string): Ticket[] =>
  Papa.parse<Ticket>(gunzipSync(readFileSync(join(input, 'tickets_1999_2015-04_2018-03.csv.gz'))).toString('utf8'), {
    header: true,
    skipEmptyLines: true,
  }).data;
const firms = (input: string): Firms => JSON.parse(readFileSync(join(input, 'labor_violations.json'), 'utf8')) as Firms;

/** Says more than a district or a street does. */
const identifies = (text: string): boolean => text.length >= 8 || (text.length >= 4 && /\d/.test(text));

async function canaries(input: string): Promise<string[]> {
  const keys = Object.keys(firms(input));
  const logs = Object.values(firms(input)).flatMap((firm) => firm.logs);
  const all = tickets(input);
  const step = Math.floor(all.length / 500);
  const sample = all.filter((_, i) => i % step === 0);
  const plates = all
    .flatMap((row) => row.description.match(/[A-Z0-9]{2,4}-[A-Z0-9]{2,4}/g) ?? [])
    .filter((plate) => /\d/.test(plate) && plate.length >= 6);
  return [
    ...keys.filter((key) => key.length >= 4),
    ...Object.values(firms(input))
      .map((firm) => firm.address)
      .filter(identifies),
    ...logs.map((log) => log[2]),
    ...sample.flatMap((row) => [row.address_string, row.description]).filter(identifies),
    ...sample.map((row) => row.service_request_id),
    ...plates,
    // Free text that stands in a mapped column, and names an officer.
    ...all.filter((row) => /員警/.test(row.subproject)).map((row) => row.subproject),
  ];
}

/** Persons per district: the district is in the digits of the statistical area (profile README, "Population"). */
async function persons(input: string): Promise<Map<string, number>> {
  const rows = await rowsBySql<{ district: string; persons: number }>(`
    SELECT '67000' || substr(CODE2, 4, 2) || '0' AS district, sum(P_CNT::INTEGER)::INTEGER AS persons
    FROM (${rawCsv(join(input, 'statistical_area_population_2016-12.csv.gz'))})
    GROUP BY district
    ORDER BY district`);
  return new Map(rows.map((row) => [row.district, row.persons]));
}

describeReal('tainan', (input) => {
  let known: Promise<Truth> | null = null;
  const truth = (): Promise<Truth> => {
    known ??= tainanTruth(input, placeOf);
    return known;
  };
  const placeOf = tainanPlaces(input);
  cityAgrees({
    city: 'tainan',
    input,
    truth,
    placeOf,
    headerRecords: { tickets: 1, labour: 0 },
    canaries: () => canaries(input),
    areaOf: () =>
      new Map([
        ...areasKm2(villagesOf(input), ({ properties }) => properties.TOWNCODE!),
        ...areasKm2(villagesOf(input), ({ properties }) => properties.VILLCODE!),
      ]),
    persons: () => persons(input),
  });

  it('every pair of service name and subproject has a category, or is on the list of those left without', async () => {
    const category = new Map(
      (await truth()).rows.filter((row) => row.feed === 'tickets').map((row) => [row.row, row.category]),
    );
    const left: Record<string, number> = {};
    tickets(input).forEach((ticket, i) => {
      if (category.get(i + 1) !== 'unmapped') return;
      const pair = `${ticket.service_name}/${ticket.subproject}`;
      left[pair] = (left[pair] ?? 0) + 1; // a pair not seen yet has been seen 0 times
    });
    expect(left).toEqual(LEFT_UNMAPPED);
  });

  it('no more than a handful of coordinates lie in two overlapping villages', async () => {
    await truth();
    expect(placeOf.inSeveral()).toBeLessThanOrEqual(5);
  });

  it('every article of the labour sanctions has a category', async () => {
    expect((await truth()).rows.filter((row) => row.feed === 'labour' && row.category === 'unmapped')).toEqual([]);
  });
});
