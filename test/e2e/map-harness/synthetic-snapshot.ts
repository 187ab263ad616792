/** A made city in the real contract, on the site of Suzhou: shapes are invented, counts have a few known hot cells. */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  Table as ArrowTable,
  Bool,
  Field,
  Float64,
  Int32,
  List,
  makeData,
  makeVector,
  type Table,
  tableToIPC,
  Uint8,
  Uint32,
  Utf8,
  Vector,
  vectorFromArray,
} from 'apache-arrow';
import { cellToBoundary, cellToLatLng, cellToParent, latLngToCell, polygonToCells } from 'h3-js';

const FINEST = 10;
const COARSEST = 5;
const OVERVIEW = 8;

/** Ring of an uneven round shape, degrees. */
function blob(lng: number, lat: number, radius: number, seed: number): [number, number][] {
  const ring: [number, number][] = [];
  for (let i = 0; i < 120; i++) {
    const angle = (i / 120) * 2 * Math.PI;
    const wobble =
      1 + 0.13 * Math.sin(3 * angle + seed) + 0.07 * Math.sin(7 * angle + 2 * seed) + 0.03 * Math.sin(17 * angle);
    ring.push([lng + (radius * wobble * Math.cos(angle)) / 0.855, lat + radius * wobble * Math.sin(angle)]);
  }
  ring.push(ring[0]!);
  return ring;
}

function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

interface DivisionRow {
  code: string;
  name: string;
  nameEn: string | null;
  level: number;
  parent: number | null;
  end: number;
  lng: number;
  lat: number;
  ring: [number, number][];
}

const DISTRICTS = ['姑苏区', '虎丘区', '吴中区', '相城区', '吴江区', '常熟市', '张家港市', '昆山市'];
const STREETS = ['平江', '金阊', '沧浪', '狮山', '横塘', '枫桥', '木渎', '甪直', '盛泽', '同里', '黎里', '震泽'];

