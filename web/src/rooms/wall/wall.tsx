import { lazy, useEffect } from 'react';
import { useRoom } from '../../state/room.ts';
import { LazyPart } from '../../ui/lazy-part.tsx';
import { useSession } from '../../ui/use-panel.ts';
import { AlertList } from './alert-list.tsx';
import { Caption, Corner, Legend, Status, Title } from './blocks.tsx';
import { Headline } from './headline.tsx';
import { Movers } from './movers.tsx';
import { Pair } from './pair.tsx';
import { togglePin } from './pin.ts';
import { onWeekKey, WEEKS_STOP } from './playing.ts';
import { startWall } from './runtime.ts';
import { Sources } from './sources.tsx';
import { Strip } from './strip.tsx';
import { useLayout, useSayWall } from './use-wall.ts';
import { WallMap } from './wall-map.tsx';
import { useWall } from './wall-store.ts';
import './css/wall.css';
import './css/title.css';
import './css/headline.css';
import './css/alerts.css';
import './css/new-alert.css';
import './css/pair.css';
import './css/movers.css';
import './css/strip.css';
import './css/sources.css';
import './css/map-blocks.css';
import './css/legend.css';

const Console = lazy(() => import('./console.tsx').then(({ Console: part }) => ({ default: part })));
const Health = lazy(() => import('./health.tsx').then(({ Health: part }) => ({ default: part })));
const Calibrate = lazy(() => import('./calibrate.tsx').then(({ Calibrate: part }) => ({ default: part })));

/** The wall, or one of the windows beside it: the console of the operator, the health page. */
export function Wall() {
  const visible = useRoom((state) => state.room === 'wall');
  const calibrate = useWall((wall) => wall.options.calibrate);
  const page = location.pathname.split('/')[2];
  if (!visible && page) return null;
  return (
    <LazyPart>
      {page === 'console' ? (
        <Console />
      ) : page === 'health' ? (
        <Health />
      ) : calibrate ? (
        <Calibrate />
      ) : (
        <Screen visible={visible} />
      )}
    </LazyPart>
  );
}

function Screen({ visible }: { readonly visible: boolean }) {
  const { snapshot } = useSession();
  const say = useSayWall();
  const shown = useWall((wall) => wall.shown);
  const layout = useLayout();
  const seams = useWall((wall) => wall.options.seams);
  const { rem, boxes } = layout;

  useEffect(() => {
    if (!visible) return;
    const runtime = startWall(snapshot);
    return () => runtime.stop();
  }, [visible, snapshot]);
  // Before the map is made: it takes the size of its names from the root unit.
  if (visible) document.documentElement.style.fontSize = `${rem}px`;
  useEffect(() => {
    if (!visible) return;
    document.documentElement.style.fontSize = `${rem}px`;
    return () => {
      document.documentElement.style.fontSize = '';
    };
  }, [visible, rem]);
  useKeys(visible);

  if (!shown)
    return (
      <main className="wall">
        <p className="wall-loading" role="status">
          {say('loading')}
        </p>
      </main>
    );
  return (
    <main className="wall" data-family={layout.family} data-snapshot={shown.data.snapshot.manifest.snapshot}>
      <WallMap shown={shown} box={boxes.map} visible={visible} />
      <Caption shown={shown} box={boxes.caption} />
      <Legend shown={shown} box={boxes.legend} rem={rem} />
      <Title shown={shown} box={boxes.title} />
      <Status shown={shown} box={boxes.status} />
      <Headline shown={shown} box={boxes.headline} rem={rem} />
      <Pair shown={shown} box={boxes.pair} rem={rem} />
      <Sources shown={shown} box={boxes.sources} rem={rem} />
      <AlertList shown={shown} box={boxes.alerts} rem={rem} />
      <Movers shown={shown} box={boxes.movers} rem={rem} />
      <Strip shown={shown} box={boxes.strip} rem={rem} />
      {seams && <Seams x={layout.seams.x} y={layout.seams.y} />}
      <Corner />
    </main>
  );
}

function Seams({ x, y }: { readonly x: readonly number[]; readonly y: readonly number[] }) {
  return (
    <div className="wall-seams" aria-hidden="true">
      {x.map((left) => (
        <i key={`x${left}`} data-axis="x" style={{ left }} />
      ))}
      {y.map((top) => (
        <i key={`y${top}`} data-axis="y" style={{ top }} />
      ))}
    </div>
  );
}

/** Arrows step, space stops and goes, `.` pins, `w` plays the weeks; any touch holds the tour for two minutes. */
function useKeys(visible: boolean): void {
  useEffect(() => {
    if (!visible) return;
    const { tell, setOperator } = useWall.getState();
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      if (onWeekKey(event)) {
        event.preventDefault();
        return;
      }
      if (event.key === 'ArrowRight') tell({ kind: 'step', by: 1 });
      else if (event.key === 'ArrowLeft') tell({ kind: 'step', by: -1 });
      else if (event.key === '.') togglePin();
      else if (event.key === 'w') tell({ kind: 'go', id: WEEKS_STOP });
      else if (event.key === ' ') {
        const { tour } = useWall.getState();
        tell(tour.frozen ? { kind: 'resume' } : { kind: 'freeze', frozen: true });
      } else if (event.key === 'Escape') {
        setOperator({ pinned: null });
        tell({ kind: 'resume' });
      } else tell({ kind: 'touched' });
    };
    const onTouch = () => tell({ kind: 'touched' });
    window.addEventListener('keydown', onKey);
    window.addEventListener('pointerdown', onTouch);
    return () => {
      window.removeEventListener('keydown', onKey);
      window.removeEventListener('pointerdown', onTouch);
    };
  }, [visible]);
}
