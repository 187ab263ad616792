import { STREAMS } from '../catalogue/streams.ts';
import { random } from '../random.ts';

const SHAPE = 60;

/**
 * City-wide day effect U of METHODS.md part 2: gamma with mean 1 and shape 60 (CV 13 %), one a day and stream. The categories of a stream share
 * it: with one each, a stream of six categories would vary by 5 % only.
 */
export function dayEffect(seed: number): { readonly step: () => void; readonly factor: Float64Array } {
  const draw = random(seed, 'day-effect');
  const factor = new Float64Array(STREAMS.length);
  return {
    factor,
    step: () => {
      for (let s = 0; s < factor.length; s++) factor[s] = draw.gammaMean1(SHAPE);
    },
  };
}
