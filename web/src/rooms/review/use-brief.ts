import { useEffect, useMemo, useState } from 'react';
import { type Brief, weeklyBrief } from '../../../../core/brief/brief.ts';
import { comparedDays } from '../../../../core/brief/change.ts';
import { briefWeek } from '../../../../core/brief/week.ts';
import { useLedger, watchLedger } from '../../ledger/use-ledger.ts';
import { type DayFacts, readDayFacts } from '../../snapshot/day-facts.ts';
import { senseOf } from '../../snapshot/sense.ts';
import type { DocumentState } from '../../ui/use-document.ts';
import { useSession } from '../../ui/use-panel.ts';

/** A part of the brief that is not there: what is missing of the page, why, and a retry. */
export interface MissingPart {
  readonly file: 'coverage' | 'series' | 'alerts' | 'sense' | 'facts';
  readonly message: string;
  readonly retry: () => void;
}

export interface BriefState {
  readonly brief: Brief | null;
  readonly facts: DayFacts | null;
  readonly missing: readonly MissingPart[];
}

/** The brief of a week from the tables of the snapshot; without a file the rest still stands. Null until the small files are in. */
export function useBrief(week: number): BriefState {
  const { snapshot } = useSession();
  const { manifest, divisions, weekCube } = snapshot;
  const files = senseOf(snapshot);
  const ledger = useLedger((state) => state.ledger);
  useEffect(watchLedger, []);
  const coverage = useFile('coverage', snapshot.coverage);
  const series = useFile('series', files.series);
  const alerts = useFile('alerts', files.alerts);
  const sense = useFile('sense', files.sense);
  const facts = useDayFacts(week);
  const parts = [coverage, series, alerts, sense];
  const settled = parts.every((part) => part.settled);
  const brief = useMemo(
    () =>
      settled
        ? weeklyBrief({
            week,
            manifest,
            divisions,
            cube: weekCube,
            coverage: coverage.value,
            series: series.value,
            alerts: alerts.value,
            sense: sense.value,
            daily: facts.value?.daily ?? null,
            ledger,
          })
        : null,
    [
      settled,
      week,
      manifest,
      divisions,
      weekCube,
      coverage.value,
      series.value,
      alerts.value,
      sense.value,
      facts.value,
      ledger,
    ],
  );
  const missing: MissingPart[] = parts.flatMap(({ name, failed, retry }) =>
    failed === null ? [] : [{ file: name, message: failed, retry }],
  );
  if (facts.failed !== null) missing.push({ file: 'facts', message: facts.failed, retry: facts.retry });
  return { brief, facts: facts.value, missing };
}

interface FilePart<T, N extends MissingPart['file']> {
  readonly name: N;
  /** Null = not there, or not yet. */
  readonly value: T | null;
  readonly failed: string | null;
  readonly settled: boolean;
  readonly retry: () => void;
}

/** A file of the snapshot that may be absent: then it is settled without a value. */
function useFile<T, N extends MissingPart['file']>(name: N, read: () => Promise<T | null>): FilePart<T, N> {
  const [state, setState] = useState<Pick<FilePart<T, N>, 'value' | 'failed' | 'settled'>>({
    value: null,
    failed: null,
    settled: false,
  });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads it again
  useEffect(() => {
    let gone = false;
    read().then(
      (value) => !gone && setState({ value, failed: null, settled: true }),
      (thrown: unknown) =>
        !gone &&
        setState({ value: null, failed: thrown instanceof Error ? thrown.message : String(thrown), settled: true }),
    );
    return () => {
      gone = true;
    };
  }, [read, attempt]);
  return { name, ...state, retry: () => setAttempt((count) => count + 1) };
}

function useDayFacts(week: number): DocumentState<DayFacts> {
  const { snapshot } = useSession();
  const [state, setState] = useState<{
    readonly of: number;
    readonly value: DayFacts | null;
    readonly failed: string | null;
  }>({
    of: week,
    value: null,
    failed: null,
  });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads it again
  useEffect(() => {
    let gone = false;
    const at = briefWeek(snapshot.manifest, week);
    setState({ of: week, value: null, failed: null });
    readDayFacts(snapshot, comparedDays(at, snapshot.manifest.zone), at).then(
      (value) => !gone && setState({ of: week, value, failed: null }),
      (thrown: unknown) =>
        !gone && setState({ of: week, value: null, failed: thrown instanceof Error ? thrown.message : String(thrown) }),
    );
    return () => {
      gone = true;
    };
  }, [snapshot, week, attempt]);
  const own = state.of === week ? state : { value: null, failed: null };
  return { value: own.value, failed: own.failed, retry: () => setAttempt((count) => count + 1) };
}
