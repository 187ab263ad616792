import { AREA_OPS, type Area, type AreaPart } from '../../../../../core/geo/area/area.ts';
import type { PartFound } from '../../../area/area-cells.ts';
import { withOp, withoutPart } from '../../../area/edit.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { SIGNS } from './signs.ts';
import { setTools } from './tools.ts';
import { problemText, takeArea } from './use-area.ts';
import { useSayArea } from './use-say.ts';
import { useShapeName } from './use-shape-name.ts';

interface PartRowProps {
  readonly area: Area;
  readonly at: number;
  readonly part: AreaPart;
  /** null = not worked out yet. */
  readonly found: PartFound | null;
  readonly editing: boolean;
}

/** One shape of the area: its operation, what it is, how many cells it takes by itself. */
export function PartRow({ area, at, part, found, editing }: PartRowProps) {
  const say = useSayArea();
  const { snapshot } = useSession();
  const name = useShapeName();
  const problem = found?.problem ? problemText(found.problem, snapshot) : null;
  const edit = () => setTools({ editing: editing ? null : at, tool: null, draft: null, points: [], refusal: null });
  return (
    <li className="area-part">
      {at === 0 ? (
        <span className="area-sign" aria-hidden="true">
          {SIGNS.union}
        </span>
      ) : (
        <select
          aria-label={say('op.of', { n: at + 1 })}
          value={part.op}
          onChange={(event) => {
            const op = AREA_OPS.find((member) => member === event.target.value);
            if (op) void takeArea(snapshot, withOp(area, at, op), at);
          }}
        >
          {AREA_OPS.map((op) => (
            <option key={op} value={op}>
              {SIGNS[op]}
            </option>
          ))}
        </select>
      )}
      <span className="area-part-name">
        {name(part.shape)}
        {found && !problem && <em className="fine"> {say('part.cells', { n: found.cells })}</em>}
        {problem && <em className="mark warn"> {say(problem.key, problem.values)}</em>}
        {found?.notes.map((note) => (
          <em key={note} className="mark warn">
            {say(`note.${note}`)}
          </em>
        ))}
      </span>
      <button type="button" aria-pressed={editing} onClick={edit}>
        {say(editing ? 'part.done' : 'part.edit')}
      </button>
      <button
        type="button"
        aria-label={say('part.remove', { n: at + 1 })}
        onClick={() => {
          setTools({ editing: null });
          void takeArea(snapshot, withoutPart(area, at));
        }}
      >
        {'×'}
      </button>
    </li>
  );
}
