import { cellToBoundary, cellToChildren, gridDisk, latLngToCell } from 'h3-js';
import { describe, expect, it } from 'vitest';
import { hexagonColours } from '../../../web/src/layers/hexagon-colours.ts';
import { hexagonBuffers, hexagonLayer } from '../../../web/src/layers/hexagon-layer.ts';
import { hexagonMesh } from '../../../web/src/layers/hexagon-mesh.ts';
import { joinOutlines, ringOf } from '../../../web/src/layers/outlines.ts';
import { outlinesOf } from '../../../web/src/map/outline-job.ts';

const toBigInts = (cells: readonly string[]) => BigUint64Array.from(cells, (cell) => BigInt(`0x${cell}`));
const disk = gridDisk(latLngToCell(31.3, 120.6, 9), 4);
const outlines = outlinesOf(toBigInts(disk));

describe('outlines made in the worker', () => {
  it('are those of H3', () => {
    disk.forEach((cell, i) => {
      const ring = ringOf(outlines, i).slice(0, -1);
      cellToBoundary(cell).forEach(([lat, lng], corner) => {
        expect(ring[corner]![0]).toBeCloseTo(lng, 5);
        expect(ring[corner]![1]).toBeCloseTo(lat, 5);
      });
    });
  });

  it('may be joined from blocks', () => {
    const halves = [outlinesOf(toBigInts(disk.slice(0, 20))), outlinesOf(toBigInts(disk.slice(20)))];
    expect(joinOutlines(halves)).toEqual(outlines);
  });

  it('cope with a pentagon', () => {
    expect(ringOf(outlinesOf(toBigInts(['8009fffffffffff'])), 0)).toHaveLength(6);
    expect(cellToChildren('8009fffffffffff', 1).length).toBe(6);
  });
});

describe('the hexagon layer', () => {
  const mesh = hexagonMesh(outlines, 0.93);

  it('has four triangles a hexagon, none across cells', () => {
    expect(mesh.indices.length).toBe(disk.length * 12);
    for (let cell = 0; cell < disk.length; cell++) {
      for (const vertex of mesh.indices.subarray(cell * 12, cell * 12 + 12)) {
        expect(vertex).toBeGreaterThanOrEqual(mesh.starts[cell]!);
        expect(vertex).toBeLessThan(mesh.starts[cell + 1]!);
      }
    }
  });

  it('colours a cell by its class, opaque, and leaves a cell without incidents transparent', () => {
    const n = new Uint32Array(disk.length);
    n[0] = 1;
    n[1] = 9;
    n[2] = 70_000;
    const colours = hexagonColours({
      starts: mesh.starts,
      n,
      rows: null,
      breaks: [1, 5, 100],
      colours: ['#112233', '#445566', '#778899'],
    });
    const of = (cell: number) => [...colours.subarray(4 * mesh.starts[cell]!, 4 * mesh.starts[cell]! + 4)];
    expect(of(0)).toEqual([0x11, 0x22, 0x33, 255]);
    expect(of(1)).toEqual([0x44, 0x55, 0x66, 255]);
    expect(of(2)).toEqual([0x77, 0x88, 0x99, 255]);
    expect(of(3)).toEqual([0, 0, 0, 0]);
    expect(colours.length).toBe(4 * mesh.starts[disk.length]!);
  });

  it('reads the row of each drawn cell when only a part is drawn', () => {
    const n = Uint32Array.from({ length: 1000 }, (_, row) => (row === 700 ? 2 : 0));
    const rows = Uint32Array.from({ length: disk.length }, (_, cell) => 690 + cell);
    const colours = hexagonColours({ starts: mesh.starts, n, rows, breaks: [1], colours: ['#ffffff'] });
    for (let cell = 0; cell < disk.length; cell++) {
      expect(colours[4 * mesh.starts[cell]! + 3]).toBe(cell === 10 ? 255 : 0);
    }
  });

  it('keeps its geometry when only colours change', () => {
    const buffers = hexagonBuffers(mesh);
    const layer = (version: number) =>
      hexagonLayer({
        id: 'h',
        buffers,
        colours: new Uint8Array(4),
        version,
        beforeId: 'x',
        opacity: 1,
        hatchAnchor: [120, 31] as const,
      });
    const [before, after] = [layer(1), layer(2)];
    const same = before.props.dataComparator as (a: unknown, b: unknown) => boolean;
    expect(same(after.props.data, before.props.data)).toBe(true);
    expect(after.props.updateTriggers).not.toEqual(before.props.updateTriggers);
  });
});
