import { Crs } from '../../core/contract/profile.ts';
import { CLASSES, INPUT_LAYERS, type InputLayer } from '../../tiles/schema.ts';

/** `--layer roads.primary@gcj02=ring.geojson`: layer, class (else the file says), datum (else WGS 84), file. */
export interface LayerOption {
  readonly layer: InputLayer;
  readonly class: string | null;
  /** null = not said: WGS 84, unless the file says otherwise. */
  readonly crs: Crs | null;
  readonly path: string;
}

const FORM = /^([a-z]+)(?:\.([a-z]+))?(?:@([^=]+))?=(.+)$/;

/** The option, or what is wrong with it. */
export function parseLayerOption(text: string): LayerOption | { readonly problem: string } {
  // A local projection holds = signs of its own: it stands in quotes of the shell and ends before the last =.
  const local = /^([a-z]+)(?:\.([a-z]+))?@(\+proj=.*)=([^=]+)$/.exec(text);
  const parts = local ?? FORM.exec(text);
  if (!parts)
    return { problem: `"${text}": expected <layer>[.<class>][@<datum>]=<file>, e.g. roads@gcj02=roads.geojson` };
  const [, name, given, datum, path] = parts;
  const layer = INPUT_LAYERS.find((known) => known === name);
  if (!layer) return { problem: `"${text}": no layer "${name}"; known: ${INPUT_LAYERS.join(', ')}` };
  const classes: readonly string[] = CLASSES[layer];
  if (given !== undefined && !classes.includes(given))
    return { problem: `"${text}": ${layer} has no class "${given}"; known: ${classes.join(', ')}` };
  const crs = datum === undefined ? null : Crs.safeParse(datum.startsWith('+proj=') ? { proj4: datum } : datum);
  if (crs && !crs.success)
    return { problem: `"${text}": no datum "${datum}"; known: wgs84, cgcs2000, gcj02, bd09, web-mercator, "+proj=…"` };
  return { layer, class: given ?? null, crs: crs ? crs.data : null, path: path! };
}
