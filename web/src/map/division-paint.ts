import type { Map as MapLibreMap } from 'maplibre-gl';
import { HATCH_IMAGE } from './base-style.ts';
import { type DivisionFill, NO_DATA_CLASS, type Theme } from './contract.ts';
import type { Division } from './divisions.ts';
import { hatchImage } from './hatch-image.ts';
import { PALETTES } from './palette.ts';

/** Colours of the divisions of a level, by feature state: the level is set whole, so that nothing of the last fill stays. */
export function paintDivisions(map: MapLibreMap, fill: DivisionFill, divisions: readonly Division[]): void {
  const { level, classes, colours } = fill;
  const source = `level-${level}`;
  if (!map.getSource(source)) return;
  divisions.forEach((division, id) => {
    if (division.level !== level) return;
    const colour = colours[(classes[id] ?? 0) - 1] ?? null; // no class: not filled
    map.setFeatureState({ source, id }, { colour });
  });
}

/** Divisions about which nothing was delivered. */
export function unknownDivisions(fill: DivisionFill | null): readonly number[] {
  if (!fill) return [];
  return Array.from(fill.classes.keys()).filter((id) => fill.classes[id] === NO_DATA_CLASS);
}

export function divisionAt(
  map: MapLibreMap,
  { level }: DivisionFill,
  { x, y }: { readonly x: number; readonly y: number },
): number | null {
  const id: unknown = map.queryRenderedFeatures([x, y], { layers: [`division-fill-${level}`] })[0]?.properties.id;
  return typeof id === 'number' ? id : null;
}

/** The picture the hatched divisions are filled with, in the colour of the theme. */
export function addHatch(map: MapLibreMap, theme: Theme): void {
  const { image, pixelRatio } = hatchImage(PALETTES[theme].hatch);
  if (map.hasImage(HATCH_IMAGE)) map.updateImage(HATCH_IMAGE, image);
  else map.addImage(HATCH_IMAGE, image, { pixelRatio });
}
