import { useCallback, useEffect, useState } from 'react';

/** A document of the snapshot that a view can do without: not there yet, there, absent, or failed with a reason and a retry. */
export interface DocumentState<T> {
  /** Null while it loads, and when the snapshot has none. */
  readonly value: T | null;
  readonly failed: string | null;
  readonly retry: () => void;
}

export function useDocument<T>(read: () => Promise<T | null>): DocumentState<T> {
  const [value, setValue] = useState<T | null>(null);
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt reads it again
  useEffect(() => {
    let gone = false;
    setFailed(null);
    read().then(
      (found) => !gone && setValue(found),
      (thrown: unknown) => !gone && setFailed(thrown instanceof Error ? thrown.message : String(thrown)),
    );
    return () => {
      gone = true;
    };
  }, [read, attempt]);
  const retry = useCallback(() => setAttempt((count) => count + 1), []);
  return { value, failed, retry };
}
