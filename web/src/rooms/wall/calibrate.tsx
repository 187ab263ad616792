import { useState } from 'react';
import { useText } from '../../ui/use-text.ts';
import { layoutOf } from './layout.ts';
import { pitchOf, readableM, remFor, SAMPLE_SIGNS } from './type-size.ts';
import { useSayWall } from './use-wall.ts';
import { formatOptions } from './wall-options.ts';
import { useWall } from './wall-store.ts';
import './css/console.css';

const SIZES = [0.75, 1, 1.5, 3] as const;

/** Somebody stands in the back row and says what can be read; the address of the wall comes out below. */
export function Calibrate() {
  const say = useSayWall();
  const { number } = useText();
  const size = useWall((wall) => wall.size);
  const options = useWall((wall) => wall.options);
  const { setOptions } = useWall.getState();
  const [diagonal, setDiagonal] = useState('');
  const viewing = options.viewing ?? { distanceM: 6, pitchMm: 0.53 };
  const layout = layoutOf({ ...size, family: options.family, tiles: options.tiles, rem: remFor(viewing) });
  const set = (key: 'distanceM' | 'pitchMm', text: string) => {
    const value = Number(text);
    if (value > 0) setOptions({ ...options, viewing: { ...viewing, [key]: value } });
  };
  const tile = { width: size.width / (options.tiles?.columns ?? 1), height: size.height / (options.tiles?.rows ?? 1) };
  const address = formatOptions({ ...options, calibrate: false, viewing });
  return (
    <main className="wall-console wall-calibrate">
      <header>
        <h1>{say('calibrate.title')}</h1>
        <p>{say('calibrate.how')}</p>
      </header>
      <form onSubmit={(event) => event.preventDefault()}>
        <label>
          {say('calibrate.distance')}
          <input
            type="number"
            step="0.5"
            min="0.5"
            value={viewing.distanceM}
            onChange={(e) => set('distanceM', e.target.value)}
          />
        </label>
        <label>
          {say('calibrate.pitch')}
          <input
            type="number"
            step="0.01"
            min="0.05"
            value={viewing.pitchMm}
            onChange={(e) => set('pitchMm', e.target.value)}
          />
        </label>
        <label>
          {say('calibrate.diagonal')}
          <input
            type="number"
            value={diagonal}
            onChange={(event) => {
              setDiagonal(event.target.value);
              const inch = Number(event.target.value);
              if (inch > 0) set('pitchMm', pitchOf({ diagonalInch: inch, ...tile }).toFixed(3));
            }}
          />
        </label>
      </form>
      {options.refused.length > 0 && (
        <p className="wall-warning">{say('calibrate.refused', { keys: options.refused.join(' · ') })}</p>
      )}
      <p>
        {say('calibrate.root', {
          asked: remFor(viewing).toFixed(1),
          px: layout.rem.toFixed(1),
          family: layout.family,
          canvas: `${size.width}×${size.height}`,
        })}
      </p>
      {layout.capped && (
        <p className="wall-warning">
          {say('calibrate.capped', { m: number(readableM(layout.rem, viewing.pitchMm), 1) })}
        </p>
      )}
      <ol className="calibrate-sizes">
        {SIZES.map((share) => (
          <li key={share}>
            <span style={{ fontSize: layout.rem * share }}>{SAMPLE_SIGNS}</span>
            <small>
              {say('calibrate.size', {
                px: (layout.rem * share).toFixed(0),
                mm: (layout.rem * share * viewing.pitchMm).toFixed(0),
                m: number(
                  readableM(layout.rem * share, viewing.pitchMm, share < 1 ? 'least' : share > 1 ? 'headline' : 'body'),
                  1,
                ),
              })}
            </small>
          </li>
        ))}
      </ol>
      <p>
        <a href={`/wall?${address}`}>{`/wall?${address}`}</a>
      </p>
    </main>
  );
}
