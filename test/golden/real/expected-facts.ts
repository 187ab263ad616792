import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cellToParent } from 'h3-js';
import type { Fact, Published } from './published.ts';
import { codeAtLevel } from './published.ts';
import { PROFILES } from './real-data.ts';
import type { TruthIncident } from './truth.ts';

interface Node {
  readonly code: string;
  readonly severity?: number;
  readonly sensitive?: boolean;
  readonly children?: readonly Node[];
}
export interface Grading {
  readonly severity: number;
  readonly sensitive: boolean;
}

/** Severity and sensitivity of every category, inherited downward; read from the file, not from the snapshot. */
export function gradings(): Map<string, Grading> {
  const found = new Map<string, Grading>([['unmapped', { severity: 0, sensitive: false }]]);
  const visit = (node: Node, above: Grading): void => {
    const own = { severity: node.severity ?? above.severity, sensitive: node.sensitive ?? above.sensitive };
    found.set(node.code, own);
    for (const child of node.children ?? []) visit(child, own);
  };
  const tree = JSON.parse(readFileSync(join(PROFILES, '../categories.json'), 'utf8')) as Node[];
  for (const node of tree) visit(node, { severity: 0, sensitive: false });
  return found;
}

const STAGE_IDS: Readonly<Record<string, number>> = { unknown: 0, received: 1, closed: 4 };
/** A sensitive incident is published with no division smaller than a resolution-7 cell. */
const SMALLEST_SENSITIVE_KM2 = 5.16;
const SENSITIVE_RESOLUTION = 8;

/** Division code an incident is published with: its own, or the smallest that is large enough for a sensitive one. */
export function expectedDivision(
  incident: TruthIncident,
  sensitive: boolean,
  areaOf: ReadonlyMap<string, number>,
): string {
  if (incident.divisions === null) return 'unlocated';
  const codes = [...incident.divisions].reverse();
  return codes.find((code) => !sensitive || (areaOf.get(code) ?? Number.NaN) >= SMALLEST_SENSITIVE_KM2) ?? 'city';
}

/** One line of text that says everything a published row says. */
export function expectedLine(incident: TruthIncident, grading: Grading, areaOf: ReadonlyMap<string, number>): string {
  const { sensitive } = grading;
  const place =
    incident.cell === null ? 'nowhere' : sensitive ? parentOf(incident.cell, SENSITIVE_RESOLUTION) : incident.cell;
  return [
    place,
    expectedDivision(incident, sensitive, areaOf),
    `day ${incident.day}`,
    `hour ${sensitive ? null : incident.hour}`,
    incident.source,
    incident.category,
    `severity ${grading.severity}`,
    `stage ${STAGE_IDS[incident.stage]}`,
    `closed after ${incident.closeDays === null ? null : incident.closeDays * 24} h`,
  ].join(' | ');
}

export function publishedLine(fact: Fact, published: Published): string {
  const cell = fact.cellId === null ? 'nowhere' : published.cells[fact.cellId]!;
  const place = fact.cellId === null || fact.res === 10 ? cell : parentOf(cell, fact.res);
  const division =
    fact.division === null ? 'unlocated' : fact.division === 0 ? 'city' : published.divisions[fact.division]!.code;
  return [
    place,
    division,
    `day ${fact.day}`,
    `hour ${fact.hour}`,
    fact.source,
    fact.category,
    `severity ${fact.severity}`,
    `stage ${fact.stage}`,
    `closed after ${fact.closeHours} h`,
  ].join(' | ');
}

const parents = new Map<string, string>();
/** `cellToParent`, remembered: incidents share cells. */
export function parentOf(cell: string, resolution: number): string {
  const key = `${resolution}${cell}`;
  const known = parents.get(key);
  if (known !== undefined) return known;
  const parent = cellToParent(cell, resolution);
  parents.set(key, parent);
  return parent;
}

export const monthOf = (day: number): string => new Date(day * 86_400_000).toISOString().slice(0, 7);
export const groupOf = (category: string): string => category.split('.')[0]!;
export const districtOf = (published: Published, fact: Fact): string =>
  codeAtLevel(published.divisions, fact.division, 1);
