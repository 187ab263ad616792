import { useCallback, useEffect, useState } from 'react';
import { type SaySense, saySense } from '../../../i18n/sense-texts.ts';
import { type SenseFiles, senseOf } from '../../../snapshot/sense.ts';
import { useDesk } from '../../../state/store.ts';
import { useSession } from '../../../ui/use-panel.ts';

export function useSay(): SaySense {
  const locale = useDesk((state) => state.locale);
  return useCallback<SaySense>((key, values) => saySense(locale, key, values), [locale]);
}

/** Loading, absent (the snapshot has none), failed and there: four looks. */
export type SenseState<T> =
  | { readonly status: 'loading' }
  | { readonly status: 'absent' }
  | { readonly status: 'failed'; readonly message: string; readonly retry: () => void }
  | { readonly status: 'ready'; readonly value: T };

type Value<K extends keyof SenseFiles> = NonNullable<Awaited<ReturnType<SenseFiles[K]>>>;

/** A file of sensing; `wanted` false = not asked for yet. */
export function useSense<K extends keyof SenseFiles>(name: K, wanted = true): SenseState<Value<K>> {
  const { snapshot } = useSession();
  const [state, setState] = useState<SenseState<Value<K>>>({ status: 'loading' });
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads it again
  useEffect(() => {
    if (!wanted) return;
    let gone = false;
    const show = (next: SenseState<Value<K>>) => !gone && setState(next);
    (senseOf(snapshot)[name]() as Promise<Value<K> | null>).then(
      (value) => show(value === null ? { status: 'absent' } : { status: 'ready', value }),
      (thrown: unknown) =>
        show({
          status: 'failed',
          message: thrown instanceof Error ? thrown.message : String(thrown),
          retry: () => {
            show({ status: 'loading' });
            setAttempt((count) => count + 1);
          },
        }),
    );
    return () => {
      gone = true;
    };
  }, [snapshot, name, attempt, wanted]);
  return state;
}

export function readyValue<T>(state: SenseState<T>): T | null {
  return state.status === 'ready' ? state.value : null;
}
