import type { Alert, Alerts, PastAlert } from '../../../core/contract/sense.ts';
import type { IdRange } from '../query/filters.ts';

/** An alert that was about a place, standing or past. */
export interface PlaceAlert {
  readonly id: string;
  readonly level: number;
  readonly category: number;
  readonly since: number;
  readonly lastDay: number;
  readonly observed: number;
  readonly expected: number;
  /** It stands on the as-of day. */
  readonly standing: boolean;
  /** There is a card to open. */
  readonly opens: boolean;
}

/** The place: a range of finest cells or of divisions. */
export interface AlertPlace {
  readonly cells: IdRange | null;
  readonly division: IdRange | null;
}

export interface AlertGrounds {
  /** Finest cells of a row of the grid of a resolution; null = that grid is not there. */
  readonly rangeOf: (resolution: number, row: number) => IdRange | null;
  /** Deepest division of a finest cell. */
  readonly divisionOf: (cell: number) => number;
}

/** Every alert whose cells (or, of a division, whose place) meet the place, newest first. An alert about the whole city is about no place. */
export function alertsAt(
  alerts: Pick<Alerts, 'alerts' | 'rest' | 'register' | 'ended' | 'history'>,
  place: AlertPlace,
  grounds: AlertGrounds,
): readonly PlaceAlert[] {
  const now = [...alerts.alerts, ...alerts.rest, ...(alerts.register ?? [])];
  const full: readonly Alert[] = [...now, ...alerts.ended];
  const standing = new Set(now.map(({ id }) => id));
  const found = new Map<string, PlaceAlert>();
  const take = (alert: Alert | PastAlert, opens: boolean) => {
    const { id, level, category, since, lastDay, observed, expected } = alert;
    if (!found.has(id))
      found.set(id, { id, level, category, since, lastDay, observed, expected, standing: standing.has(id), opens });
  };
  for (const alert of full) if (meets({ ...alert, divisions: divisionsOf(alert) }, place, grounds)) take(alert, true);
  for (const past of alerts.history ?? [])
    if (
      meets(
        { ...past, divisions: past.division === null || past.division === 0 ? [] : [past.division] },
        place,
        grounds,
      )
    )
      take(past, false);
  return [...found.values()].sort((a, b) => b.lastDay - a.lastDay || a.level - b.level || (a.id < b.id ? -1 : 1));
}

/** Of an alert without cells: the deepest divisions it names. */
function divisionsOf({ cells, divisions }: Alert): readonly number[] {
  if (cells.length > 0) return [];
  const deepest = Math.max(0, ...divisions.map(({ level }) => level));
  return divisions.filter(({ level }) => level === deepest).map(({ division }) => division);
}

interface Extent {
  readonly cells: readonly number[];
  readonly resolution: number | null;
  readonly divisions: readonly number[];
}

function meets({ cells, resolution, divisions }: Extent, place: AlertPlace, grounds: AlertGrounds): boolean {
  const ranges = resolution === null ? [] : cells.flatMap((row) => grounds.rangeOf(resolution, row) ?? []);
  const own = place.cells;
  if (own) return ranges.some(({ id, end }) => id < own.end && own.id < end);
  const within = place.division;
  if (!within) return false;
  const inside = (division: number) => division >= within.id && division < within.end;
  if (divisions.some(inside)) return true;
  return ranges.some(({ id, end }) => {
    for (let cell = id; cell < end; cell++) if (inside(grounds.divisionOf(cell))) return true;
    return false;
  });
}
