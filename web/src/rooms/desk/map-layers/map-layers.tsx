import { useEffect } from 'react';
import type { CityMap, MapEvents } from '../../../map/contract.ts';
import { useDesk } from '../../../state/store.ts';
import { DivisionLayer } from './division-layer.tsx';
import { LayerPanel } from './layer-panel.tsx';
import { useUnknownCells, useUnknownDivisions } from './use-unknown.ts';
import './map-layers.css';

interface MapLayersProps {
  readonly map: CityMap;
  readonly hovered: Parameters<NonNullable<MapEvents['onHoverDivision']>>[0];
}

/** Hands the look of the map to the island: layers, columns, seams, what nobody delivered. */
export function MapLayers({ map, hovered }: MapLayersProps) {
  const { layers, columns, divisionLevel } = useDesk((desk) => desk.look);
  const unknown = useUnknownDivisions();
  useUnknownCells(map, unknown);
  useEffect(() => map.setSeamLevel(divisionLevel), [map, divisionLevel]);
  useEffect(() => map.setLayers(layers), [map, layers]);
  useEffect(() => map.setColumns(columns), [map, columns]);
  const divisionsShown = layers.some(({ id, visible }) => id === 'divisions' && visible);
  return (
    <>
      {divisionsShown && <DivisionLayer map={map} unknown={unknown} hovered={hovered} />}
      <LayerPanel />
    </>
  );
}
