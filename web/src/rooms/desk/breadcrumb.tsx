import type { MouseEvent } from 'react';
import { childrenOf, pathOf } from '../../snapshot/model.ts';
import { formatLink } from '../../state/permalink.ts';
import { linkOf, useDesk } from '../../state/store.ts';
import { MadeMark } from '../../ui/made-mark.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { divisionName, levelOf, useFocus } from './divisions.ts';

/** City › district › street › community: links up, a choice down. */
export function Breadcrumb() {
  const { snapshot } = useSession();
  const { manifest, divisions } = snapshot;
  const { t, locale, label } = useText();
  const focus = useFocus();
  const { focusDivision } = useDesk.getState();
  const path = pathOf(divisions, focus);
  const children = childrenOf(divisions, focus);
  const next = children[0] === undefined ? undefined : levelOf(manifest, divisions, children[0]);
  const go = (id: number) => focusDivision(id === 0 ? null : (divisions.code[id] ?? null));
  const href = (id: number) =>
    `?${formatLink({ ...linkOf(useDesk.getState()), division: id === 0 ? null : (divisions.code[id] ?? null) })}`;
  const follow = (event: MouseEvent, id: number) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    go(id);
  };
  return (
    <nav className="breadcrumb" aria-label={t('header.breadcrumb')}>
      <ol>
        {path.map((id) => (
          <li key={id}>
            <a
              href={href(id)}
              aria-current={id === focus ? 'location' : undefined}
              onClick={(event) => follow(event, id)}
            >
              {id === 0 ? t('header.wholeCity') : divisionName(divisions, id, locale)}
            </a>
            {divisions.made[id] && id === focus && <MadeMark />}
          </li>
        ))}
        {next && (
          <li>
            <select
              aria-label={t('header.descend')}
              value=""
              onChange={(event) => event.target.value !== '' && go(Number(event.target.value))}
            >
              <option value="">{t('header.descendTo', { level: label(next.name) })}</option>
              {children.map((id) => (
                <option key={id} value={id}>
                  {divisionName(divisions, id, locale)}
                </option>
              ))}
            </select>
          </li>
        )}
      </ol>
    </nav>
  );
}
