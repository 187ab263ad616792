import { useEffect, useMemo, useState } from 'react';
import { LEAST_REPORTS, similarPlaces } from '../../../../../core/metric/place-pattern.ts';
import { type MixQuestion, mixesOf } from '../../../place/class-mix.ts';
import { type HandledFacts, handledFacts } from '../../../snapshot/handled-facts.ts';
import { daysOf } from '../../../time/week.ts';
import { useSession } from '../../../ui/use-panel.ts';
import { useText } from '../../../ui/use-text.ts';
import { useFilters } from '../filters.ts';
import { useSayPlace } from './use-say-place.ts';

/** Weeks whose mix is compared. */
const WEEKS = 13;
const MOST = 5;

interface PatternPartProps {
  /** Position of the place among those it is compared with. */
  readonly own: number;
  readonly places: number;
  readonly placeOf: MixQuestion['placeOf'];
  /** What they are called: cells of a resolution, divisions of a level. */
  readonly what: string;
  readonly nameOf: (place: number) => string;
  readonly go: (place: number) => void;
}

/** Places elsewhere in which the same classes are above the city's mix: who else has it. */
export function PatternPart({ own, places, placeOf, what, nameOf, go }: PatternPartProps) {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const say = useSayPlace();
  const { label, number } = useText();
  const { sources } = useFilters();
  const files = useRecentFacts();
  const groups = useMemo(() => manifest.dictionaries.categories.filter(({ level }) => level <= 1), [manifest]);
  const mixes = useMemo(() => {
    if (files.status !== 'ready') return null;
    const classOf = Uint16Array.from(manifest.dictionaries.categories, ({ id }) =>
      Math.max(
        0,
        groups.findIndex(({ id: from, end }) => from <= id && id < end),
      ),
    );
    return mixesOf(files.value, { days: files.days, sources, classOf, classes: groups.length, places, placeOf });
  }, [files, manifest, groups, sources, places, placeOf]);
  const found = useMemo(() => mixes && similarPlaces(mixes.patterns, own, MOST), [mixes, own]);
  const mine = mixes?.patterns[own];
  const names = (classes: readonly number[]) =>
    classes
      .slice(0, 3)
      .map((k) => (groups[k] ? label(groups[k].name) : ''))
      .join(say('pattern.join'));
  const higher = mine
    ? [...mine.residuals.keys()]
        .filter((k) => (mine.residuals[k] as number) > 2)
        .sort((a, b) => (mine.residuals[b] as number) - (mine.residuals[a] as number))
    : [];
  return (
    <section
      className="panel place-pattern"
      aria-label={say('pattern')}
      data-panel="place-pattern"
      data-status={mine ? 'ready' : files.status}
    >
      <h2>{say('pattern')}</h2>
      {files.status === 'failed' && (
        <p className="panel-failed" role="alert">
          {say('why.failed', { message: files.message })}{' '}
          <button type="button" onClick={files.retry}>
            {say('retry')}
          </button>
        </p>
      )}
      {files.status !== 'failed' && !mine && (
        <p className="panel-loading" role="status">
          {say('why.waiting')}
        </p>
      )}
      {mine && !found && <p>{say(mine.n < LEAST_REPORTS ? 'pattern.few' : 'pattern.same', { n: mine.n })}</p>}
      {mine && found && (
        <>
          <p>{say('pattern.ownToo', { n: mine.n, classes: names(higher) })}</p>
          {found.places.length === 0 ? (
            <p>{say('pattern.none', { of: found.compared })}</p>
          ) : (
            <>
              <p className="fine">{say('pattern.of', { of: found.compared, what })}</p>
              <ol>
                {found.places.map(({ place, n, similarity, shared }) => (
                  <li key={place} data-place={place}>
                    <button type="button" className="quiet" onClick={() => go(place)}>
                      {nameOf(place)}
                    </button>
                    <span className="fine">
                      {say('pattern.similarity', { value: number(similarity, 2) })} · {say('pattern.n', { n })} ·{' '}
                      {say('pattern.shared', { classes: names(shared) })}
                    </span>
                  </li>
                ))}
              </ol>
            </>
          )}
        </>
      )}
      <p className="fine">{say('pattern.basis', { n: WEEKS })}</p>
    </section>
  );
}

type Recent =
  | { readonly status: 'loading' }
  | { readonly status: 'failed'; readonly message: string; readonly retry: () => void }
  | {
      readonly status: 'ready';
      readonly value: readonly HandledFacts[];
      readonly days: { readonly firstDay: number; readonly endDay: number };
    };

/** Reports of the whole city in the last weeks. */
function useRecentFacts(): Recent {
  const { snapshot } = useSession();
  const { manifest } = snapshot;
  const [state, setState] = useState<Recent>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads again
  useEffect(() => {
    let gone = false;
    const total = manifest.weeks.length;
    const days = daysOf({ first: Math.max(0, total - WEEKS), end: total }, manifest.weeks, manifest.window);
    setState({ status: 'loading' });
    handledFacts(snapshot, days, null).then(
      (value) => !gone && setState({ status: 'ready', value, days }),
      (thrown: unknown) =>
        !gone &&
        setState({
          status: 'failed',
          message: thrown instanceof Error ? thrown.message : String(thrown),
          retry: () => setAttempt((count) => count + 1),
        }),
    );
    return () => {
      gone = true;
    };
  }, [snapshot, manifest, attempt]);
  return state;
}
