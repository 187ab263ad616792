import { useText } from '../../../ui/use-text.ts';
import { useSayLayers } from './use-say.ts';

interface BreaksProps {
  readonly breaks: readonly number[];
  readonly colours: readonly string[];
}

/** One line a class: its colour and which counts it holds. */
export function Breaks({ breaks, colours }: BreaksProps) {
  const rangeText = useRangeText();
  return breaks.map((from, i) => (
    <li key={from}>
      <i style={{ background: colours[i] }} />
      {rangeText(from, breaks[i + 1])}
    </li>
  ));
}

/** `5–9`, `5`, or `5 and above` where there is no next class. */
export function useRangeText(): (from: number, next: number | undefined) => string {
  const say = useSayLayers();
  const { number } = useText();
  return (from, next) => {
    if (next === undefined) return say('compare.above', { from });
    return next - 1 === from ? number(from) : say('compare.range', { from, to: next - 1 });
  };
}
