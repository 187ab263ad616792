import { PathLayer } from '@deck.gl/layers';

/** Outline around one cell. Casing first, then the line itself. */
export interface Mark {
  readonly ring: readonly (readonly [number, number])[];
  readonly colour: string;
  readonly widthPx: number;
}

/** Outlines of the selected and the hovered cell, in CSS pixels, below the map layer `beforeId`. */
export const markLayer = (marks: readonly Mark[], beforeId: string) =>
  new PathLayer<Mark>({
    id: 'marks',
    data: marks,
    getPath: (mark) => mark.ring as [number, number][],
    getColor: (mark) => rgb(mark.colour),
    getWidth: (mark) => mark.widthPx,
    widthUnits: 'pixels',
    jointRounded: true,
    pickable: false,
    parameters: { depthWriteEnabled: false, depthCompare: 'always' },
    ...({ beforeId } as object),
  });

function rgb(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
