import { hitCells } from '../stats/event-metrics.ts';

/**
 * Published alerts of a city against what is known to have been planted in it. One list of alerts over all categories, as people read it: an alert
 * counts for a plant only in its category line and its place, and one that fits no plant is a false one.
 */

/** What the alerts owe a plant. `alarm` = must be named; `silence` = must not; `none` = no rule looks for it, it is only told. */
export type Owed = 'alarm' | 'silence' | 'none';

export interface TruthPlant {
  readonly id: string;
  readonly kind: string;
  readonly owed: Owed;
  /** A plant of a few days or weeks: only alerts raised after its onset count. Else it is a standing fault: any alert that stood counts. */
  readonly isEpisode: boolean;
  /** Half-open days since 1970-01-01. */
  readonly firstDay: number;
  readonly endDay: number;
  /** Category ids, any of which it is about; null = every category. */
  readonly categories: readonly number[] | null;
  /** Rows of the grid of resolution 8; null = the whole city. */
  readonly cells: readonly number[] | null;
  readonly kappa: number | null;
}

export interface TruthAlert {
  readonly id: string;
  readonly kind: string;
  readonly category: number;
  readonly since: number;
  readonly lastDay: number;
  /** Within the budget from that day on; null = never. */
  readonly admittedDay: number | null;
  /** Stands in the register: no alert of the list. */
  readonly isRegistered: boolean;
  /** Rows of the grid of resolution 8; the cells of a division where it names one, all cells for the city. */
  readonly cells: readonly number[];
  readonly names: 'cells' | 'division' | 'city';
}

export interface PlantScore {
  readonly id: string;
  readonly kind: string;
  readonly kappa: number | null;
  /**
   * `found`: named by its place (half of the smaller of both sets of cells, alert no larger than 19 cells or four times the plant; of a plant
   * of more than 19 cells half of the larger set); `wider`: only by a division
   * or the city that holds it; `missed`: by neither.
   */
  readonly outcome: 'found' | 'wider' | 'missed';
  /** First evening that named its place (`wider`: the wider area); null = missed. */
  readonly firstDay: number | null;
  /** Days from its first day, or the first day of the replay where it is older; null = missed. */
  readonly delay: number | null;
  /** Days from that evening to its last day; null = missed. */
  readonly lead: number | null;
  /** First evening on which such an alert was within the budget. */
  readonly admittedDay: number | null;
  readonly by: readonly string[];
}

export interface TruthScore {
  readonly days: number;
  readonly plants: readonly PlantScore[];
  /** Plants that began before the replay and were over before its end, or that cannot be told: not scored. */
  readonly leftOut: Readonly<Record<string, number>>;
  readonly alerts: number;
  /** Alerts of the list that fit no plant that asks for an alarm, all and within the budget; and entries of the register that fit none. */
  readonly falseAlerts: { readonly all: number; readonly admitted: number; readonly registered: number };
  /** The same by what found them. */
  readonly falseByKind: Readonly<Record<string, number>>;
  /** Alerts of a place raised in the days of plants that must raise none, that fit no other plant; and what chance gives in as many days. */
  readonly silence: readonly {
    readonly kind: string;
    readonly plants: number;
    readonly days: number;
    readonly alerts: number;
    readonly byChance: number;
  }[];
}

/** A plant of more cells is no place but an area: only an alert over about the same area names it. */
const LARGEST_PLACE = 19;

interface Match {
  readonly alert: TruthAlert;
  readonly day: number;
  readonly isPlace: boolean;
}

/** Cost: plants × alerts × cells. */
export function scoreTruth(given: {
  readonly plants: readonly TruthPlant[];
  readonly alerts: readonly TruthAlert[];
  /** Half-open days of the replay the alerts come from. */
  readonly span: { readonly firstDay: number; readonly endDay: number };
  /** Is one category the other, or above it? */
  readonly isLine: (a: number, b: number) => boolean;
}): TruthScore {
  const { span, alerts, isLine } = given;
  const inSpan = given.plants.filter(({ firstDay, endDay }) => firstDay < span.endDay && endDay > span.firstDay);
  // Of an episode that was under way when the replay began nobody can say when it was first named.
  const scored = inSpan.filter(({ isEpisode, firstDay }) => !isEpisode || firstDay >= span.firstDay);
  const leftOut: Record<string, number> = {};
  for (const { kind } of inSpan.filter((plant) => !scored.includes(plant))) leftOut[kind] = (leftOut[kind] ?? 0) + 1; // a count starts at nothing
  const explained = new Set<TruthAlert>();
  const plants = scored.flatMap((plant) => {
    if (plant.cells === null) return [];
    const matches = alerts.flatMap((alert) => matchOf(plant, alert, { span, isLine }) ?? []);
    if (plant.owed === 'alarm') for (const { alert } of matches) explained.add(alert);
    return [plantScore(plant, matches, span)];
  });
  // An outbreak under way at the start explains its alerts too, though it is not scored.
  for (const plant of inSpan)
    if (plant.owed === 'alarm' && plant.cells !== null && !scored.includes(plant))
      for (const alert of alerts)
        if (matchOf({ ...plant, isEpisode: false }, alert, { span, isLine })) explained.add(alert);
  const unexplained = alerts.filter((alert) => !explained.has(alert));
  const wrong = unexplained.filter(({ isRegistered }) => !isRegistered);
  const falseByKind: Record<string, number> = {};
  for (const { kind } of wrong) falseByKind[kind] = (falseByKind[kind] ?? 0) + 1; // a count starts at nothing
  const days = span.endDay - span.firstDay;
  return {
    days,
    plants,
    leftOut,
    alerts: alerts.length,
    falseAlerts: {
      all: wrong.length,
      admitted: wrong.filter(({ admittedDay }) => admittedDay !== null).length,
      registered: unexplained.length - wrong.length,
    },
    falseByKind,
    silence: silences(scored, wrong, span),
  };
}

