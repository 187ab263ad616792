import { useMemo, useState } from 'react';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { divisionName } from '../divisions.ts';
import { setDivisionLevel, useDivisionLevel } from './division-level.ts';
import { takeShape } from './use-area.ts';
import { useSayArea } from './use-say.ts';

const SHOWN = 8;

/** The level that a click on the map takes, and divisions by name. */
export function DivisionPicker() {
  const say = useSayArea();
  const { snapshot } = useSession();
  const { locale, label } = useText();
  const { manifest, divisions } = snapshot;
  const level = useDivisionLevel();
  const [text, setText] = useState('');
  const found = useMemo(() => {
    const wanted = text.trim().toLowerCase();
    if (wanted === '') return [];
    const ids: number[] = [];
    for (let id = 1; id < divisions.count && ids.length < SHOWN; id++) {
      const names = [divisions.name[id], divisions.nameEn[id], divisions.code[id]];
      if (names.some((name) => name?.toLowerCase().includes(wanted))) ids.push(id);
    }
    return ids;
  }, [text, divisions]);
  return (
    <fieldset>
      <label>
        {say('form.level')}
        <select value={level} onChange={(event) => setDivisionLevel(Number(event.target.value))}>
          {manifest.divisionLevels
            .filter((entry) => entry.level > 0)
            .map((entry) => (
              <option key={entry.level} value={entry.level}>
                {label(entry.name)}
              </option>
            ))}
        </select>
      </label>
      <label>
        {say('form.divisionName')}
        <input value={text} autoComplete="off" onChange={(event) => setText(event.target.value)} />
      </label>
      {text.trim() !== '' && found.length === 0 && (
        <p className="panel-empty">{say('form.noDivision', { text: text.trim() })}</p>
      )}
      <ul className="area-divisions">
        {found.map((id) => (
          <li key={id}>
            <button
              type="button"
              onClick={() => void takeShape(snapshot, { kind: 'division', code: divisions.code[id] ?? '' })}
            >
              {divisionName(divisions, id, locale)}
            </button>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
