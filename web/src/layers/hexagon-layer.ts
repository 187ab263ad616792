import { SolidPolygonLayer } from '@deck.gl/layers';
import { hatchInject, hatchModule } from './hatch.ts';
import type { HexagonMesh } from './hexagon-mesh.ts';

interface BinaryAttribute {
  readonly value: Float64Array | Uint32Array | Uint8Array;
  readonly size: number;
  readonly normalized?: boolean;
}

/** The static half of the layer's input. deck.gl compares attributes by identity, so it is kept, not remade. */
export interface HexagonBuffers {
  readonly length: number;
  readonly startIndices: Uint32Array;
  readonly positions: BinaryAttribute;
  readonly indices: BinaryAttribute;
}

export const hexagonBuffers = (mesh: HexagonMesh): HexagonBuffers => ({
  length: mesh.cells,
  startIndices: mesh.starts,
  positions: { value: mesh.positions, size: 2 },
  indices: { value: mesh.indices, size: 1 },
});

interface HexagonData {
  readonly length: number;
  readonly startIndices: Uint32Array;
  readonly attributes: Record<string, BinaryAttribute>;
}

interface HexagonsProps {
  /** Place of the map the hatch is anchored to. */
  readonly hatchAnchor: readonly [number, number];
}

/** Draws the hatch, and tells whether its triangles have reached a frame: shaders may be compiled while the map already draws. */
export class HexagonsLayer extends SolidPolygonLayer<unknown, HexagonsProps> {
  static override layerName = 'HexagonsLayer';
  drawn = false;

  override getShaders(type: unknown): unknown {
    const shaders = super.getShaders(type);
    return {
      ...shaders,
      modules: [...shaders.modules, hatchModule],
      inject: { ...shaders.inject, ...hatchInject },
    };
  }

  override draw(options: { uniforms: unknown }): void {
    const { viewport, device } = this.context;
    const { width, height } = device.canvasContext?.getDrawingBufferSize
      ? sizeOf(device.canvasContext.getDrawingBufferSize())
      : viewport;
    const scale = viewport.width > 0 ? width / viewport.width : 1; // no size yet: nothing is seen
    const [x = 0, y = 0] = viewport.project([...this.props.hatchAnchor]);
    this.setShaderModuleProps({ hatch: { anchor: [x * scale, height - y * scale], scale } });
    super.draw(options as Parameters<SolidPolygonLayer['draw']>[0]);
    const models = this.getModels();
    this.drawn = models.length > 0 && models.every((model) => model.pipeline.linkStatus === 'success');
  }
}

const sizeOf = ([width, height]: [number, number]) => ({ width, height });

/** Filled hexagons below the map layer `beforeId`. A new `colours` alone rewrites only the colour buffer. */
export const hexagonLayer = (options: {
  readonly id: string;
  readonly buffers: HexagonBuffers;
  readonly colours: Uint8Array;
  /** Another number per other content of `colours`. */
  readonly version: number;
  readonly beforeId: string;
  /** 0 … 1 */
  readonly opacity: number;
  readonly hatchAnchor: readonly [number, number];
}) => {
  const { id, buffers, colours, version, beforeId, opacity, hatchAnchor } = options;
  const data: HexagonData = {
    length: buffers.length,
    startIndices: buffers.startIndices,
    attributes: {
      getPolygon: buffers.positions,
      // What the layer makes of getPolygon on a change of data; named here so that a recolour finds it too.
      vertexPositions: buffers.positions,
      indices: buffers.indices,
      getFillColor: { value: colours, size: 4, normalized: true },
    },
  };
  return new HexagonsLayer({
    id,
    // deck.gl's types know binary data only as LayerData of the row type; there are no rows here.
    data: data as unknown as never[],
    // Only the outlines count as data: otherwise each recolour would walk all cells again.
    dataComparator: (next, previous) =>
      (next as unknown as HexagonData).startIndices === (previous as unknown as HexagonData | undefined)?.startIndices,
    updateTriggers: { getFillColor: version },
    // deck.gl takes its 2.2th root.
    opacity: opacity ** 2.2,
    hatchAnchor,
    _normalize: false,
    positionFormat: 'XY',
    extruded: false,
    pickable: false,
    // Interleaved with a flat map: order alone decides what lies above.
    parameters: { depthWriteEnabled: false, depthCompare: 'always' },
    ...({ beforeId } as object),
  });
};
