/**
 * A made city for running the desk without the pipeline: rectangles for divisions, clustered random incidents.
 *   npx tsx test/unit/web/synthetic-snapshot.ts <folder> [incidents] [weeks]
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Bool,
  Field,
  Float64,
  Int32,
  List,
  makeBuilder,
  Table,
  tableToIPC,
  Uint8,
  Uint16,
  Uint32,
  Uint64,
  Utf8,
  type Vector,
} from 'apache-arrow';
import { cellToBoundary, cellToLatLng, cellToParent, polygonToCells } from 'h3-js';
import type { CategoryEntry, FileEntry, Manifest } from '../../../core/contract/manifest.ts';
import type { CategoryNode } from '../../../core/contract/profile.ts';
import {
  type Column,
  CUBE_OVERVIEW,
  CUBE_WEEK,
  DIVISIONS,
  FACTS,
  GRID,
  GRID_COARSE,
} from '../../../core/contract/tables.ts';
import { dayNumber, isoWeek } from '../../../web/src/time/week.ts';

const [folder = '/tmp/desk/snap', incidentsText = '600000', weeksText = '104'] = process.argv.slice(2);
const INCIDENTS = Number(incidentsText);
const WEEKS = Number(weeksText);
const BOUNDS: [number, number, number, number] = [120.1, 22.9, 120.4, 23.15];
const FINEST = 10;
const OVERVIEW = 8;

let seed = 42;
const random = () => {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
};
const pick = (below: number) => Math.floor(random() * below);
const normal = () => Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random());

const files: FileEntry[] = [];
mkdirSync(join(folder, 'files'), { recursive: true });

function write(
  path: string,
  bytes: Uint8Array,
  kind: FileEntry['kind'],
  rows: number | null,
  more?: Partial<FileEntry>,
) {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `files/${sha256}.${path.split('.').at(-1)}`;
  writeFileSync(join(folder, file), bytes);
  const entry = { path, file, sha256, bytes: bytes.length, encoded: {}, rows, kind };
  files.push({ ...entry, grade: 'desk', division: null, period: null, ...more });
}
const json = (path: string, value: unknown, kind: FileEntry['kind']) =>
  write(path, new TextEncoder().encode(JSON.stringify(value)), kind, null);

const ARROW = {
  uint8: () => new Uint8(),
  uint16: () => new Uint16(),
  uint32: () => new Uint32(),
  int32: () => new Int32(),
  uint64: () => new Uint64(),
  float64: () => new Float64(),
  utf8: () => new Utf8(),
  bool: () => new Bool(),
} as const;

function arrow(columns: readonly Column[], data: Record<string, readonly unknown[]>): Uint8Array {
  const vectors: Record<string, Vector> = {};
  for (const { name, type } of columns) {
    const made =
      type === 'list<int32>' ? new List(new Field('item', new Int32(), false)) : ARROW[type as keyof typeof ARROW]();
    const builder = makeBuilder({ type: made, nullValues: [null] });
    for (const value of data[name] ?? []) builder.append(value as never);
    vectors[name] = builder.finish().toVector() as Vector;
  }
  const table = new Table(vectors as never);
  return tableToIPC(table, 'stream');
}

// Grid
const [west, south, east, north] = BOUNDS;
const ring = [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
];
const cells = polygonToCells([ring], FINEST, true).sort();
const centres = cells.map((cell) => cellToLatLng(cell));

// Divisions: 4 x 3 districts, each 3 x 3 streets, each 2 x 2 communities
const divisions: Record<string, unknown[]> = Object.fromEntries(DIVISIONS.map((column) => [column.name, []]));
const shapes: { level: number; id: number; code: string; name: string; box: typeof BOUNDS }[] = [];
function addDivision(level: number, parent: number | null, code: string, name: string, box: typeof BOUNDS): number {
  const id = divisions.code?.length ?? 0;
  const row = {
    code,
    name,
    name_en: null,
    level,
    parent,
    end: id + 1,
    lng: (box[0] + box[2]) / 2,
    lat: (box[1] + box[3]) / 2,
    area_km2: (box[2] - box[0]) * 102 * (box[3] - box[1]) * 111,
    population: level === 3 ? null : 10_000 * (5 - level),
    made: level >= 2,
  };
  for (const [key, value] of Object.entries(row)) divisions[key]?.push(value);
  shapes.push({ level, id, code, name, box });
  const split = [null, [4, 3], [3, 3], [2, 2]][level + 1] as [number, number] | undefined;
  if (split) {
    const [nx, ny] = split;
    const words = ['区', '街道', '社区'];
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) {
        const w = (box[2] - box[0]) / nx;
        const h = (box[3] - box[1]) / ny;
        const inner: typeof BOUNDS = [box[0] + x * w, box[1] + y * h, box[0] + (x + 1) * w, box[1] + (y + 1) * h];
        const stem = '东西南北中永安平和新丰'[(id + x * 3 + y * 5) % 11];
        addDivision(
          level + 1,
          id,
          `${code}${String(y * nx + x + 1).padStart(2, '0')}`,
          `${stem}${'和安宁泰康'[(x + y) % 5]}${words[level]}`,
          inner,
        );
      }
  }
  (divisions.end as number[])[id] = divisions.code?.length ?? 0;
  return id;
}
addDivision(0, null, '32', '示例市', BOUNDS);

function divisionAt(lng: number, lat: number): number | null {
  if (lng < west || lng >= east || lat < south || lat >= north) return null;
  const leaf = (at: number, count: number, from: number, to: number) =>
    Math.min(count - 1, Math.floor(((at - from) / (to - from)) * count));
  const x = leaf(lng, 24, west, east);
  const y = leaf(lat, 18, south, north);
  const district = Math.floor(y / 6) * 4 + Math.floor(x / 6);
  const street = (Math.floor(y / 2) % 3) * 3 + (Math.floor(x / 2) % 3);
  const community = (y % 2) * 2 + (x % 2);
  return 1 + district * (1 + 9 * 5) + 1 + street * 5 + 1 + community;
}

const cellDivision = centres.map(([lat, lng]) => divisionAt(lng, lat));
const straddles = cells.map((cell) => new Set(cellToBoundary(cell).map(([lat, lng]) => divisionAt(lng, lat))).size > 1);
write(
  'grid.arrow',
  arrow(GRID, { h3: cells.map((cell) => BigInt(`0x${cell}`)), division: cellDivision, straddles }),
  'grid',
  cells.length,
);
const counts: Record<string, number> = { [FINEST]: cells.length };
let overviewOf: number[] = [];
for (let resolution = 5; resolution < FINEST; resolution++) {
  const parents: string[] = [];
  const first: number[] = [];
  const end: number[] = [];
  const of: number[] = [];
  cells.forEach((cell, i) => {
    const parent = cellToParent(cell, resolution);
    if (parents.at(-1) !== parent) {
      parents.push(parent);
      first.push(i);
      end.push(i + 1);
    }
    end[parents.length - 1] = i + 1;
    of.push(parents.length - 1);
  });
  counts[resolution] = parents.length;
  if (resolution === OVERVIEW) overviewOf = of;
  const at = parents.map((parent) => cellToLatLng(parent));
  write(
    `grid/r${resolution}.arrow`,
    arrow(GRID_COARSE, {
      h3: parents.map((cell) => BigInt(`0x${cell}`)),
      first_id: first,
      end_id: end,
      lng_e6: at.map(([, lng]) => Math.round(lng * 1e6)),
      lat_e6: at.map(([lat]) => Math.round(lat * 1e6)),
      outline_e6: parents.map((cell) =>
        resolution <= 8
          ? cellToBoundary(cell).flatMap(([lat, lng]) => [Math.round(lng * 1e6), Math.round(lat * 1e6)])
          : null,
      ),
    }),
    'grid',
    parents.length,
  );
}
write('divisions.arrow', arrow(DIVISIONS, divisions), 'divisions', shapes.length);
const polygon = ([w, s, e, n]: typeof BOUNDS) => ({
  type: 'Polygon',
  coordinates: [
    [
      [w, s],
      [e, s],
      [e, n],
      [w, n],
      [w, s],
    ],
  ],
});
for (const level of [1, 2, 3])
  json(
    `divisions/${level}.geojson`,
    {
      type: 'FeatureCollection',
      features: shapes
        .filter((shape) => shape.level === level)
        .map(({ id, code, name, box }) => ({
          type: 'Feature',
          properties: { id, code, name, made: level >= 2 },
          geometry: polygon(box),
        })),
    },
    'geometry',
  );
json(
  'study-area.geojson',
  { type: 'FeatureCollection', features: [{ type: 'Feature', properties: {}, geometry: polygon(BOUNDS) }] },
  'geometry',
);

// Categories
const tree = JSON.parse(readFileSync('data/categories.json', 'utf8')) as CategoryNode[];
const categories: CategoryEntry[] = [
  {
    id: 0,
    end: 1,
    level: 0,
    code: 'unmapped',
    parent: null,
    name: { zh: '未归类', en: 'Unmapped' },
    severity: 0,
    sensitive: false,
  },
];
function addCategory(node: CategoryNode, level: number, parent: number | null): void {
  const id = categories.length;
  const entry: CategoryEntry = {
    id,
    end: id + 1,
    level,
    code: node.code,
    parent,
    name: { zh: node.zh, en: node.en },
    severity: node.severity ?? 0,
    sensitive: node.sensitive ?? false,
  };
  categories.push(entry);
  for (const child of node.children ?? []) addCategory(child, level + 1, id);
  entry.end = categories.length;
}
for (const node of tree) addCategory(node, 1, null);
const groupOf = categories.map((entry) => {
  let at = entry;
  while (at.parent !== null) at = categories[at.parent] as CategoryEntry;
  return at.id;
});
const leaves = categories.filter((entry) => entry.level === 3 || entry.level === 0).map((entry) => entry.id);

// Incidents
const END_DAY = dayNumber({ year: 2026, month: 11, date: 20 });
const FIRST_DAY = END_DAY - WEEKS * 7 + 3;
const monday = FIRST_DAY - ((FIRST_DAY + 3) % 7);
const weeks: Manifest['weeks'] = [];
for (let day = monday; day < END_DAY; day += 7) weeks.push({ iso: isoWeek(day), firstDay: day });

const hubs = Array.from({ length: 60 }, () => ({ cell: pick(cells.length), spread: 20 + pick(300) }));
type Fact = [cell: number | null, res: number, day: number, source: number, category: number, division: number | null];
const facts: Fact[] = [];
for (let i = 0; i < INCIDENTS; i++) {
  const source = random() < 0.72 ? 0 : random() < 0.75 ? 1 : 2;
  const category = random() < 0.03 ? 0 : (leaves[1 + Math.floor((leaves.length - 1) * random() ** 2)] as number);
  const season = 1 + 0.4 * Math.sin(i / (INCIDENTS / 12));
  const day =
    FIRST_DAY + Math.min(END_DAY - FIRST_DAY - 1, Math.floor((END_DAY - FIRST_DAY) * random() ** (1 / season)));
  const hub = hubs[pick(hubs.length)] as (typeof hubs)[number];
  const at = random() < 0.2 ? pick(cells.length) : Math.round(hub.cell + normal() * hub.spread);
  const cell = random() < 0.06 || at < 0 || at >= cells.length ? null : at;
  const sensitive = categories[category]?.sensitive ?? false;
  const res = cell === null ? 0 : sensitive ? 8 : FINEST;
  facts.push([cell, res, day, source, category, cell === null ? null : (cellDivision[cell] ?? 0)]);
}
facts.sort((a, b) => (a[0] ?? 1e9) - (b[0] ?? 1e9) || a[2] - b[2]);

const quarter = (day: number) => {
  const date = new Date(day * 86_400_000);
  return { year: date.getUTCFullYear(), q: Math.floor(date.getUTCMonth() / 3) };
};
const byQuarter = new Map<string, Fact[]>();
for (const fact of facts) {
  const { year, q } = quarter(fact[2]);
  const key = `${year}-Q${q + 1}`;
  const list = byQuarter.get(key) ?? [];
  list.push(fact);
  byQuarter.set(key, list);
}
for (const [key, list] of byQuarter) {
  const { year, q } = quarter((list[0] as Fact)[2]);
  const column = (i: number) => list.map((fact) => fact[i]);
  write(
    `facts/city/${key}.arrow`,
    arrow(FACTS, {
      cell_id: column(0),
      res: column(1),
      day: column(2),
      hour: list.map(() => null),
      source: column(3),
      category: column(4),
      severity: list.map(() => 1),
      stage: list.map(() => 0),
      close_hours: list.map(() => null),
      division: column(5),
    }),
    'facts',
    list.length,
    {
      period: {
        key,
        firstDay: dayNumber({ year, month: q * 3 + 1, date: 1 }),
        endDay:
          q === 3 ? dayNumber({ year: year + 1, month: 1, date: 1 }) : dayNumber({ year, month: q * 3 + 4, date: 1 }),
      },
    },
  );
}

// Cubes
function cube(columns: readonly Column[], key: (fact: Fact) => (number | null)[] | null): [Uint8Array, number] {
  const sums = new Map<string, number>();
  for (const fact of facts) {
    const parts = key(fact);
    if (parts) sums.set(parts.join(), (sums.get(parts.join()) ?? 0) + 1);
  }
  const rows = [...sums].map(([text, n]) => [...text.split(',').map((part) => (part === '' ? null : Number(part))), n]);
  const data = Object.fromEntries(columns.map(({ name }, i) => [name, rows.map((row) => row[i] ?? null)]));
  return [arrow(columns, data), rows.length];
}
const districtOf = (division: number | null) =>
  division === null ? null : division === 0 ? 0 : 1 + Math.floor((division - 1) / 46) * 46;
const overview = cube(CUBE_OVERVIEW, ([cell, res, , source, category]) =>
  cell === null || res < OVERVIEW ? null : [overviewOf[cell] as number, source, groupOf[category] as number],
);
write('cube/overview.arrow', overview[0], 'cube', overview[1]);
const week = cube(CUBE_WEEK, ([, , day, source, category, division]) => [
  districtOf(division),
  Math.floor((day - monday) / 7),
  source,
  groupOf[category] as number,
]);
write('cube/week.arrow', week[0], 'cube', week[1]);

const located = facts.filter((fact) => fact[0] !== null).length;
const names = [
  { zh: '12345 热线诉求', en: 'Hotline requests' },
  { zh: '警情', en: 'Police incidents' },
  { zh: '矛盾纠纷', en: 'Disputes' },
];
const manifest: Manifest = {
  format: 'hexsight-snapshot',
  schemaVersion: 2,
  snapshot: createHash('sha256')
    .update(files.map((file) => file.sha256).join())
    .digest('hex')
    .slice(0, 16),
  profile: {
    id: 'made',
    name: { zh: '示例市', en: 'Sample city' },
    attribution: { zh: '合成数据', en: 'Synthetic data' },
  },
  zone: 'Asia/Shanghai',
  from: { inputs: [], config: 'made', code: 'made' },
  window: { firstDay: FIRST_DAY, endDay: END_DAY },
  weeks,
  bounds: BOUNDS,
  grid: { finest: FINEST, coarsest: 5, cells: counts, overview: OVERVIEW },
  divisionLevels: [
    { level: 1, key: 'district', name: { zh: '区', en: 'District' }, count: 12, made: false },
    { level: 2, key: 'street', name: { zh: '街道', en: 'Street' }, count: 108, made: true },
    { level: 3, key: 'community', name: { zh: '社区', en: 'Community' }, count: 432, made: true },
  ],
  dictionaries: {
    sources: names.map((name, id) => {
      const own = facts.filter((fact) => fact[3] === id);
      return {
        id,
        key: ['hotline', 'police', 'disputes'][id] as string,
        kind: (['complaint', 'police', 'dispute'] as const)[id] as 'complaint',
        name,
        cadenceDays: [1, 1, 7][id] as number,
        asOf: ['2026-11-19 23:40', '2026-11-14 08:00', '2026-11-15 17:30'][id] as string,
        firstDay: FIRST_DAY,
        lastDay: END_DAY - 1,
        read: own.length + 12,
        accepted: own.length,
        rejected: { 'duplicate-id': 12 },
        divisionOnly: 0,
        located: own.filter((fact) => fact[0] !== null).length,
        unlocated: { 'coordinate-missing': own.filter((fact) => fact[0] === null).length },
        unmapped: own.filter((fact) => fact[4] === 0).length,
        monthsMissing: id === 2 ? ['2025-07', '2025-08'] : [],
      };
    }),
    categories,
  },
  totals: {
    read: INCIDENTS + 36,
    accepted: INCIDENTS,
    rejected: 36,
    located,
    divisionOnly: 0,
    unlocated: INCIDENTS - located,
    unmapped: facts.filter((fact) => fact[4] === 0).length,
    coarsened: facts.filter((fact) => fact[0] !== null && fact[1] < FINEST).length,
  },
  basemap: null,
  files,
};
writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest));
console.log(`${folder}: ${INCIDENTS} incidents, ${cells.length} cells, ${files.length} files`);
