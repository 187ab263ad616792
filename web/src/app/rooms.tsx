import { lazy, useCallback, useEffect, useRef, useState } from 'react';
import { type Room, useRoom } from '../state/room.ts';
import { useDesk } from '../state/store.ts';
import { LazyPart } from '../ui/lazy-part.tsx';
import { useSession } from '../ui/use-panel.ts';

const CODE = {
  desk: () => import('../rooms/desk/desk.tsx'),
  wall: () => import('../rooms/wall/wall.tsx'),
  review: () => import('../rooms/review/review.tsx'),
} satisfies Record<Room, () => Promise<unknown>>;

// Under way before React starts.
void CODE[useRoom.getState().room]().catch(() => undefined);

const Desk = lazy(() => CODE.desk().then(({ Desk: room }) => ({ default: room })));
const Wall = lazy(() => CODE.wall().then(({ Wall: room }) => ({ default: room })));
const Review = lazy(() => CODE.review().then(({ Review: room }) => ({ default: room })));

/**
 * Query engine and chart share the line and the processor with the first map, so they come after it; without WebGL there
 * never is one, and they come then.
 */
const WITHOUT_MAP_AFTER_MS = 10_000;

/** The room of the address. A room that was visited stays, hidden: coming back costs a frame, and its map and filters are as they were. */
export function Rooms() {
  const here = useRoom((state) => state.room);
  const [visited, setVisited] = useState<readonly Room[]>([here]);
  if (!visited.includes(here)) setVisited([...visited, here]);
  return visited.map((room) => (
    <div key={room} className="room-root" hidden={room !== here}>
      <LazyPart>
        {room === 'desk' && <OpenDesk />}
        {room === 'wall' && <Wall />}
        {room === 'review' && <Review />}
      </LazyPart>
    </div>
  ));
}

function OpenDesk() {
  const session = useSession();
  const mapSettled = useDesk((desk) => desk.mapSettled);
  const { settleMap } = useDesk.getState();
  const started = useRef<typeof session>(null);
  const start = useCallback(() => {
    if (started.current === session) return;
    started.current = session;
    void session.startEngine();
  }, [session]);
  useEffect(() => {
    if (mapSettled) start();
  }, [mapSettled, start]);
  useEffect(() => {
    const timer = setTimeout(settleMap, WITHOUT_MAP_AFTER_MS);
    return () => clearTimeout(timer);
  }, [settleMap]);
  // Its files are asked for before the code of everything else that comes after the first map.
  const onFirstMap = useCallback(() => {
    start();
    settleMap();
  }, [start, settleMap]);
  return <Desk onFirstMap={onFirstMap} />;
}