export function writeSyntheticSnapshot(folder: string, radius: number): void {
  mkdirSync(join(folder, 'files'), { recursive: true });
  const centre = { lng: 120.66, lat: 31.3 };
  const city = blob(centre.lng, centre.lat, radius, 1.3);
  const divisions: DivisionRow[] = [
    { code: '320500', name: '苏州市', nameEn: 'Suzhou', level: 0, parent: null, end: 0, ...centre, ring: city },
  ];
  DISTRICTS.forEach((name, d) => {
    // Sectors between two bearings, from the centre to the outline of the city.
    const from = Math.floor((d / DISTRICTS.length) * 120);
    const to = Math.floor(((d + 1) / DISTRICTS.length) * 120);
    const edge = city.slice(from, to + 1);
    const ring: [number, number][] = [[centre.lng, centre.lat], ...edge, [centre.lng, centre.lat]];
    const middle = edge[edge.length >> 1]!;
    const at = (share: number): [number, number] => [
      centre.lng + (middle[0] - centre.lng) * share,
      centre.lat + (middle[1] - centre.lat) * share,
    ];
    const [lng, lat] = at(0.6);
    const id = divisions.length;
    divisions.push({
      code: `32050${d}`,
      name,
      nameEn: `District ${d + 1}`,
      level: 1,
      parent: 0,
      end: 0,
      lng,
      lat,
      ring,
    });
    for (let s = 0; s < 6; s++) {
      const scale = (share: number) =>
        edge.map(([x, y]): [number, number] => [
          centre.lng + (x - centre.lng) * share,
          centre.lat + (y - centre.lat) * share,
        ]);
      const band = [...scale((s + 1) / 6), ...scale(s / 6).reverse()];
      const [slng, slat] = at((s + 0.6) / 6);
      divisions.push({
        code: `32050${d}0${s}`,
        name: `${STREETS[(d * 5 + s) % STREETS.length]}街道`,
        nameEn: null,
        level: 2,
        parent: id,
        end: divisions.length + 1,
        lng: slng,
        lat: slat,
        ring: [...band, band[0]!],
      });
    }
    divisions[id]!.end = divisions.length;
  });
  divisions[0]!.end = divisions.length;

  const cells = polygonToCells(
    city.map(([lng, lat]) => [lat, lng]),
    FINEST,
  ).sort();
  const idOf = new Map(cells.map((cell, id) => [cell, id]));
  const files: object[] = [];
  const put = (path: string, bytes: Uint8Array, rows: number | null, kind: string) => {
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const extension = path.split('.').pop();
    writeFileSync(join(folder, 'files', `${sha256}.${extension}`), bytes);
    files.push({
      path,
      file: `files/${sha256}.${extension}`,
      sha256,
      bytes: bytes.length,
      encoded: {},
      rows,
      kind,
      grade: 'desk',
      division: null,
      period: null,
    });
  };
  const putTable = (path: string, table: Table, kind: string) =>
    put(path, tableToIPC(table, 'stream'), table.numRows, kind);
  const putJson = (path: string, value: unknown) => put(path, Buffer.from(JSON.stringify(value)), null, 'geometry');
  const u64 = (values: readonly string[]) => makeVector(BigUint64Array.from(values, (value) => BigInt(`0x${value}`)));
  const flags = (length: number) =>
    new Vector([makeData({ type: new Bool(), length, data: new Uint8Array((length + 7) >> 3) })]);

  putTable(
    'grid.arrow',
    new ArrowTable({
      h3: u64(cells),
      division: makeVector(new Uint32Array(cells.length)),
      straddles: flags(cells.length),
    }),
    'grid',
  );

  const cellCounts: Record<string, number> = { [FINEST]: cells.length };
  const rowsAt = new Map<number, string[]>();
  for (let resolution = FINEST - 1; resolution >= COARSEST; resolution--) {
    const parents: string[] = [];
    const first: number[] = [];
    cells.forEach((cell, id) => {
      const parent = cellToParent(cell, resolution);
      if (parents[parents.length - 1] !== parent) {
        parents.push(parent);
        first.push(id);
      }
    });
    rowsAt.set(resolution, parents);
    cellCounts[resolution] = parents.length;
    const centres = parents.map((cell) => cellToLatLng(cell));
    const rings =
      resolution <= 8
        ? parents.map((cell) =>
            cellToBoundary(cell).flatMap(([lat, lng]) => [Math.round(lng * 1e6), Math.round(lat * 1e6)]),
          )
        : parents.map(() => null);
    putTable(
      `grid/r${resolution}.arrow`,
      new ArrowTable({
        h3: u64(parents),
        first_id: makeVector(Uint32Array.from(first)),
        end_id: makeVector(Uint32Array.from([...first.slice(1), cells.length])),
        lng_e6: makeVector(Int32Array.from(centres, ([, lng]) => Math.round(lng * 1e6))),
        lat_e6: makeVector(Int32Array.from(centres, ([lat]) => Math.round(lat * 1e6))),
        outline_e6: vectorFromArray(rings, new List(new Field('item', new Int32(), false))),
      }),
      'grid',
    );
  }

  const next = random(7);
  const cellIds: number[] = [];
  const precision: number[] = [];
  const heart = Array.from({ length: 26 }, () => ({
    lng: centre.lng + (next() + next() - 1) * radius * 1.05,
    lat: centre.lat + (next() + next() - 1) * radius * 0.9,
    spread: 0.008 + 0.05 * next(),
    share: next() ** 2,
  }));
  heart.push({ lng: centre.lng, lat: centre.lat, spread: 0.05, share: 4 });
  for (const { lng, lat, spread, share } of heart) {
    for (let i = 0; i < share * 24_000; i++) {
      const bell = () => (next() + next() + next() + next() - 2) * 1.2;
      const id = idOf.get(latLngToCell(lat + bell() * spread, lng + (bell() * spread) / 0.855, FINEST));
      if (id === undefined) continue;
      cellIds.push(id);
      precision.push(next() < 0.02 ? 8 : FINEST);
    }
  }
  const order = cellIds.map((_, i) => i).sort((a, b) => cellIds[a]! - cellIds[b]!);
  putTable(
    'facts/all/2025.arrow',
    new ArrowTable({
      cell_id: makeVector(Uint32Array.from(order, (i) => cellIds[i]!)),
      res: makeVector(Uint8Array.from(order, (i) => precision[i]!)),
    }),
    'facts',
  );
  const overviewRow = new Map(rowsAt.get(OVERVIEW)!.map((cell, row) => [cell, row]));
  const perCell = new Map<number, number>();
  for (const id of cellIds) {
    const row = overviewRow.get(cellToParent(cells[id]!, OVERVIEW))!;
    perCell.set(row, (perCell.get(row) ?? 0) + 1);
  }
  const overview = [...perCell].sort(([a], [b]) => a - b);
  putTable(
    'cube/overview.arrow',
    new ArrowTable({
      cell: makeVector(Uint32Array.from(overview, ([row]) => row)),
      source: makeVector(new Uint8Array(overview.length)),
      group: makeVector(new Uint16Array(overview.length)),
      n: makeVector(Uint32Array.from(overview, ([, n]) => n)),
    }),
    'cube',
  );

  putTable(
    'divisions.arrow',
    new ArrowTable({
      code: vectorFromArray(
        divisions.map((row) => row.code),
        new Utf8(),
      ),
      name: vectorFromArray(
        divisions.map((row) => row.name),
        new Utf8(),
      ),
      name_en: vectorFromArray(
        divisions.map((row) => row.nameEn),
        new Utf8(),
      ),
      level: vectorFromArray(
        divisions.map((row) => row.level),
        new Uint8(),
      ),
      parent: vectorFromArray(
        divisions.map((row) => row.parent),
        new Uint32(),
      ),
      end: vectorFromArray(
        divisions.map((row) => row.end),
        new Uint32(),
      ),
      lng: vectorFromArray(
        divisions.map((row) => row.lng),
        new Float64(),
      ),
      lat: vectorFromArray(
        divisions.map((row) => row.lat),
        new Float64(),
      ),
      area_km2: vectorFromArray(
        divisions.map((row) => areaKm2(row.ring)),
        new Float64(),
      ),
      population: vectorFromArray(
        divisions.map(() => null),
        new Uint32(),
      ),
      made: vectorFromArray(
        divisions.map(() => true),
        new Bool(),
      ),
    }),
    'divisions',
  );
  const area = (ring: [number, number][], id: number) => ({
    type: 'Feature',
    properties: { id, code: divisions[id]!.code, name: divisions[id]!.name, made: true },
    geometry: { type: 'Polygon', coordinates: [ring] },
  });
  for (const level of [1, 2]) {
    const features = divisions.flatMap((row, id) => (row.level === level ? [area(row.ring, id)] : []));
    putJson(`divisions/${level}.geojson`, { type: 'FeatureCollection', features });
  }
  putJson('study-area.geojson', { type: 'FeatureCollection', features: [area(city, 0)] });
  putJson('water.geojson', {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: {},
        geometry: {
          type: 'Polygon',
          coordinates: [blob(centre.lng - radius * 0.7, centre.lat - radius * 0.25, radius * 0.28, 4)],
        },
      },
      {
        type: 'Feature',
        properties: {},
        geometry: {
          type: 'Polygon',
          coordinates: [blob(centre.lng + radius * 0.35, centre.lat + radius * 0.35, radius * 0.08, 2)],
        },
      },
    ],
  });

  const lngs = city.map(([lng]) => lng);
  const lats = city.map(([, lat]) => lat);
  writeFileSync(
    join(folder, 'manifest.json'),
    JSON.stringify({
      format: 'hexsight-snapshot',
      schemaVersion: 1,
      snapshot: '0123456789abcdef',
      profile: {
        id: 'made',
        name: { zh: '示例', en: 'Sample' },
        attribution: { zh: '合成数据 <测试>', en: 'Synthetic data <test>' },
      },
      zone: 'Asia/Shanghai',
      from: { inputs: [], config: '', code: '' },
      window: { firstDay: 20000, endDay: 20365 },
      weeks: [],
      bounds: [Math.min(...lngs), Math.min(...lats), Math.max(...lngs), Math.max(...lats)],
      grid: { finest: FINEST, coarsest: COARSEST, cells: cellCounts, overview: OVERVIEW },
      divisionLevels: [
        { level: 1, key: 'district', name: { zh: '区县', en: 'District' }, count: DISTRICTS.length, made: false },
        { level: 2, key: 'street', name: { zh: '街道', en: 'Street' }, count: DISTRICTS.length * 6, made: true },
      ],
      dictionaries: { sources: [], categories: [] },
      totals: {
        read: cellIds.length,
        accepted: cellIds.length,
        rejected: 0,
        located: cellIds.length,
        unlocated: 0,
        unmapped: 0,
        coarsened: 0,
      },
      basemap: null,
      files,
    }),
  );
}

function areaKm2(ring: readonly [number, number][]): number {
  let twice = 0;
  for (let i = 0; i + 1 < ring.length; i++) twice += ring[i]![0] * ring[i + 1]![1] - ring[i + 1]![0] * ring[i]![1];
  return (Math.abs(twice) / 2) * 111.2 * 111.2 * 0.855;
}
