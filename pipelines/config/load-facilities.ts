import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Facilities = z.object({
  type: z.literal('FeatureCollection'),
  features: z.array(
    z.object({
      type: z.literal('Feature'),
      properties: z.object({
        name: z.string().min(1).max(60),
        name_en: z.string().min(1).max(80).nullish(),
        /** Kind of place: `school`, `market`, … */
        kind: z.string().min(1).max(40).nullish(),
      }),
      geometry: z.object({
        type: z.literal('Point'),
        coordinates: z.tuple([z.number().min(-180).max(180), z.number().min(-90).max(90)]).rest(z.number()),
      }),
    }),
  ),
});

/**
 * The facilities of a profile as they are published: points, with a name and a kind. Whatever else the file says about them (a
 * telephone, a person in charge) is not read further.
 *
 * @throws Error naming the file and the first feature that is not a point with a name
 */
export function loadFacilities(folder: string, file: string): Uint8Array {
  const parsed = Facilities.safeParse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${file}: ${issue?.path.join('.')}: ${issue?.message}; wanted: points with a name, WGS 84`);
  }
  const features = parsed.data.features.map(({ properties, geometry }) => ({
    type: 'Feature',
    properties: {
      name: properties.name,
      ...(properties.name_en ? { name_en: properties.name_en } : {}),
      ...(properties.kind ? { kind: properties.kind } : {}),
    },
    geometry: { type: 'Point', coordinates: geometry.coordinates.slice(0, 2) },
  }));
  return new TextEncoder().encode(JSON.stringify({ type: 'FeatureCollection', features }));
}
