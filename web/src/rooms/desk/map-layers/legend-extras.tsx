import { useState } from 'react';
import { DEFAULT_SCALE, FIXED_BREAKS, fixedBreaks, type ScaleChoice } from '../../../layers/class-breaks.ts';
import type { CityMap } from '../../../map/contract.ts';
import { MAP_MODES, type MapMode } from '../../../state/map-look.ts';
import { useDesk } from '../../../state/store.ts';
import { useSayLayers } from './use-say.ts';
import './map-layers.css';

interface LooksProps {
  readonly classes: Pick<ReturnType<CityMap['legend']>, 'hatched' | 'dotted' | 'perDot'>;
}

/** What is neither a class nor 0: no data, kept to a coarser cell; and what a dot means. */
export function Looks({ classes }: LooksProps) {
  const say = useSayLayers();
  return (
    <ul className="looks">
      {classes.hatched > 0 && (
        <li>
          <i className="swatch-hatched" />
          {say('look.hatched')}
        </li>
      )}
      {classes.dotted > 0 && (
        <li>
          <i className="swatch-dotted" />
          {say('look.dotted')}
        </li>
      )}
      {classes.perDot !== null && (
        <li>
          <i className="swatch-dots" />
          {say('look.dots', { n: classes.perDot })}
        </li>
      )}
    </ul>
  );
}

/** Count, change or its significance. */
export function ModeChoice() {
  const say = useSayLayers();
  const mode = useDesk((desk) => desk.look.mode);
  const { setLook } = useDesk.getState();
  return (
    <label className="legend-choice">
      {say('mode.title')}
      <select value={mode} onChange={(event) => setLook({ mode: event.target.value as MapMode })}>
        {MAP_MODES.map((key) => (
          <option key={key} value={key}>
            {say(`mode.${key}`)}
          </option>
        ))}
      </select>
    </label>
  );
}

const METHODS = ['quantile', 'jenks', 'fixed'] as const satisfies readonly ScaleChoice['method'][];

export function ScaleMenu() {
  const say = useSayLayers();
  const scale = useDesk((desk) => desk.look.scale);
  const { setLook } = useDesk.getState();
  const choose = (method: ScaleChoice['method']) =>
    setLook({ scale: method === 'fixed' ? { method, breaks: FIXED_BREAKS } : { ...DEFAULT_SCALE, method } });
  return (
    <>
      <label className="legend-choice">
        {say('scale.title')}
        <select
          value={scale.method}
          onChange={(event) => choose(METHODS.find((method) => method === event.target.value) ?? 'quantile')}
        >
          {METHODS.map((method) => (
            <option key={method} value={method}>
              {say(`scale.${method}`)}
            </option>
          ))}
        </select>
      </label>
      {scale.method === 'fixed' && <FixedBreaks breaks={scale.breaks} />}
      {scale.method !== 'quantile' && (
        <p className="fine">{say(scale.method === 'fixed' ? 'scale.fixedNote' : 'scale.jenksNote')}</p>
      )}
    </>
  );
}

/** What is typed holds as soon as it is a list of breaks; until then the last one does, and the field says so. */
function FixedBreaks({ breaks }: { readonly breaks: readonly number[] }) {
  const say = useSayLayers();
  const { setLook } = useDesk.getState();
  const [text, setText] = useState(breaks.join(', '));
  const bad = fixedBreaks(text) === null;
  return (
    <label className="legend-choice">
      {say('scale.breaks')}
      <input
        type="text"
        inputMode="numeric"
        value={text}
        aria-invalid={bad}
        title={bad ? say('scale.bad') : undefined}
        onChange={(event) => {
          setText(event.target.value);
          const next = fixedBreaks(event.target.value);
          if (next) setLook({ scale: { method: 'fixed', breaks: next } });
        }}
      />
    </label>
  );
}
