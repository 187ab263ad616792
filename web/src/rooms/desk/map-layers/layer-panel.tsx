import type { LayerChoice } from '../../../map/contract.ts';
import { DEFAULT_LAYERS } from '../../../map/layer-order.ts';
import { DEFAULT_LOOK } from '../../../state/map-look.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useSayLayers } from './use-say.ts';

/** Every layer of the map, top first: shown or not, how dense, in which order. */
export function LayerPanel() {
  const { manifest } = useSession().snapshot;
  const say = useSayLayers();
  const { label } = useText();
  const { layers, divisionLevel, columns } = useDesk((desk) => desk.look);
  const { setLook } = useDesk.getState();
  const change = (id: LayerChoice['id'], part: Partial<LayerChoice>) =>
    setLook({ layers: layers.map((layer) => (layer.id === id ? { ...layer, ...part } : layer)) });
  /** Names stay on top: they are last and nothing goes past them. */
  const movable = layers.filter(({ id }) => id !== 'names');
  const move = (id: LayerChoice['id'], by: 1 | -1) => {
    const at = movable.findIndex((layer) => layer.id === id);
    const other = movable[at + by];
    if (!other) return;
    const swapped = movable.map((layer, i) => (i === at ? other : i === at + by ? movable[at]! : layer));
    setLook({ layers: [...swapped, ...layers.filter((layer) => layer.id === 'names')] });
  };
  const published = (path: string) => manifest.files.some((file) => file.path === path);
  const rows = [...layers.filter(({ id }) => id === 'names'), ...movable.toReversed()];
  return (
    <details className="layer-panel">
      <summary>{say('panel.title')}</summary>
      <ol>
        {rows.map(({ id, visible, opacity }) => {
          const name = say(`layer.${id}`);
          const absent = id === 'facilities' && !published('facilities.geojson');
          const at = movable.findIndex((layer) => layer.id === id);
          return (
            <li key={id} data-layer-row={id} className={absent ? 'absent' : undefined}>
              <label>
                <input
                  type="checkbox"
                  checked={visible}
                  disabled={absent}
                  aria-label={say('panel.show', { name })}
                  onChange={(event) => change(id, { visible: event.target.checked })}
                />
                <span>
                  {name}
                  {absent && <small> {say('panel.absent')}</small>}
                </span>
              </label>
              <input
                type="range"
                min={10}
                max={100}
                step={5}
                value={Math.round(opacity * 100)}
                disabled={absent || !visible}
                aria-label={say('panel.opacity', { name })}
                onChange={(event) => change(id, { opacity: Number(event.target.value) / 100 })}
              />
              <button
                type="button"
                aria-label={say('panel.up', { name })}
                disabled={id === 'names' || at === movable.length - 1}
                onClick={() => move(id, 1)}
              >
                ↑
              </button>
              <button
                type="button"
                aria-label={say('panel.down', { name })}
                disabled={id === 'names' || at === 0}
                onClick={() => move(id, -1)}
              >
                ↓
              </button>
            </li>
          );
        })}
      </ol>
      <p className="fine">{say('panel.note')}</p>
      <label className="legend-choice">
        {say('panel.level')}
        <select value={divisionLevel} onChange={(event) => setLook({ divisionLevel: Number(event.target.value) })}>
          {manifest.divisionLevels
            .filter(({ level }) => level >= 1 && level <= 4)
            .map(({ level, name }) => (
              <option key={level} value={level}>
                {label(name)}
              </option>
            ))}
        </select>
      </label>
      <label className="layer-columns">
        <input type="checkbox" checked={columns} onChange={(event) => setLook({ columns: event.target.checked })} />
        {say('panel.columns')}
      </label>
      <p className="fine">{say('panel.tilt')}</p>
      <button
        type="button"
        onClick={() =>
          setLook({ layers: DEFAULT_LAYERS, divisionLevel: DEFAULT_LOOK.divisionLevel, columns: DEFAULT_LOOK.columns })
        }
      >
        {say('panel.reset')}
      </button>
    </details>
  );
}
