import { type LngLat, roundPoint } from '../../../core/geo/area/area.ts';

/** Points as a person types them: `lng, lat` a line (also with `，`, `;` or blanks between); an empty line begins another ring. */
export function formatPoints(rings: readonly (readonly LngLat[])[]): string {
  return rings.map((ring) => ring.map(([lng, lat]) => `${lng}, ${lat}`).join('\n')).join('\n\n');
}

export type ReadPoints =
  | { readonly ok: true; readonly rings: readonly (readonly LngLat[])[] }
  /** Line number from 1, and the line. */
  | { readonly ok: false; readonly line: number; readonly text: string };

const NUMBER = '[+-]?\\d{1,3}(?:\\.\\d+)?';
const LINE = new RegExp(`^\\(?(${NUMBER})[\\s,，;；]+(${NUMBER})\\)?$`);

export function parsePoints(text: string): ReadPoints {
  const rings: LngLat[][] = [[]];
  const lines = text.split(/\r?\n/);
  for (const [i, raw] of lines.entries()) {
    const line = raw.trim();
    if (line === '') {
      if (rings.at(-1)?.length) rings.push([]);
      continue;
    }
    const found = LINE.exec(line);
    if (!found) return { ok: false, line: i + 1, text: line };
    rings.at(-1)?.push(roundPoint([Number(found[1]), Number(found[2])]));
  }
  return { ok: true, rings: rings.filter((ring) => ring.length > 0) };
}
