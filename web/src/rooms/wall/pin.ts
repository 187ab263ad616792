import { stopOf } from './tour.ts';
import { useWall } from './wall-store.ts';

/** The wall stays at a stop until it is let go; null lets it go. An id that is no stop of the tour is not heard. */
export function pin(id: string | null): void {
  const { tour, tell, setOperator } = useWall.getState();
  if (id !== null && !tour.stops.some((stop) => stop.id === id)) return;
  if (id !== null) tell({ kind: 'go', id });
  tell(id === null ? { kind: 'resume' } : { kind: 'freeze', frozen: true });
  setOperator({ pinned: id });
}

/** The key: pins what the wall shows, or lets it go. */
export function togglePin(): void {
  const { tour, pinned } = useWall.getState();
  pin(pinned === null ? (stopOf(tour)?.id ?? null) : null);
}
