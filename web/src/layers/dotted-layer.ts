import type { DefaultProps } from '@deck.gl/core';
import { PathLayer } from '@deck.gl/layers';

/** A row of round dots along each path: the look of "kept back". Coordinates as in path-layer-fragment.glsl.ts of deck.gl. */
class DottedPathLayer extends PathLayer<Ring> {
  static override layerName = 'DottedPathLayer';
  static override defaultProps: DefaultProps = {};

  override getShaders(): unknown {
    const shaders = super.getShaders();
    return {
      ...shaders,
      inject: {
        ...shaders.inject,
        // Not in the colour filter: that stands before the coordinates of the path are declared.
        'fs:#main-end': `\
  // Lengths are in half widths. One dot to 2.6 widths, all whole: the spacing gives way to the length of the edge.
  float pitch = vPathLength / max(1.0, floor(vPathLength / 5.2));
  float along = mod(vPathPosition.y, pitch) - 0.5 * pitch;
  if (length(vec2(vPathPosition.x, along)) > 1.0) discard;
`,
      },
    };
  }
}

export type Ring = readonly (readonly [number, number])[];

export const dottedLayer = (options: {
  readonly id: string;
  readonly rings: readonly Ring[];
  readonly colour: readonly [number, number, number];
  readonly widthPx: number;
  readonly beforeId: string;
}) =>
  new DottedPathLayer({
    id: options.id,
    data: options.rings,
    getPath: (ring) => ring as [number, number][],
    getColor: [...options.colour],
    getWidth: options.widthPx,
    widthUnits: 'pixels',
    pickable: false,
    parameters: { depthWriteEnabled: false, depthCompare: 'always' },
    updateTriggers: { getColor: options.colour, getWidth: options.widthPx },
    ...({ beforeId: options.beforeId } as object),
  });
