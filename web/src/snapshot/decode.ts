import { type Column as ArrowColumn, type Table, tableFromIPC } from '@uwdata/flechette';
import { type Column, CUBE_OVERVIEW, CUBE_WEEK, DIVISIONS, GRID, GRID_COARSE } from '../../../core/contract/tables.ts';
import {
  type CoarseGrid,
  type Divisions,
  type FinestGrid,
  NO_DIVISION,
  type OverviewCube,
  type WeekCube,
} from './model.ts';
import { SnapshotError } from './problem.ts';

/** Arrow bytes → the columns the desk uses. A file without a column of the contract is refused by name. */

export function decodeDivisions(bytes: Uint8Array, file: string): Divisions {
  const table = openTable(bytes, file, DIVISIONS);
  const text = (name: string) => table.getChild(name).toArray() as ArrayLike<string>;
  return {
    count: table.numRows,
    code: Array.from(text('code')),
    name: Array.from(text('name')),
    nameEn: Array.from(table.getChild('name_en').toArray() as ArrayLike<string | null>),
    level: Uint8Array.from(table.getChild('level').toArray()),
    parent: Array.from(table.getChild('parent').toArray() as ArrayLike<number | null>),
    end: Uint32Array.from(table.getChild('end').toArray()),
    areaKm2: Float64Array.from(table.getChild('area_km2').toArray()),
    population: Array.from(table.getChild('population').toArray() as ArrayLike<number | null>),
    made: Array.from(table.getChild('made').toArray() as ArrayLike<boolean>),
  };
}

export function decodeCoarseGrid(bytes: Uint8Array, file: string, resolution: number): CoarseGrid {
  const table = openTable(bytes, file, GRID_COARSE);
  return {
    resolution,
    h3: BigUint64Array.from(table.getChild('h3').toArray()),
    firstId: Uint32Array.from(table.getChild('first_id').toArray()),
    endId: Uint32Array.from(table.getChild('end_id').toArray()),
    lngE6: Int32Array.from(table.getChild('lng_e6').toArray()),
    latE6: Int32Array.from(table.getChild('lat_e6').toArray()),
  };
}

export function decodeFinestGrid(bytes: Uint8Array, file: string): FinestGrid {
  const table = openTable(bytes, file, GRID);
  return {
    h3: table.getChild('h3').toArray() as BigUint64Array,
    division: divisionColumn(table),
    straddles: filled(new Uint8Array(table.numRows), table.getChild('straddles'), Number),
  };
}

export function decodeOverviewCube(bytes: Uint8Array, file: string): OverviewCube {
  const table = openTable(bytes, file, CUBE_OVERVIEW);
  return {
    cell: Uint32Array.from(table.getChild('cell').toArray()),
    source: Uint8Array.from(table.getChild('source').toArray()),
    group: Uint16Array.from(table.getChild('group').toArray()),
    n: Uint32Array.from(table.getChild('n').toArray()),
  };
}

export function decodeWeekCube(bytes: Uint8Array, file: string): WeekCube {
  const table = openTable(bytes, file, CUBE_WEEK);
  return {
    division: divisionColumn(table),
    week: Uint16Array.from(table.getChild('week').toArray()),
    source: Uint8Array.from(table.getChild('source').toArray()),
    group: Uint16Array.from(table.getChild('group').toArray()),
    n: Uint32Array.from(table.getChild('n').toArray()),
  };
}

function divisionColumn(table: Table): Uint32Array {
  return filled(new Uint32Array(table.numRows), table.getChild('division'), (division) =>
    division === null ? NO_DIVISION : Number(division),
  );
}

/** Without an array of boxed values in between: the finest grid has close to a million rows. */
function filled<A extends Uint8Array | Uint32Array>(
  target: A,
  column: ArrowColumn<unknown>,
  number: (value: unknown) => number,
): A {
  let row = 0;
  for (const batch of column.data) for (let i = 0; i < batch.length; i++) target[row++] = number(batch.at(i));
  return target;
}

export function openTable(bytes: Uint8Array, file: string, columns: readonly Column[]): Table {
  let table: Table;
  try {
    table = tableFromIPC(bytes, { useBigInt: true });
  } catch (cause) {
    throw new SnapshotError({ kind: 'columns', file, detail: 'is no Arrow stream' }, { cause });
  }
  const missing = columns.filter((column) => !table.names.includes(column.name));
  if (missing.length > 0) {
    const detail = `lacks column ${missing.map((column) => column.name).join(', ')}`;
    throw new SnapshotError({ kind: 'columns', file, detail });
  }
  return table;
}
