import { divergingColours } from '../../../layers/diverging.ts';
import { classColours } from '../../../layers/ramp.ts';
import type { Beside } from '../../../state/compare-link.ts';
import { useDesk } from '../../../state/store.ts';
import { useText } from '../../../ui/use-text.ts';
import type { Fills } from './use-fills.ts';
import { useSayCompare } from './use-say.ts';
import type { Sides } from './use-sides.ts';

interface CompareLegendProps {
  readonly sides: Sides;
  readonly fills: Fills;
  readonly beside: Beside;
}

/** One legend under both maps. */
export function CompareLegend({ sides, fills, beside }: CompareLegendProps) {
  const say = useSayCompare();
  const resolution = useDesk((desk) => desk.resolution);
  const { breaks } = sides;
  if (!breaks || resolution === null) return <footer className="compare-legend" />;
  return (
    <footer className="compare-legend">
      {beside !== 'counts' && fills.edges && (
        <div>
          <strong>{say(`legend.${beside}`, { resolution })}</strong>
          <ChangeSteps edges={fills.edges} significance={beside === 'z'} />
        </div>
      )}
      <div>
        <strong>{beside === 'counts' ? say('legend.counts', { resolution }) : say('legend.left')}</strong>
        <CountSteps breaks={breaks} hatched={fills.hatched} />
      </div>
      {beside === 'z' && <p className="fine">{say('legend.zNote')}</p>}
    </footer>
  );
}

function CountSteps({ breaks, hatched }: { readonly breaks: readonly number[]; readonly hatched: boolean }) {
  const say = useSayCompare();
  const { number } = useText();
  const theme = useDesk((desk) => desk.theme);
  const colours = classColours(theme, breaks.length);
  return (
    <ol>
      <li>
        <i className="swatch-zero" />
        {say('legend.zero')}
      </li>
      {breaks.map((from, i) => (
        <li key={from}>
          <i style={{ background: colours[i] }} />
          {range(from, breaks[i + 1], number)}
        </li>
      ))}
      {hatched && (
        <li>
          <i className="swatch-hatched" />
          {say('legend.hatched')}
        </li>
      )}
    </ol>
  );
}

function ChangeSteps({ edges, significance }: { readonly edges: readonly number[]; readonly significance: boolean }) {
  const say = useSayCompare();
  const { number } = useText();
  const theme = useDesk((desk) => desk.theme);
  const colours = divergingColours(theme, edges.length);
  const words = (i: number, more: boolean): string =>
    say(more ? 'legend.more' : 'legend.fewer', {
      range: significance ? `|z| ≥ ${edges[i]}` : range(edges[i]!, edges[i + 1], number),
    });
  return (
    <ol>
      {edges.map((_, i) => {
        const step = edges.length - 1 - i;
        return (
          <li key={`-${edges[step]}`}>
            <i style={{ background: colours[i] }} />
            {words(step, false)}
          </li>
        );
      })}
      <li>
        <i className="swatch-zero" />
        {say(significance ? 'legend.noDifference' : 'legend.same')}
      </li>
      {edges.map((edge, i) => (
        <li key={edge}>
          <i style={{ background: colours[edges.length + i] }} />
          {words(i, true)}
        </li>
      ))}
    </ol>
  );
}

/** `5–9`, `5`, or `≥ 5` where there is no next class. */
function range(from: number, next: number | undefined, number: (value: number) => string): string {
  if (next === undefined) return `≥ ${number(from)}`;
  return next - 1 === from ? number(from) : `${number(from)}–${number(next - 1)}`;
}
