import { useEffect } from 'react';
import { useDesk } from '../../state/store.ts';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { Categories } from './categories.tsx';
import { CellCard } from './cell-card.tsx';
import { Chips } from './chips.tsx';
import { Coverage } from './coverage.tsx';
import { DivisionTable } from './division-table.tsx';
import { divisionName, useFocus } from './divisions.ts';
import { Header } from './header.tsx';
import { Help } from './help.tsx';
import { listenToKeys } from './keyboard.ts';
import { MapPanel } from './map-panel.tsx';
import { Notices } from './notices.tsx';
import { Progress } from './progress.tsx';
import { Sources } from './sources.tsx';
import { Summary } from './summary.tsx';
import { TopCells } from './top-cells.tsx';
import { Weeks } from './weeks.tsx';
import './css/layout.css';
import './css/header.css';
import './css/filters.css';
import './css/centre.css';
import './css/map.css';
import './css/weeks.css';
import './css/right.css';
import './css/cell-card.css';
import './css/coverage.css';
import './css/overlays.css';

export function Desk({ onFirstMap }: { readonly onFirstMap: () => void }) {
  const { t } = useText();
  const cell = useDesk((desk) => desk.cell);
  // Its tables are large; the first map does not wait for them.
  const mapSettled = useDesk((desk) => desk.mapSettled);
  useEffect(listenToKeys, []);
  return (
    <div className="desk">
      <Header />
      <aside className="desk-left" aria-label={t('chips.label')}>
        <Sources />
        <Categories />
        <GhostNote />
      </aside>
      <main className="desk-centre">
        <div className="desk-state">
          <Summary />
          <Progress />
          <Chips />
        </div>
        <Notices />
        <MapPanel onFirstMap={onFirstMap} />
        <Weeks />
      </main>
      <aside className="desk-right" aria-label={cell ? t('panel.cell') : t('panel.divisions')}>
        {cell ? (
          <CellCard key={cell} h3={cell} />
        ) : (
          <>
            <DivisionTable />
            {mapSettled && <TopCells />}
          </>
        )}
      </aside>
      <Coverage />
      <Help />
    </div>
  );
}

function GhostNote() {
  const { divisions } = useSession().snapshot;
  const { t, locale } = useText();
  const focus = useFocus();
  const where = focus === 0 ? t('header.wholeCity') : divisionName(divisions, focus, locale);
  return (
    <p className="fine ghost-note">
      <i data-swatch="ghost" /> {t('bars.ghost', { where })}
    </p>
  );
}
