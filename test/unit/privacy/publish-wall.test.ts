import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableFromIPC } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { PrivacyWall } from '../../../core/contract/privacy.ts';
import { WALL_MAP, WALL_TIME, WALL_WEEKS } from '../../../core/contract/wall-tables.ts';
import { privacyWallSection } from '../../../core/privacy/wall-section.ts';
import { ArtifactWriter } from '../../../pipelines/steps/artifact-writer.ts';
import { lastCompleteWeek, publishWall, tablesAside } from '../../../pipelines/steps/publish-wall.ts';
import { madeReports, wallInput } from '../../support/made-wall.ts';

const publish = {
  factsBy: 'city',
  factsPeriod: 'year',
  sensitiveResolution: 7,
  k: 5,
  kSensitive: 10,
  keep: { snapshots: 8, days: 30, graceMinutes: 60 },
} as const;

describe('publishing grade wall', () => {
  it('writes three files of grade wall with floors that are multiples of k, and a section that parses', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hexsight-wall-'));
    try {
      const city = { cells: 100, weeks: 6, divisions: 3, groups: 4, sources: 2, reports: 2000, seed: 3 };
      const weeks = Array.from({ length: 6 }, (_, i) => ({ iso: `2024-W0${i + 1}`, firstDay: 19_723 + i * 7 }));
      const source = { ...wallInput(city, madeReports(city)), divisions: [10, 20, 30], weeks, publish };
      const endDay = 19_723 + 6 * 7 - 1; // the last week lacks its Sunday
      const writer = new ArtifactWriter(root);
      const { tables, files } = await publishWall({ ...source, endDay }, writer);
      expect(files.map((file) => [file.path, file.grade, file.kind])).toEqual([
        ['wall/map.arrow', 'wall', 'cube'],
        ['wall/time.arrow', 'wall', 'cube'],
        ['wall/weeks.arrow', 'wall', 'cube'],
      ]);
      const [map, time, played] = files.map((file) => tableFromIPC(readFileSync(join(root, file.file))));
      expect(map?.schema.fields.map((field) => field.name)).toEqual(WALL_MAP.map((column) => column.name));
      expect(time?.schema.fields.map((field) => field.name)).toEqual(WALL_TIME.map((column) => column.name));
      expect(played?.schema.fields.map((field) => field.name)).toEqual(WALL_WEEKS.map((column) => column.name));
      for (const table of [map, time, played])
        for (const row of table?.toArray() ?? []) {
          if (row.floor === null) continue;
          expect(row.floor).toBeGreaterThan(0);
          expect(row.floor % (row.sensitive ? 10 : 5)).toBe(0);
        }
      expect(Math.max(...(time?.toArray() ?? []).map((row) => row.week))).toBe(4);
      const places = (played?.toArray() ?? []).map((row) => row.place);
      expect(Math.max(...places)).toBe(7);
      expect(new Set((played?.toArray() ?? []).map((row) => row.week))).toEqual(new Set([0, 1, 2, 3, 4]));
      // Every report of a week is in an atom: what is lost is less than k an atom.
      for (let week = 0; week < 5; week++) {
        const rows = (played?.toArray() ?? []).filter((row) => row.week === week && !row.sensitive);
        const told = rows.reduce((sum, row) => sum + row.floor, 0);
        const { rows: base } = source;
        const truth = base.n.reduce((sum, n, i) => sum + (base.week[i] === week && base.sensitive[i] === 0 ? n : 0), 0);
        expect(told).toBeLessThanOrEqual(truth);
        expect(truth - told).toBeLessThan(5 * rows.length);
      }
      // Sensitive reports go no finer than the profile allows.
      expect((map?.toArray() ?? []).some((row) => row.sensitive && row.place === 8)).toBe(false);
      expect((map?.toArray() ?? []).some((row) => !row.sensitive && row.place === 8)).toBe(true);
      const section = privacyWallSection(tables, { k: 5, kSensitive: 10, lastWeek: '2024-W05' });
      expect(PrivacyWall.parse(section)).toEqual(section);
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  });

  it('gives the same files from another thread, and a failure there as one', async () => {
    const root = mkdtempSync(join(tmpdir(), 'hexsight-wall-'));
    try {
      const city = { cells: 100, weeks: 6, divisions: 3, groups: 4, sources: 2, reports: 2000, seed: 3 };
      const weeks = Array.from({ length: 6 }, (_, i) => ({ iso: `2024-W0${i + 1}`, firstDay: 19_723 + i * 7 }));
      const source = { ...wallInput(city, madeReports(city)), divisions: [10, 20, 30], weeks, publish };
      const whole = { ...source, endDay: 19_723 + 6 * 7 };
      const writer = new ArtifactWriter(root);
      const aside = tablesAside(undefined, 0);
      expect(await publishWall(whole, writer, aside)).toEqual(await publishWall(whole, writer));
      await expect(publishWall({ ...whole, divisions: [10] }, writer, aside)).rejects.toThrow(
        'is not a division of level 1',
      );
    } finally {
      rmSync(root, { recursive: true, force: true });
    }
  }, 60_000); // starts two threads

  it('knows the last complete week', () => {
    const weeks = [
      { iso: 'a', firstDay: 0 },
      { iso: 'b', firstDay: 7 },
    ];
    expect([6, 7, 13, 14].map((endDay) => lastCompleteWeek({ weeks, endDay }))).toEqual([-1, 0, 0, 1]);
  });
});
