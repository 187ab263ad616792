import { useDesk } from '../../state/store.ts';
import { Bar } from '../../ui/bar.tsx';
import { PanelFrame } from '../../ui/panel-frame.tsx';
import { shownValue, usePanel, useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { chosen } from './filters.ts';

export function Sources() {
  const { snapshot, panels } = useSession();
  const { t, number, label } = useText();
  const state = usePanel(panels.sources);
  const all = shownValue(usePanel(panels.all.sources));
  const counts = shownValue(state);
  const selected = useDesk((desk) => desk.sources);
  const { setSources } = useDesk.getState();
  const { sources } = snapshot.manifest.dictionaries;
  const max = Math.max(1, ...(all ?? counts ?? []));
  return (
    <PanelFrame id="sources" title={t('panel.sources')} state={state}>
      <ul className="rows">
        {sources.map((source) => {
          const name = label(source.name);
          const n = counts?.[source.id] ?? null;
          const total = all?.[source.id] ?? null;
          return (
            <li key={source.key} className="row" data-selected={selected.includes(source.key)}>
              <input
                type="checkbox"
                aria-label={t('source.toggle', { name })}
                checked={selected.includes(source.key)}
                onChange={() => setSources(chosen(selected, source.key, true))}
              />
              <button
                type="button"
                className="row-name"
                title={t('source.only', { name })}
                onClick={(event) => setSources(chosen(selected, source.key, event.ctrlKey || event.metaKey))}
              >
                {name}
              </button>
              <span className="row-count">{n === null ? '' : number(n)}</span>
              {n !== null && <Bar n={n} total={total} max={max} />}
            </li>
          );
        })}
      </ul>
    </PanelFrame>
  );
}
