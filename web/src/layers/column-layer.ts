import { SolidPolygonLayer } from '@deck.gl/layers';
import type { HexagonMesh } from './hexagon-mesh.ts';

/** Hexagons with sides: closed rings, so that each of the six sides has its two corners side by side. */
export interface ColumnMesh {
  readonly cells: number;
  readonly starts: Uint32Array;
  readonly positions: Float64Array;
  readonly indices: Uint32Array;
}

export function columnMesh({ cells, starts, positions }: HexagonMesh): ColumnMesh {
  const vertices = starts[cells]! + cells;
  const closed = new Uint32Array(cells + 1);
  const xy = new Float64Array(2 * vertices);
  const indices = new Uint32Array(3 * (starts[cells]! - 2 * cells));
  let v = 0;
  let next = 0;
  for (let cell = 0; cell < cells; cell++) {
    closed[cell] = v;
    const first = v;
    const from = starts[cell]!;
    const corners = starts[cell + 1]! - from;
    for (let corner = 0; corner <= corners; corner++, v++) {
      xy[2 * v] = positions[2 * (from + (corner % corners))]!;
      xy[2 * v + 1] = positions[2 * (from + (corner % corners)) + 1]!;
    }
    for (let corner = 1; corner < corners - 1; corner++) {
      indices[next++] = first;
      indices[next++] = first + corner;
      indices[next++] = first + corner + 1;
    }
  }
  closed[cells] = v;
  return { cells, starts: closed, positions: xy, indices };
}

/** How bright a side is against the top. */
export const SIDE_SHADE = 0.66;

/** Top in the legend's colour, sides darker: no light that would give one class many colours. */
class ColumnsLayer extends SolidPolygonLayer {
  static override layerName = 'ColumnsLayer';

  override getShaders(type: unknown): unknown {
    const shaders = super.getShaders(type);
    return {
      ...shaders,
      inject: {
        ...shaders.inject,
        'vs:#main-end': `\
#ifdef IS_SIDE_VERTEX
  vColor = vec4(fillColors.rgb * ${SIDE_SHADE}, fillColors.a * layer.opacity);
#else
  vColor = vec4(fillColors.rgb, fillColors.a * layer.opacity);
#endif
  if (fillColors.a < 0.75) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
`,
      },
    };
  }
}

export const columnLayer = (options: {
  readonly id: string;
  readonly mesh: ColumnMesh;
  /** RGBA per vertex of the flat mesh. */
  readonly colours: Uint8Array;
  readonly flatStarts: Uint32Array;
  /** Metres by drawn cell. */
  readonly heightOf: (cell: number) => number;
  readonly opacity: number;
  readonly beforeId: string;
}) => {
  const { id, mesh, colours, flatStarts, heightOf, opacity, beforeId } = options;
  const vertices = mesh.positions.length / 2;
  const painted = new Uint32Array(vertices);
  const words = new Uint32Array(colours.buffer, colours.byteOffset, colours.length / 4);
  const elevations = new Float32Array(vertices);
  for (let cell = 0; cell < mesh.cells; cell++) {
    const word = words[flatStarts[cell]!]!;
    const height = heightOf(cell);
    for (let v = mesh.starts[cell]!; v < mesh.starts[cell + 1]!; v++) {
      painted[v] = word;
      elevations[v] = height;
    }
  }
  const data = {
    length: mesh.cells,
    startIndices: mesh.starts,
    attributes: {
      getPolygon: { value: mesh.positions, size: 2 },
      indices: { value: mesh.indices, size: 1 },
      getFillColor: { value: new Uint8Array(painted.buffer), size: 4, normalized: true },
      getElevation: { value: elevations, size: 1 },
    },
  };
  return new ColumnsLayer({
    id,
    // As in hexagon-layer.ts: deck.gl's types know no binary data without rows.
    data: data as unknown as never[],
    _normalize: false,
    _windingOrder: 'CCW',
    positionFormat: 'XY',
    extruded: true,
    material: false,
    pickable: false,
    opacity: opacity ** 2.2,
    parameters: { depthWriteEnabled: true, depthCompare: 'less-equal', cullMode: 'none' },
    ...({ beforeId } as object),
  });
};
