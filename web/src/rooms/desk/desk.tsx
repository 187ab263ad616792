import { lazy, useEffect } from 'react';
import { type Side, useDesk } from '../../state/store.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { useText } from '../../ui/use-text.ts';
import { Categories } from './categories.tsx';
import { Chips } from './chips.tsx';
import { Coverage } from './coverage.tsx';
import { DivisionTable } from './division-table.tsx';
import { divisionName, useFocus } from './divisions.ts';
import { useFilters } from './filters.ts';
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
import './presets/presets.css';
import './css/header.css';
import './css/filters.css';
import './css/centre.css';
import './css/map.css';
import './css/weeks.css';
import './css/right.css';
import './css/cell-card.css';
import './css/coverage.css';
import './css/overlays.css';

// With the words and documents of sensing: nothing of it is needed for the first map.
const Hours = lazy(() => import('./hours.tsx').then(({ Hours: panel }) => ({ default: panel })));
const AlertsPanel = lazy(() =>
  import('./sense/alerts-panel.tsx').then(({ AlertsPanel: panel }) => ({ default: panel })),
);
const DivisionSense = lazy(() =>
  import('./sense/division-sense.tsx').then(({ DivisionSense: part }) => ({ default: part })),
);

const PlaybackBar = lazy(() =>
  import('./playback/playback-bar.tsx').then(({ PlaybackBar: part }) => ({ default: part })),
);
const CellCard = lazy(() => import('./cell-card.tsx').then(({ CellCard: card }) => ({ default: card })));
const StageBar = lazy(() => import('./pane/stage-bar.tsx').then(({ StageBar: part }) => ({ default: part })));
const DivisionCard = lazy(() =>
  import('./place/division-card.tsx').then(({ DivisionCard: part }) => ({ default: part })),
);
const PresetStrip = lazy(() =>
  import('./presets/preset-strip.tsx').then(({ PresetStrip: part }) => ({ default: part })),
);
const FindingsButton = lazy(() =>
  import('./findings/findings-button.tsx').then(({ FindingsButton: part }) => ({ default: part })),
);
const StagePane = lazy(() => import('./pane/stage-pane.tsx').then(({ StagePane: part }) => ({ default: part })));

export function Desk({ onFirstMap }: { readonly onFirstMap: () => void }) {
  const { t } = useText();
  const cell = useDesk((desk) => desk.cell);
  const playing = useDesk((desk) => desk.playback !== null);
  const pane = useDesk((desk) => desk.pane);
  const side = useSide();
  // Its tables are large; the first map does not wait for them.
  const mapSettled = useDesk((desk) => desk.mapSettled);
  useEffect(listenToKeys, []);
  return (
    <div className="desk">
      <Header />
      <aside className="desk-left" aria-label={t('chips.label')}>
        <Sources />
        <Categories />
        <LazyPart>{mapSettled && <Hours />}</LazyPart>
        <GhostNote />
      </aside>
      <main className="desk-centre">
        <div className="desk-state">
          <Summary />
          <Progress />
          <Chips />
          {mapSettled && (
            <LazyPart>
              <StageBar />
            </LazyPart>
          )}
        </div>
        <div className="preset-row">
          {mapSettled && (
            <LazyPart>
              <PresetStrip />
              <FindingsButton />
            </LazyPart>
          )}
        </div>
        <Notices />
        <div className="desk-stage">
          <MapPanel onFirstMap={onFirstMap} />
          {mapSettled && pane && (
            <LazyPart>
              <StagePane />
            </LazyPart>
          )}
        </div>
        {mapSettled && playing && (
          <LazyPart>
            <PlaybackBar />
          </LazyPart>
        )}
        <Weeks />
      </main>
      <aside className="desk-right" aria-label={cell ? t('panel.cell') : t('side.label')}>
        {cell ? (
          <LazyPart waiting={<SideLoading />}>
            <CellCard key={cell} h3={cell} />
          </LazyPart>
        ) : (
          <>
            <SideChoice side={side} />
            {side === 'places' ? (
              <>
                {mapSettled && (
                  <LazyPart>
                    <DivisionCard />
                    <DivisionSense />
                  </LazyPart>
                )}
                <DivisionTable />
                {mapSettled && <TopCells />}
              </>
            ) : (
              <LazyPart waiting={<SideLoading />}>{mapSettled ? <AlertsPanel /> : <SideLoading />}</LazyPart>
            )}
          </>
        )}
      </aside>
      <Coverage />
      <Help />
    </div>
  );
}

/** What the right column shows: the reader's choice, else alerts where the snapshot has any. An opened alert is shown. */
function useSide(): Side {
  const { manifest } = useSession().snapshot;
  const chosen = useDesk((desk) => desk.side);
  const alert = useDesk((desk) => desk.alert);
  if (alert !== null) return 'alerts';
  return chosen ?? (manifest.files.some(({ path }) => path === 'alerts.json') ? 'alerts' : 'places');
}

function SideChoice({ side }: { readonly side: Side }) {
  const { t } = useText();
  const { setSide, openAlert } = useDesk.getState();
  const choose = (next: Side) => {
    setSide(next);
    if (next === 'places') openAlert(null);
  };
  return (
    <fieldset className="side-choice" aria-label={t('side.label')}>
      <button type="button" aria-pressed={side === 'alerts'} onClick={() => choose('alerts')}>
        {t('side.alerts')}
      </button>
      <button type="button" aria-pressed={side === 'places'} onClick={() => choose('places')}>
        {t('side.places')}
      </button>
    </fieldset>
  );
}

function SideLoading() {
  const { t } = useText();
  return (
    <p className="panel-loading" role="status">
      {t('panel.loading')}
    </p>
  );
}

function GhostNote() {
  const { divisions } = useSession().snapshot;
  const { t, locale } = useText();
  const focus = useFocus();
  const { area } = useFilters();
  const place = focus === 0 ? t('header.wholeCity') : divisionName(divisions, focus, locale);
  const where = area ? t('bars.area', { place }) : place;
  return (
    <p className="fine ghost-note">
      <i data-swatch="ghost" /> {t('bars.ghost', { where })}
    </p>
  );
}
