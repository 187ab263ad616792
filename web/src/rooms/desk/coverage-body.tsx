import { useState } from 'react';
import type { Coverage } from '../../../../core/contract/coverage.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { CoverageSources } from './coverage-sources.tsx';
import { SourceMatrix } from './coverage-weeks.tsx';

/** All sources, then one of them: division × week. */
export function CoverageBody({ coverage }: { readonly coverage: Coverage }) {
  const { sources } = useSession().snapshot.manifest.dictionaries;
  const { t, label } = useText();
  const [shown, setShown] = useState(0);
  const source = sources[shown];
  return (
    <>
      <CoverageSources coverage={coverage} />
      <fieldset className="coverage-choice" aria-label={t('coverage.choose')}>
        {sources.map(({ key, name }, id) => (
          <button key={key} type="button" aria-pressed={id === shown} onClick={() => setShown(id)}>
            {label(name)}
          </button>
        ))}
      </fieldset>
      {source && <SourceMatrix key={source.key} coverage={coverage} source={source} />}
    </>
  );
}
