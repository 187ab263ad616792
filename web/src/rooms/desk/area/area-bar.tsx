import type { Area } from '../../../../../core/geo/area/area.ts';
import { AREA_OPS } from '../../../../../core/geo/area/area.ts';
import { cleanName, formatArea } from '../../../../../core/geo/area/area-text.ts';
import { useAreaFilter } from '../../../area/area-filter.ts';
import type { CityMap } from '../../../map/contract.ts';
import { edgeMetres } from '../../../snapshot/place.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { CoarserNote } from './coarser-note.tsx';
import { InOut } from './in-out.tsx';
import { PartRow } from './part-row.tsx';
import { ShapeForm } from './shape-form.tsx';
import { SIGNS } from './signs.ts';
import { ToolIcon } from './tool-icon.tsx';
import { AREA_TOOLS, chooseTool, setTools, toggleAreaTools, useAreaTools } from './tools.ts';
import { useArea, useDraftAnswer } from './use-area.ts';
import { useSayArea } from './use-say.ts';

/** The tools, and what is chosen so far. */
export function AreaBar({ map }: { readonly map: CityMap }) {
  const say = useSayArea();
  const open = useAreaTools((state) => state.open);
  const tool = useAreaTools((state) => state.tool);
  const editing = useAreaTools((state) => state.editing);
  const area = useArea();
  if (!open)
    return (
      <button type="button" className="area-open" title={say('bar.open')} onClick={toggleAreaTools}>
        <ToolIcon name="lasso" /> {say('bar.title')} <kbd>Q</kbd>
      </button>
    );
  return (
    <section className="area-bar" aria-label={say('bar.title')}>
      <header>
        <h2>{say('bar.title')}</h2>
        <button type="button" className="quiet" onClick={toggleAreaTools}>
          {say('bar.close')}
        </button>
      </header>
      <div className="area-tools" role="toolbar" aria-label={say('bar.title')}>
        {AREA_TOOLS.map((name, i) => (
          <button
            key={name}
            type="button"
            data-tool={name}
            aria-pressed={tool === name}
            title={`${say(`tool.${name}`)} (${i + 1})`}
            onClick={() => chooseTool(tool === name ? null : name)}
          >
            <ToolIcon name={name} />
            <span>{say(`tool.${name}`)}</span>
          </button>
        ))}
      </div>
      {tool && area.parts.length > 0 && <NextOp />}
      {tool && <ShapeForm key={tool} map={map} tool={tool} />}
      <Said />
      {area.parts.length === 0 ? (
        !tool && <p className="fine">{say('area.none')}</p>
      ) : (
        <Chosen area={area} map={map} editing={editing} />
      )}
      <InOut map={map} />
    </section>
  );
}

function NextOp() {
  const say = useSayArea();
  const op = useAreaTools((state) => state.op);
  return (
    <fieldset className="area-ops" aria-label={say('op.title')}>
      <span>{say('op.title')}</span>
      {AREA_OPS.map((name) => (
        <button key={name} type="button" aria-pressed={op === name} onClick={() => setTools({ op: name })}>
          {SIGNS[name]} {say(`op.${name}`)}
        </button>
      ))}
    </fieldset>
  );
}

/** What was refused and why, and what was changed on the way in. */
function Said() {
  const say = useSayArea();
  const refusal = useAreaTools((state) => state.refusal);
  const remark = useAreaTools((state) => state.remark);
  const area = useDesk((state) => state.area);
  const draft = useAreaTools((state) => state.draft);
  const answer = useDraftAnswer();
  const { number } = useText();
  return (
    <>
      {refusal && (
        <p className="area-refused" role="alert">
          {say(refusal.key, refusal.values)}
          {area !== null && <span> {say('problem.kept')}</span>}
        </p>
      )}
      {remark && <p className="mark warn">{say(remark.key, remark.values)}</p>}
      {draft && answer && (
        <p className="area-size" role="status">
          {say('area.sizeDraft', { n: answer.cells, km2: number(answer.km2, 2) })}
        </p>
      )}
    </>
  );
}

interface ChosenProps {
  readonly area: Area;
  readonly map: CityMap;
  readonly editing: number | null;
}

function Chosen({ area, map, editing }: ChosenProps) {
  const say = useSayArea();
  const { number } = useText();
  const { manifest } = useSession().snapshot;
  const { status, found, message, retry } = useAreaFilter();
  const draft = useAreaTools((state) => state.draft);
  const { setArea } = useDesk.getState();
  const rename = (name: string) => setArea(formatArea({ ...area, name: cleanName(name) }));
  return (
    <>
      <label className="area-name">
        {say('area.name')}
        <input
          key={area.name}
          defaultValue={area.name}
          placeholder={say('area.unnamed')}
          onBlur={(event) => event.target.value !== area.name && rename(event.target.value)}
          onKeyDown={(event) => event.key === 'Enter' && !event.nativeEvent.isComposing && event.currentTarget.blur()}
        />
      </label>
      <ol className="area-parts">
        {area.parts.map((part, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a part is known by its place
          <PartRow key={i} area={area} at={i} part={part} found={found?.parts[i] ?? null} editing={editing === i} />
        ))}
      </ol>
      {editing !== null && area.parts[editing] && (
        <ShapeForm key={`edit-${editing}`} map={map} tool={null} shape={area.parts[editing].shape} />
      )}
      {status === 'working' && !found && (
        <p className="panel-loading" role="status">
          {say('area.working')}
        </p>
      )}
      {status === 'failed' && (
        <p className="area-refused" role="alert">
          {say('area.failed', { message: message ?? '' })}{' '}
          {retry && (
            <button type="button" onClick={retry}>
              {say('area.retry')}
            </button>
          )}
        </p>
      )}
      {status === 'empty' && (
        <p className="area-refused" role="alert">
          {say('area.linkEmpty')}
        </p>
      )}
      {found && !draft && (
        <p className="area-size" role="status">
          {say('area.size', { n: found.cells, km2: number(found.km2, 2) })}
        </p>
      )}
      {found && <CoarserNote found={found} />}
      <p className="fine">
        {say('area.rule', { resolution: manifest.grid.finest, edge: edgeMetres(manifest.grid.finest) })}
      </p>
    </>
  );
}
