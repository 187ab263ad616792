import { type FormEvent, useState } from 'react';
import type { Shape, ShapeKind } from '../../../../../core/geo/area/area.ts';
import { roundDegrees } from '../../../../../core/geo/area/area.ts';
import { formatPoints, parsePoints } from '../../../area/coordinates.ts';
import type { AreaKey } from '../../../i18n/area-texts.ts';
import type { CityMap } from '../../../map/contract.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { DivisionPicker } from './division-picker.tsx';
import { type AreaTool, type Refusal, setTools, useAreaTools } from './tools.ts';
import { takeShape } from './use-area.ts';
import { useSayArea } from './use-say.ts';

interface ShapeFormProps {
  readonly map: CityMap;
  /** For a new shape; null = `shape` is changed. */
  readonly tool: AreaTool | null;
  readonly shape?: Shape;
}

const KINDS: Readonly<Record<AreaTool, ShapeKind>> = {
  lasso: 'polygon',
  polygon: 'polygon',
  box: 'box',
  circle: 'circle',
  line: 'line',
  disk: 'disk',
  division: 'division',
};

/** How to draw it, and the same by keyboard. */
export function ShapeForm({ map, tool, shape }: ShapeFormProps) {
  const say = useSayArea();
  const { snapshot } = useSession();
  const kind = shape?.kind ?? KINDS[tool ?? 'polygon'];
  const k = useAreaTools((state) => state.k);
  const [typed, setTyped] = useState<Readonly<Record<string, string>>>({});
  const start = shape ? valuesOf(shape) : startValues(kind, map);
  const drawn = useAreaTools((state) => state.draft?.parts[state.editing ?? -1]?.shape);
  const given = drawn && shape ? valuesOf(drawn) : start;
  const value = (name: string) => typed[name] ?? given[name] ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = shapeFrom(kind, value);
    if ('refusal' in read) return setTools({ refusal: read.refusal });
    void takeShape(snapshot, read.shape).then((taken) => taken && setTyped({}));
  };
  const field = (name: string, label: AreaKey) => (
    <label key={name}>
      {say(label)}
      <input
        name={name}
        inputMode={name === 'cell' ? 'text' : 'decimal'}
        autoComplete="off"
        value={value(name)}
        onChange={(event) => {
          const text = event.target.value;
          setTyped((before) => ({ ...before, [name]: text }));
          keepSize(name, text);
        }}
      />
    </label>
  );
  return (
    <form className="area-form" data-kind={kind} onSubmit={submit}>
      <p className="area-hint">
        {say(tool ? `hint.${tool}` : 'hint.edit', { k })} · {say('hint.escape')}
      </p>
      {kind === 'division' && <DivisionPicker />}
      {kind !== 'division' && (
        <details open={TYPED_AT_ONCE.includes(kind) || tool === null}>
          <summary>{say('form.typed')}</summary>
          <fieldset>
            {(kind === 'polygon' || kind === 'line') && (
              <label className="area-points">
                {say('form.points')}
                <textarea
                  name="points"
                  rows={3}
                  spellCheck={false}
                  value={value('points')}
                  onChange={(event) => {
                    const text = event.target.value;
                    setTyped((before) => ({ ...before, points: text }));
                  }}
                />
              </label>
            )}
            {FIELDS[kind].map(([name, label]) => field(name, label))}
            <button type="submit">{say(tool ? 'form.add' : 'form.apply')}</button>
          </fieldset>
        </details>
      )}
    </form>
  );
}

/** Whose numbers are as good as a stroke; the others are folded away until asked for. */
const TYPED_AT_ONCE: readonly ShapeKind[] = ['circle', 'line', 'disk'];

