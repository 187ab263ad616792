import { useEffect } from 'react';
import { useDesk } from '../../state/store.ts';
import { useText } from '../../ui/use-text.ts';
import { Categories } from './categories.tsx';
import { CellCard } from './cell-card.tsx';
import { Chips } from './chips.tsx';
import { Coverage } from './coverage.tsx';
import { DivisionTable } from './division-table.tsx';
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
import './desk.css';

export function Desk({ onFirstMap }: { readonly onFirstMap: () => void }) {
  const { t } = useText();
  const cell = useDesk((desk) => desk.cell);
  useEffect(listenToKeys, []);
  return (
    <div className="desk">
      <Header />
      <aside className="desk-left" aria-label={t('chips.label')}>
        <Sources />
        <Categories />
        <p className="fine ghost-note">
          <i data-swatch="ghost" /> {t('bars.ghost')}
        </p>
      </aside>
      <main className="desk-centre">
        <div className="desk-state">
          <Summary />
          <Progress />
          <Chips />
        </div>
        <MapPanel onFirstMap={onFirstMap} />
        <Weeks />
      </main>
      <aside className="desk-right" aria-label={cell ? t('panel.cell') : t('panel.divisions')}>
        {cell ? (
          <CellCard key={cell} h3={cell} />
        ) : (
          <>
            <DivisionTable />
            <TopCells />
          </>
        )}
      </aside>
      <Coverage />
      <Notices />
      <Help />
    </div>
  );
}
