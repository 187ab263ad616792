import type { CityMap } from '../../../map/contract.ts';
import { MAP_LAYERS, type MapLayer } from '../../../state/permalink.ts';
import { useDesk } from '../../../state/store.ts';
import { AlertMarks } from './alert-marks.tsx';
import { EmergingLayer } from './emerging-layer.tsx';
import { HotspotLayer } from './hotspot-layer.tsx';
import { RiskLayer } from './risk-layer.tsx';
import { readyValue, useSay, useSense } from './use-sense.ts';
import './sense-map.css';

/** The sensing layers of the map, their legends, and the switch between them and the counts. */
export function SenseMap({ map }: { readonly map: CityMap }) {
  const layer = useDesk((desk) => desk.layer);
  return (
    <>
      <AlertMarks map={map} />
      {layer === 'hotspots' && <HotspotLayer map={map} />}
      {layer === 'emerging' && <EmergingLayer map={map} />}
      {layer === 'risk' && <RiskLayer map={map} />}
      <LayerSwitch />
    </>
  );
}

function LayerSwitch() {
  const say = useSay();
  const layer = useDesk((desk) => desk.layer);
  const marks = useDesk((desk) => desk.marks);
  const { setLayer, setMarks } = useDesk.getState();
  const change = readyValue(useSense('sense'))?.risk.kind !== 'risk';
  const name = (key: MapLayer) => say(key === 'risk' && change ? 'layer.change' : `layer.${key}`);
  return (
    <fieldset className="layer-switch" aria-label={say('layer.title')}>
      <div className="layer-buttons">
        {MAP_LAYERS.map((key) => (
          <button key={key} type="button" data-layer={key} aria-pressed={layer === key} onClick={() => setLayer(key)}>
            {name(key)}
          </button>
        ))}
      </div>
      <label>
        <input type="checkbox" checked={marks} onChange={(event) => setMarks(event.target.checked)} />
        {say('layer.marks')}
      </label>
    </fieldset>
  );
}
