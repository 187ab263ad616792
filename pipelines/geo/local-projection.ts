import proj4 from 'proj4';
import type { LocalInverse } from '../../core/geo/crs.ts';
import { ConfigError } from '../errors.ts';

/** Parameters with a number. */
const NUMBERS = new Set(
  'rf lat_0 lat_1 lat_2 lat_ts lon_0 lon_1 lon_2 lonc lon_wrap alpha gamma x_0 y_0 k k_0 a b r zone to_meter h'.split(
    ' ',
  ),
);
/** Parameters with a word, or none. */
const WORDS = new Set('proj datum ellps units axis title'.split(' '));
const FLAGS = new Set('south no_defs no_off no_uoff over approx type wktext r_a'.split(' '));
/** proj4js takes an unknown word for its default; these are the words the module knows and that occur in practice. */
const UNITS = new Set('m km ft us-ft degrees deg'.split(' '));
const MOST_ERROR_UNITS = 1;

/**
 * Inverse of a local projection from its proj4 definition: x, y in its units → lng, lat in WGS 84 degrees. NaN, NaN where the projection
 * has no inverse, told by going forward again: more than 1 unit off is outside.
 *
 * A typing error in a parameter would silently give other coordinates (proj4js ignores what it does not know), so unknown parameters
 * and values are refused. Grid shift files (`+nadgrids`) are refused: this program has none.
 *
 * @param subject names the definition in the error: `profile.json $.feeds[0].crs`
 * @throws ConfigError with every problem
 * Cost: about 1 µs a call.
 */
export function localProjection(definition: string, subject: string): LocalInverse {
  const problems = problemsOf(definition);
  if (problems.length > 0) throw new ConfigError(subject, problems);
  let converter: ReturnType<typeof open>;
  try {
    converter = open(definition);
    // Some definitions are taken and show only at the first point that they are unusable.
    const origin = originOf(definition);
    const back = converter.inverse(converter.forward([origin.lng, origin.lat]));
    const error = Math.max(Math.abs((back[0] as number) - origin.lng), Math.abs((back[1] as number) - origin.lat));
    if (!(error < 1e-6)) throw new Error('does not come back to its own origin');
  } catch (cause) {
    throw new ConfigError(subject, [`"${definition}": ${cause instanceof Error ? cause.message : String(cause)}`], {
      cause,
    });
  }
  const outside = [Number.NaN, Number.NaN] as const;
  return (x, y) => {
    if (!Number.isFinite(x) || !Number.isFinite(y)) return outside;
    const point = converter.inverse([x, y]) as [number, number];
    if (!Number.isFinite(point[0]) || !Number.isFinite(point[1])) return outside;
    const again = converter.forward([point[0], point[1]]) as [number, number];
    const error = Math.max(Math.abs(again[0] - x), Math.abs(again[1] - y));
    return error <= MOST_ERROR_UNITS ? point : outside;
  };
}

function parametersOf(definition: string): { name: string; value: string | null }[] {
  return definition
    .split('+')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map((part) => {
      const [name, ...rest] = part.split('=');
      return { name: (name as string).trim().toLowerCase(), value: rest.length > 0 ? rest.join('=').trim() : null };
    });
}

const open = (definition: string) => proj4(definition);

/** A point near the middle of the projection, off the pole where longitude means nothing. Degrees. */
function originOf(definition: string): { lng: number; lat: number } {
  const given = new Map(parametersOf(definition).map(({ name, value }) => [name, Number(value)]));
  const lat = given.get('lat_0') ?? 0;
  const zone = given.get('zone');
  const lng = given.get('lon_0') ?? given.get('lonc') ?? (zone === undefined ? 0 : zone * 6 - 183);
  return { lng: lng + 0.5, lat: lat > 45 ? lat - 1 : lat + 1 };
}

function problemsOf(definition: string): string[] {
  const problems: string[] = [];
  const seen = new Set<string>();
  const parameters = parametersOf(definition);
  for (const { name, value } of parameters) {
    const shown = value === null ? `+${name}` : `+${name}=${value}`;
    if (seen.has(name)) problems.push(`${shown}: written twice`);
    seen.add(name);
    if (name === 'nadgrids') {
      if (value !== '@null') problems.push(`${shown}: grid shift files are not supported`);
    } else if (name === 'towgs84') {
      const numbers = (value ?? '').split(',');
      if ((numbers.length !== 3 && numbers.length !== 7) || !numbers.every(isNumber))
        problems.push(`${shown}: expected 3 or 7 numbers`);
    } else if (name === 'pm') {
      if (value === null || (!isNumber(value) && !/^[a-z]+$/.test(value)))
        problems.push(`${shown}: expected a meridian`);
    } else if (NUMBERS.has(name)) {
      if (value === null || !isNumber(value)) problems.push(`${shown}: expected a number`);
    } else if (WORDS.has(name)) {
      if (value === null || value === '') problems.push(`${shown}: expected a word`);
      else problems.push(...unknownWord(name, value));
    } else if (!FLAGS.has(name)) problems.push(`${shown}: unknown parameter`);
  }
  if (!seen.has('proj')) problems.push('+proj is missing');
  const proj = parameters.find((parameter) => parameter.name === 'proj')?.value;
  if (proj && ['tmerc', 'etmerc'].includes(proj) && !seen.has('lon_0'))
    problems.push('+lon_0 (central meridian) is missing');
  if (proj === 'utm' && !seen.has('zone')) problems.push('+zone is missing');
  return problems;
}

function unknownWord(name: string, value: string): string[] {
  if (name === 'units' && !UNITS.has(value)) return [`+units=${value}: unknown unit`];
  if (name === 'axis' && !/^[ewns]{2}u$/.test(value)) return [`+axis=${value}: expected e.g. enu or neu`];
  if (name !== 'ellps' && name !== 'datum') return [];
  try {
    // proj4js falls back to WGS 84 for words it does not know; an ellipsoid it knows gives the same axes again when asked alone.
    const made = proj4.Proj(`+proj=longlat +${name}=${value}`) as unknown as {
      a: number;
      b: number;
      datumName?: string;
    };
    if (name === 'datum')
      return value === 'none' || made.datumName !== undefined ? [] : [`+datum=${value}: unknown datum`];
    const isWgs84 = made.a === 6378137 && Math.abs(made.b - 6356752.314245179) < 1e-6;
    return isWgs84 && value.toLowerCase() !== 'wgs84'
      ? [`+ellps=${value}: unknown ellipsoid (CGCS 2000 and TWD97 are GRS80)`]
      : [];
  } catch (cause) {
    return [`+${name}=${value}: ${cause instanceof Error ? cause.message : String(cause)}`];
  }
}

const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));
