import { lazy, useEffect } from 'react';
import { useFindings, watchFindings } from '../../../findings/use-findings.ts';
import { LazyPart } from '../../../ui/lazy-part.tsx';
import { openFindings, useFindingsWindow } from './finding-form-state.ts';
import { useSayFinding } from './use-say-finding.ts';
import './findings.css';

const FindingsWindow = lazy(() =>
  import('./findings-window.tsx').then(({ FindingsWindow: part }) => ({ default: part })),
);

/** Opens the window in which a view becomes a finding; says how many there are. */
export function FindingsButton() {
  const say = useSayFinding();
  const open = useFindingsWindow((state) => state.open);
  const count = useFindings((state) => state.findings.length);
  useEffect(watchFindings, []);
  return (
    <>
      <button
        type="button"
        className="findings-open"
        title={say('button.title')}
        data-findings={count}
        onClick={openFindings}
      >
        {say('button')} {count > 0 && <span className="findings-count">{count}</span>} <kbd>n</kbd>
      </button>
      {open && (
        <LazyPart>
          <FindingsWindow />
        </LazyPart>
      )}
    </>
  );
}
