import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { parseIsoDate } from '../../../../core/time/local-date.ts';
import { ruleChange } from '../../../../pipelines/commands/evaluate-backtest.ts';
import { villageCases } from '../../../../pipelines/evaluate/village-cases.ts';

describe('--replay-rule', () => {
  it('reads a rule, a parameter and a value', () => {
    expect(ruleChange('series-weekly:alpha=0.001')).toEqual({
      rule: 'series-weekly',
      parameter: 'alpha',
      value: 0.001,
    });
    expect(ruleChange('series-weekly:alpha=1e-4').value).toBe(1e-4);
  });
  it.each([
    'emerging-hot:weeks=5',
    'series-weekly:limit=5',
    'series-weekly:alpha',
    'series-weekly:alpha=0',
    'toString:alpha=1',
    '',
  ])('refuses %j', (text) => {
    expect(() => ruleChange(text)).toThrow();
  });
});

describe('cases by village', () => {
  const folder = mkdtempSync(join(tmpdir(), 'villages-'));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  it('places a village by either spelling, keeps the district of an unknown one, and leaves the total out', () => {
    const square = [
      [
        [120.2, 23],
        [120.21, 23],
        [120.21, 23.01],
        [120.2, 23.01],
        [120.2, 23],
      ],
    ];
    writeFileSync(
      join(folder, 'villages.json'),
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: { TOWNNAME: '永康區', VILLNAME: '塩行里' },
            geometry: { type: 'Polygon', coordinates: square },
          },
        ],
      }),
    );
    writeFileSync(
      join(folder, 'daily.json'),
      JSON.stringify({
        永康區鹽行里: [['2015-07-01', 2]],
        永康區無名里: [
          ['2015-07-02', 1],
          ['2016-01-01', 4],
        ],
        total: [['2015-07-01', 3]],
      }),
    );
    const read = villageCases({ daily: join(folder, 'daily.json'), villages: join(folder, 'villages.json') }, 2015);
    expect(read.districts).toEqual(['永康區']);
    expect(read.unknownVillages).toEqual(['永康區無名里']);
    expect(read.cases.map(({ day, n, district, cell }) => [day, n, district, cell >= 0])).toEqual([
      [parseIsoDate('2015-07-01'), 2, 0, true],
      [parseIsoDate('2015-07-02'), 1, 0, false],
    ]);
  });
});