function matchOf(
  plant: TruthPlant,
  alert: TruthAlert,
  {
    span,
    isLine,
  }: {
    readonly span: { readonly firstDay: number; readonly endDay: number };
    readonly isLine: (a: number, b: number) => boolean;
  },
): Match | null {
  const { cells, categories } = plant;
  if (cells === null) return null;
  if (categories !== null && !categories.some((category) => isLine(category, alert.category))) return null;
  const from = Math.max(plant.firstDay, span.firstDay);
  const day = plant.isEpisode ? alert.since : Math.max(alert.since, from);
  if (day < from || day >= plant.endDay || alert.lastDay < from) return null;
  const inside = new Set(alert.cells);
  const common = cells.filter((cell) => inside.has(cell)).length;
  if (cells.length > LARGEST_PLACE) {
    const isPlace = 2 * common >= Math.max(cells.length, alert.cells.length);
    return isPlace || (alert.names !== 'cells' && 2 * common >= cells.length) ? { alert, day, isPlace } : null;
  }
  if (alert.names === 'cells') {
    const event = { id: plant.id, cells, onset: day, end: day };
    return hitCells({ id: 0, day, cells: alert.cells }, event) > 0 ? { alert, day, isPlace: true } : null;
  }
  // What touches every category would be named by any alert of the city.
  return categories !== null && 2 * common >= cells.length ? { alert, day, isPlace: false } : null;
}

function plantScore(
  plant: TruthPlant,
  matches: readonly Match[],
  span: { readonly firstDay: number; readonly endDay: number },
): PlantScore {
  const places = matches.filter(({ isPlace }) => isPlace);
  const best = places.length > 0 ? places : matches;
  const firstDay = best.length > 0 ? Math.min(...best.map(({ day }) => day)) : null;
  const admitted = best.flatMap(({ alert, day }) =>
    alert.admittedDay === null ? [] : [Math.max(alert.admittedDay, day)],
  );
  return {
    id: plant.id,
    kind: plant.kind,
    kappa: plant.kappa,
    outcome: places.length > 0 ? 'found' : matches.length > 0 ? 'wider' : 'missed',
    firstDay,
    delay: firstDay === null ? null : firstDay - Math.max(plant.firstDay, span.firstDay),
    lead: firstDay === null ? null : Math.min(plant.endDay, span.endDay) - 1 - firstDay,
    admittedDay: admitted.length > 0 ? Math.min(...admitted) : null,
    by: [...new Set(best.map(({ alert }) => alert.kind))].sort(),
  };
}

function silences(
  plants: readonly TruthPlant[],
  wrong: readonly TruthAlert[],
  span: { readonly firstDay: number; readonly endDay: number },
): TruthScore['silence'] {
  const quiet = plants.filter(({ owed, cells }) => owed === 'silence' && cells === null);
  const local = wrong.filter(({ names }) => names !== 'city');
  return [...new Set(quiet.map(({ kind }) => kind))].sort().map((kind) => {
    const mine = quiet.filter((plant) => plant.kind === kind);
    const days = new Set<number>();
    for (const { firstDay, endDay } of mine)
      for (let day = Math.max(firstDay, span.firstDay); day < Math.min(endDay, span.endDay); day++) days.add(day);
    const others = local.filter(({ since }) => !days.has(since)).length;
    const rest = span.endDay - span.firstDay - days.size;
    return {
      kind,
      plants: mine.length,
      days: days.size,
      alerts: local.filter(({ since }) => days.has(since)).length,
      byChance: rest > 0 ? (others / rest) * days.size : 0,
    };
  });
}
