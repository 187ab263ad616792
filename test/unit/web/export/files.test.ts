import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { tableFromIPC } from '@uwdata/flechette';
import fc from 'fast-check';
import { cellToLatLng, getHexagonEdgeLengthAvg, latLngToCell } from 'h3-js';
import Papa from 'papaparse';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type About, fileName } from '../../../../web/src/export/about.ts';
import { arrowOf } from '../../../../web/src/export/arrow.ts';
import { csvOf, safeText, tsvOf } from '../../../../web/src/export/csv.ts';
import { hexagonGeometry, hexagonsGeoJson } from '../../../../web/src/export/geojson.ts';
import { wrapped } from '../../../../web/src/export/map-picture.ts';
import { parquetOf } from '../../../../web/src/export/parquet.ts';
import type { Sheet } from '../../../../web/src/export/sheet.ts';
import { niceCeiling, weekSvg, xml } from '../../../../web/src/export/week-svg.ts';

const about: About = {
  title: '按区县',
  snapshot: '0123456789abcdef',
  lines: [
    { key: 'title', name: '标题', text: '苏州 · 按区县' },
    { key: 'filters', name: '筛选', text: '=cmd|calc' },
    { key: 'snapshot', name: '快照', text: '0123456789abcdef' },
  ],
};
const sheet: Sheet = {
  columns: [
    { name: '区县', kind: 'text' },
    { name: '件数', kind: 'whole' },
    { name: '占比', kind: 'number' },
    { name: '件数', kind: 'whole' },
  ],
  rows: [
    ['姑苏区', 12, 0.5, -3],
    ['=HYPERLINK("http://x")', null, null, 5_000_000_000],
    ['他说："好", 真的', 0, -1.25, null],
  ],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hexsight-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('CSV', () => {
  it('begins with the BOM and the header, ends every line with CRLF, and says what it is after the data', () => {
    const text = csvOf(sheet, about);
    expect(text.startsWith('\ufeff区县,件数,占比,件数\r\n姑苏区,12,0.5,-3\r\n')).toBe(true);
    expect(text.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    const lines = text.slice(1).split('\r\n');
    expect(lines[4]).toBe(',,,');
    expect(lines[5]).toBe('标题,苏州 · 按区县,,');
    expect(lines[6]).toBe("筛选,'=cmd|calc,,");
  });

  it('never lets a text begin like a formula, and never touches a number', () => {
    const texts = [
      '=1+1',
      '+1',
      '-1',
      '@SUM(1)',
      '\t=1',
      '\r=1',
      '\n=1',
      '＝1',
      '＋1',
      '－1',
      '＠x',
      'plain',
      '',
      ' =1',
      '7-11',
    ];
    const out = csvOf(
      {
        columns: [
          { name: 'a', kind: 'text' },
          { name: 'n', kind: 'whole' },
        ],
        rows: texts.map((text) => [text, -1]),
      },
      null,
    );
    const read = Papa.parse<string[]>(out.slice(1), { skipEmptyLines: true }).data.slice(1);
    expect(read.length).toBe(texts.length);
    read.forEach(([text = '', n], i) => {
      expect(text).not.toMatch(/^[=+\-@\t\r\n＝＋－＠]/);
      expect(text.replace(/^'/, '')).toBe(texts[i]);
      expect(n).toBe('-1');
    });
  });

  it('reads back as it was written, whatever stands in a cell', () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('a"b', 'x,y', 'l\r\nm', ' z ', '=1'));
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, fc.integer()), { minLength: 1, maxLength: 8 }), (rows) => {
        const out = csvOf(
          {
            columns: [
              { name: 'a', kind: 'text' },
              { name: 'n', kind: 'whole' },
            ],
            rows,
          },
          null,
        );
        const read = Papa.parse<string[]>(out.slice(1), { newline: '\r\n' }).data.slice(1, rows.length + 1);
        expect(read).toEqual(rows.map(([text, n]) => [safeText(text), String(n)]));
      }),
      { numRuns: 300 },
    );
  });

  it('goes to the clipboard as one line a row, safe too', () => {
    expect(tsvOf(sheet).split('\r\n')).toEqual([
      '区县\t件数\t占比\t件数',
      '姑苏区\t12\t0.5\t-3',
      `'=HYPERLINK("http://x")\t\t\t5000000000`,
      '他说："好", 真的\t0\t-1.25\t',
    ]);
  });
});

describe('Parquet and Arrow', () => {
  it('Parquet is read by DuckDB with its types, nulls and what it is', async () => {
    const file = join(folder, 'x.parquet');
    writeFileSync(file, parquetOf(sheet, about));
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    const reader = await connection.runAndReadAll(`SELECT * FROM read_parquet('${file}')`);
    expect(reader.columnNames()).toEqual(['区县', '件数', '占比', '件数_2']);
    expect(reader.columnTypes().map(String)).toEqual(['VARCHAR', 'INTEGER', 'DOUBLE', 'DOUBLE']);
    expect(reader.getRows()).toEqual(sheet.rows);
    const meta = await connection.runAndReadAll(
      `SELECT decode(key), decode(value) FROM parquet_kv_metadata('${file}') WHERE decode(key) = 'snapshot'`,
    );
    expect(meta.getRows()).toEqual([['snapshot', '0123456789abcdef']]);
    connection.closeSync();
  });

  it('Arrow says what it is in its schema', () => {
    const table = tableFromIPC(arrowOf(sheet, about));
    expect(table.schema.metadata?.get('filters')).toBe('=cmd|calc');
    expect(table.toArray().map((row) => Object.values(row as object))).toEqual(sheet.rows);
  });
});

