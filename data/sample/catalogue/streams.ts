import { CATALOGUE } from './index.ts';

/** Streams an engine watches: a source and a category group, e.g. `hotline/traffic`. */
export const STREAMS: readonly string[] = [...new Set(CATALOGUE.map(streamName))];

/** Index into `STREAMS` of every category of `CATALOGUE`. */
export const STREAM_OF: readonly number[] = CATALOGUE.map((category) => STREAMS.indexOf(streamName(category)));

function streamName({ source, ours }: { readonly source: string; readonly ours: string }): string {
  return `${source}/${ours.split('.')[0]}`;
}