const FIELDS: Readonly<Record<ShapeKind, readonly (readonly [string, AreaKey])[]>> = {
  polygon: [],
  box: [
    ['west', 'form.west'],
    ['south', 'form.south'],
    ['east', 'form.east'],
    ['north', 'form.north'],
  ],
  circle: [
    ['lng', 'form.lng'],
    ['lat', 'form.lat'],
    ['radius', 'form.radius'],
  ],
  line: [['width', 'form.width']],
  disk: [
    ['cell', 'form.cell'],
    ['k', 'form.k'],
  ],
  division: [],
};

/** What is typed is also what the next stroke of the hand uses. */
function keepSize(name: string, text: string): void {
  const size = wholeNumber(text);
  if (size === null) return;
  if (name === 'radius') setTools({ radiusM: size });
  else if (name === 'width') setTools({ widthM: size });
  else if (name === 'k') setTools({ k: size });
}

type Values = Readonly<Record<string, string>>;

function startValues(kind: ShapeKind, map: CityMap): Values {
  const { radiusM, widthM, k } = useAreaTools.getState();
  const { cell, view } = useDesk.getState();
  const centre = view ?? map.unproject(innerWidth / 4, innerHeight / 4);
  const [lng, lat] = [String(roundDegrees(centre.lng)), String(roundDegrees(centre.lat))];
  switch (kind) {
    case 'circle':
      return { lng, lat, radius: String(radiusM) };
    case 'line':
      return { points: '', width: String(widthM) };
    case 'disk':
      return { cell: cell ?? '', k: String(k) };
    default:
      return {};
  }
}

function valuesOf(shape: Shape): Values {
  switch (shape.kind) {
    case 'polygon':
      return { points: formatPoints(shape.rings) };
    case 'line':
      return { points: formatPoints([shape.points]), width: String(shape.widthM) };
    case 'circle':
      return { lng: String(shape.centre[0]), lat: String(shape.centre[1]), radius: String(shape.radiusM) };
    case 'box':
      return Object.fromEntries(
        (['west', 'south', 'east', 'north'] as const).map((side) => [side, String(shape[side])]),
      );
    case 'disk':
      return { cell: shape.cell, k: String(shape.k) };
    case 'division':
      return {};
    default:
      return shape satisfies never;
  }
}

type Read = { readonly shape: Shape } | { readonly refusal: Refusal };
const NOT_NUMBER: Read = { refusal: { key: 'problem.not-number' } };

function shapeFrom(kind: ShapeKind, value: (name: string) => string): Read {
  switch (kind) {
    case 'polygon':
    case 'line': {
      const read = parsePoints(value('points'));
      if (!read.ok) return { refusal: { key: 'problem.bad-line', values: { line: read.line, text: read.text } } };
      if (kind === 'polygon') return { shape: { kind, rings: read.rings } };
      const widthM = wholeNumber(value('width'));
      return widthM === null ? NOT_NUMBER : { shape: { kind, points: read.rings.flat(), widthM } };
    }
    case 'circle': {
      const [lng, lat, radiusM] = [degrees(value('lng')), degrees(value('lat')), wholeNumber(value('radius'))];
      return lng === null || lat === null || radiusM === null
        ? NOT_NUMBER
        : { shape: { kind, centre: [lng, lat], radiusM } };
    }
    case 'box': {
      const [west, south, east, north] = ['west', 'south', 'east', 'north'].map((side) => degrees(value(side)));
      return west == null || south == null || east == null || north == null
        ? NOT_NUMBER
        : { shape: { kind, west, south, east, north } };
    }
    case 'disk': {
      const k = wholeNumber(value('k'));
      return k === null ? NOT_NUMBER : { shape: { kind, cell: value('cell').trim().toLowerCase(), k } };
    }
    case 'division':
      return NOT_NUMBER;
    default:
      return kind satisfies never;
  }
}

function degrees(text: string): number | null {
  return /^\s*[+-]?\d{1,3}(\.\d+)?\s*$/.test(text) ? roundDegrees(Number(text)) : null;
}

function wholeNumber(text: string): number | null {
  return /^\s*\d{1,7}(\.\d+)?\s*$/.test(text) ? Math.round(Number(text)) : null;
}