describe('GeoJSON', () => {
  type Ring = readonly (readonly [number, number])[];
  const area = (ring: Ring) => ring.slice(1).reduce((sum, [x, y], i) => sum + ring[i]![0] * y - x * ring[i]![1], 0);
  const ringsOf = (h3: string): readonly Ring[] => {
    const { type, coordinates } = hexagonGeometry(h3);
    return type === 'Polygon' ? coordinates : coordinates.flat();
  };
  /** H3 indices all over the Earth, and along the antimeridian. */
  const place = fc.record({
    lat: fc.double({ min: -85, max: 85, noNaN: true }),
    lng: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.double({ min: 179.99, max: 180, noNaN: true })),
    resolution: fc.integer({ min: 5, max: 10 }),
  });

  it('rings are closed, counter-clockwise, and inside ±180, also across the antimeridian', () => {
    let cutOnes = 0;
    fc.assert(
      fc.property(place, ({ lat, lng, resolution }) => {
        const rings = ringsOf(latLngToCell(lat, lng, resolution));
        if (rings.length > 1) cutOnes++;
        for (const ring of rings) {
          expect(ring.length).toBeGreaterThanOrEqual(4);
          expect(ring.at(-1)).toEqual(ring[0]);
          expect(area(ring)).toBeGreaterThan(0);
          const lngs = ring.map(([x]) => x);
          expect(Math.max(...lngs)).toBeLessThanOrEqual(180);
          expect(Math.min(...lngs)).toBeGreaterThanOrEqual(-180);
          expect(Math.max(...lngs) - Math.min(...lngs)).toBeLessThan(90);
        }
      }),
      { numRuns: 2000, seed: 7 },
    );
    expect(cutOnes).toBeGreaterThan(20);
  });

  it('a hexagon lies around its centre, at the length of its edge', () => {
    const h3 = latLngToCell(31.3, 120.6, 8);
    const [lat, lng] = cellToLatLng(h3);
    for (const [x, y] of ringsOf(h3)[0]!) {
      const metres = 111_195 * Math.hypot((x - lng) * Math.cos((lat * Math.PI) / 180), y - lat);
      expect(metres).toBeGreaterThan(0.8 * getHexagonEdgeLengthAvg(8, 'm'));
      expect(metres).toBeLessThan(1.2 * getHexagonEdgeLengthAvg(8, 'm'));
    }
  });

  it('carries counts and what it is', () => {
    const h3 = latLngToCell(31.3, 120.6, 8);
    const read = JSON.parse(hexagonsGeoJson([{ h3, properties: { resolution: 8, n: 5 } }], about));
    expect(read.type).toBe('FeatureCollection');
    expect(read.about.snapshot).toBe('0123456789abcdef');
    expect(read.features[0]).toMatchObject({ type: 'Feature', id: h3, properties: { h3, resolution: 8, n: 5 } });
    expect(read).not.toHaveProperty('crs');
  });
});

describe('pictures', () => {
  const weeks = Array.from({ length: 30 }, (_, i) => ({ iso: `2026-W${i + 10}`, firstDay: 20_517 + 7 * i }));
  const colours = {
    data: '#111',
    ghost: '#222',
    ink: '#333',
    ink2: '#444',
    line: '#555',
    panel: '#666',
    accent: '#777',
  };
  const chart = {
    weeks,
    filtered: weeks.map((_, i) => i),
    total: weeks.map(() => 100),
    partial: weeks.map((_, i) => i === 29),
    range: { first: 3, end: 6 },
    colours,
    font: '"Noto Sans", sans-serif',
    legend: { filtered: 'a', total: 'b', partial: 'c' },
  };

  it('the chart has a bar for every week with incidents, in proportion, and its words inside', () => {
    const svg = weekSvg(chart, {
      ...about,
      lines: [...about.lines, { key: 'evil', name: 'x', text: '<script>&"\u0001' }],
    });
    const heights = [...svg.matchAll(/<rect x="[\d.]+" y="[\d.]+" width="[\d.]+" height="([\d.]+)" fill="#111"\/>/g)]
      .map((match) => Number(match[1]))
      .slice(1);
    // After the key: 28 whole weeks above 0; the last one is hatched.
    expect(heights.length).toBe(28);
    expect(heights[19]! / heights[9]!).toBeCloseTo(2, 1);
    expect(svg).toContain('<metadata>');
    expect(svg).not.toContain('<script');
    expect(svg).toContain('0123456789abcdef');
  });

  it('escapes what XML would read', () => expect(xml('a<b>&"\u0000')).toBe('a&lt;b&gt;&amp;&quot;'));

  it.each([
    [1, 4],
    [7, 8],
    [41, 50],
    [100, 100],
    [101, 200],
  ])('the axis of %d ends at %d', (most, end) => expect(niceCeiling(most)).toBe(end));

  it('long lines are broken within the room, and nothing is lost', () => {
    const ctx = { measureText: (text: string) => ({ width: text.length }) as TextMetrics };
    const text =
      '筛选：周 2026 第40周 – 2026 第46周；link https://example.org/desk?version=1&snapshot=0123456789abcdef';
    const lines = wrapped(ctx, text, 20);
    expect(lines.every((line) => line.length <= 20)).toBe(true);
    expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it('file names hold the title in any script and nothing a file system refuses', () => {
    expect(fileName({ title: '按 区县/街道: *', snapshot: '0123456789abcdef', ending: 'csv' })).toBe(
      'hexsight-01234567-按-区县-街道.csv',
    );
  });
});
