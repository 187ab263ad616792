import type { WallInput, WallRows } from '../../core/privacy/wall-tables.ts';
import { NONE } from '../../core/privacy/wall-tree.ts';

/** A small generator with a seed (mulberry32): equal seeds, equal cities. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export interface MadeReport {
  readonly cell: number;
  readonly division: number;
  readonly week: number;
  readonly source: number;
  readonly group: number;
  readonly sensitive: number;
}

export interface MadeCity {
  readonly cells: number;
  readonly weeks: number;
  readonly divisions: number;
  readonly groups: number;
  readonly sources: number;
  readonly reports: number;
  readonly seed: number;
}

/** Reports of a city with a few busy cells, many quiet ones, cells on a border, and some without a place. */
export function madeReports(city: MadeCity): MadeReport[] {
  const draw = dice(city.seed);
  const below = (n: number): number => Math.floor(draw() * n);
  const perDivision = city.cells / city.divisions;
  return Array.from({ length: city.reports }, () => {
    const busy = draw() < 0.5;
    const cell = Math.min(city.cells - 1, Math.floor(city.cells * (busy ? draw() ** 4 : draw())));
    const border = cell % 11 === 0 && draw() < 0.5 ? 1 : 0;
    const division = Math.min(city.divisions, Math.floor(cell / perDivision) + 1 + border);
    const chance = draw();
    return {
      cell: chance < 0.04 ? NONE : cell,
      division: chance < 0.02 ? NONE : division * 10,
      week: below(city.weeks),
      source: Math.floor(city.sources * draw() ** 2),
      group: Math.floor(city.groups * draw() ** 2),
      sensitive: draw() < 0.08 ? 1 : 0,
    };
  });
}

/** Base counts of the reports, one row a report: adding up is the publisher's work. */
export function wallInput(city: MadeCity, reports: readonly MadeReport[], change: Partial<WallInput> = {}): WallInput {
  const rows: WallRows = {
    cell: Uint32Array.from(reports, (report) => report.cell),
    division: Uint32Array.from(reports, (report) => report.division),
    week: Uint16Array.from(reports, (report) => report.week),
    source: Uint8Array.from(reports, (report) => report.source),
    group: Uint16Array.from(reports, (report) => report.group),
    sensitive: Uint8Array.from(reports, (report) => report.sensitive),
    n: new Uint32Array(reports.length).fill(1),
  };
  const up = (size: number): Uint32Array => Uint32Array.from({ length: city.cells }, (_, c) => Math.floor(c / size));
  return {
    rows,
    parents: { r7: up(7), r6: up(49), r5: up(343) },
    divisions: Array.from({ length: city.divisions }, (_, i) => (i + 1) * 10),
    groups: city.groups,
    sources: city.sources,
    lastWeek: city.weeks - 1,
    k: 5,
    kSensitive: 10,
    sensitiveResolution: 8,
    ...change,
  };
}
