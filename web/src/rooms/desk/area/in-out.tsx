import { useRef, useState } from 'react';
import type { Area } from '../../../../../core/geo/area/area.ts';
import { formatArea, parseArea } from '../../../../../core/geo/area/area-text.ts';
import { useAreaFilter } from '../../../area/area-filter.ts';
import { fromGeoJson, toGeoJson } from '../../../area/geojson.ts';
import { forgetArea, saveArea, savedAreas } from '../../../area/saved.ts';
import type { CityMap } from '../../../map/contract.ts';
import type { Snapshot } from '../../../snapshot/snapshot.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { setTools, useAreaTools } from './tools.ts';
import { problemText, takeArea, useArea } from './use-area.ts';
import { divisionOutlines } from './use-outlines.ts';
import { useSayArea } from './use-say.ts';

/** Areas kept in this browser, and files. */
export function InOut({ map }: { readonly map: CityMap }) {
  const say = useSayArea();
  const { snapshot } = useSession();
  const area = useArea();
  const found = useAreaFilter((state) => state.found);
  const file = useRef<HTMLInputElement>(null);
  const [saved, setSaved] = useState(() => savedAreas(localStorage));
  const chosen = area.parts.length > 0;
  const kept = (texts: readonly string[] | null) => {
    if (texts) setSaved(texts);
    else setTools({ refusal: { key: 'problem.not-saved' } });
  };
  return (
    <>
      <div className="area-actions">
        {chosen && (
          <>
            <button type="button" onClick={() => found && show(map, found.outlines.flat(2))}>
              {say('area.show')}
            </button>
            <button type="button" onClick={() => kept(saveArea(localStorage, formatArea(area)))}>
              {say(saved.includes(formatArea(area)) ? 'area.saved' : 'area.save')}
            </button>
            <button type="button" disabled={!found} onClick={() => void download(area, snapshot)}>
              {say('area.export')}
            </button>
          </>
        )}
        <button type="button" onClick={() => file.current?.click()}>
          {say('area.import')}
        </button>
        {chosen && (
          <button type="button" onClick={() => useDesk.getState().setArea(null)}>
            {say('area.clear')}
          </button>
        )}
        <input
          ref={file}
          type="file"
          hidden
          accept=".geojson,.json,application/geo+json,application/json"
          onChange={(event) => {
            const picked = event.target.files?.[0];
            event.target.value = '';
            if (picked) void open(picked, snapshot);
          }}
        />
      </div>
      {saved.length > 0 && (
        <details className="area-saved">
          <summary>{say('area.savedList')}</summary>
          <ul>
            {saved.map((text) => {
              const name = parseArea(text)?.name || say('area.unnamed');
              return (
                <li key={text}>
                  <button
                    type="button"
                    className="quiet"
                    onClick={() => void takeArea(snapshot, parseArea(text) ?? area)}
                  >
                    {name}
                  </button>
                  <button
                    type="button"
                    aria-label={say('area.forget', { name })}
                    onClick={() => kept(forgetArea(localStorage, text))}
                  >
                    {'×'}
                  </button>
                </li>
              );
            })}
          </ul>
        </details>
      )}
    </>
  );
}

async function open(file: File, snapshot: Snapshot): Promise<void> {
  const { radiusM, widthM } = useAreaTools.getState();
  const read = fromGeoJson(await file.text(), { radiusM, widthM });
  if (!read.ok)
    return setTools({
      refusal:
        read.problem === 'too-many-parts'
          ? { key: 'problem.too-many-parts', values: { n: 12 } }
          : problemText(read.problem, snapshot),
    });
  const named = read.area.name === '' ? { ...read.area, name: nameOf(file) } : read.area;
  const taken = await takeArea(snapshot, named);
  if (taken && read.skipped > 0) setTools({ remark: { key: 'remark.skipped', values: { n: read.skipped } } });
}

const nameOf = (file: File): string =>
  [
    ...file.name
      .replace(/\.[^.]*$/, '')
      .replace(/\p{C}/gu, '')
      .trim(),
  ]
    .slice(0, 40)
    .join('')
    .trim();

async function download(area: Area, snapshot: Snapshot): Promise<void> {
  const { found } = useAreaFilter.getState();
  if (!found) return;
  const { manifest } = snapshot;
  const outlines = await Promise.all(
    area.parts.map(({ shape }, i) =>
      shape.kind === 'division' ? divisionOutlines(snapshot, shape.code) : (found.outlines[i] ?? []),
    ),
  );
  const { cells, km2 } = found;
  const document_ = toGeoJson({ area, outlines, cells, km2, snapshot: manifest.snapshot, asOf: null });
  const url = URL.createObjectURL(new Blob([JSON.stringify(document_)], { type: 'application/geo+json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${area.name || 'area'}.geojson`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

function show(map: CityMap, points: readonly (readonly [number, number])[]): void {
  if (points.length === 0) return;
  const [lngs, lats] = [points.map(([lng]) => lng), points.map(([, lat]) => lat)];
  map.flyTo({ bounds: [least(lngs), least(lats), -least(lngs.map((v) => -v)), -least(lats.map((v) => -v))] });
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Infinity);
