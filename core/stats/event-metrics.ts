/** A period and a set of cells in which something is known to have happened (or, for a placebo, not to have happened). */
export interface PlantedEvent {
  readonly id: string;
  /** Cell numbers, no duplicates. */
  readonly cells: readonly number[];
  /** First and last day, both inside. */
  readonly onset: number;
  readonly end: number;
}

/** One alert: the day it was raised and the cells it names. */
export interface CellAlert {
  readonly id: number;
  readonly day: number;
  readonly cells: readonly number[];
}

/** A run of alerts about one place. */
export interface AlertEpisode {
  readonly alerts: readonly CellAlert[];
  readonly firstDay: number;
  readonly lastDay: number;
}

export interface FirstAlertSpatial {
  readonly outbreak: string;
  /** Share of the alert's cells inside the outbreak. */
  readonly cellPrecision: number;
  /** Share of the outbreak's cells inside the alert. */
  readonly cellRecall: number;
}

/** Scores of one alert list. A ratio without a denominator (no outbreak, no episode, no alert) is null. */
export interface EventMetrics {
  /** Probability of detection: share of outbreaks hit by at least one alert. */
  readonly pod: number | null;
  readonly detected: Readonly<Record<string, boolean>>;
  /** First hit day minus onset, days; null = missed. */
  readonly delayDays: Readonly<Record<string, number | null>>;
  readonly medianDelayDetected: number | null;
  /** Mean delay in days, a missed outbreak counted with its full duration. */
  readonly restrictedMeanDelay: number | null;
  /** Mean of (duration - delay) / duration, a missed outbreak counted as 0. */
  readonly proportionSaved: number | null;
  readonly episodes: number;
  readonly trueEpisodes: number;
  readonly falseEpisodes: number;
  readonly falseAlarmRatio: number | null;
  readonly falseEpisodesPer7Days: number | null;
  readonly cellDaySensitivity: number | null;
  readonly cellDaySpecificity: number | null;
  readonly cellDayPpv: number | null;
  readonly firstAlertSpatial: readonly FirstAlertSpatial[];
}

/** Alerts at most this many days after the last one of an episode, sharing a cell with it, belong to it. */
export const EPISODE_GAP_DAYS = 7;
const LARGEST_ALERT_CELLS = 19;
const LARGEST_ALERT_TIMES_FOOTPRINT = 4;

/**
 * Cells of the alert inside the outbreak when the alert hits it, else 0.
 *
 *     onset <= day <= end,  |A ∩ O| / min(|A|, |O|) >= 0.5,  |A| <= max(19, 4 |O|)
 *
 * The last rule keeps an alert over half the city from hitting everything.
 * @see METHODS part 2 section 3; reference case skill/event_metrics
 */
export function hitCells(alert: CellAlert, event: PlantedEvent): number {
  if (alert.day < event.onset || alert.day > event.end) return 0;
  if (alert.cells.length > Math.max(LARGEST_ALERT_CELLS, LARGEST_ALERT_TIMES_FOOTPRINT * event.cells.length)) return 0;
  const shared = sharedCells(alert.cells, event.cells);
  return 2 * shared >= Math.min(alert.cells.length, event.cells.length) ? shared : 0;
}

/**
 * Joins alerts to episodes: in (day, id) order each goes to the first earlier episode that holds one of its cells and
 * whose last alert is at most 7 days old, else it starts one. An episode holds the cells of all its alerts.
 * Cost O(alerts × open episodes × cells).
 */
export function alertEpisodes(alerts: readonly CellAlert[]): AlertEpisode[] {
  const ordered = [...alerts].sort((a, b) => a.day - b.day || a.id - b.id);
  const episodes: { alerts: CellAlert[]; cells: Set<number>; firstDay: number; lastDay: number }[] = [];
  let firstOpen = 0;
  for (const alert of ordered) {
    while (firstOpen < episodes.length && episodes[firstOpen]!.lastDay < alert.day - EPISODE_GAP_DAYS) firstOpen++;
    let joined = false;
    for (let e = firstOpen; e < episodes.length && !joined; e++) {
      const episode = episodes[e]!;
      if (episode.lastDay < alert.day - EPISODE_GAP_DAYS) continue;
      if (!alert.cells.some((cell) => episode.cells.has(cell))) continue;
      episode.alerts.push(alert);
      episode.lastDay = alert.day;
      for (const cell of alert.cells) episode.cells.add(cell);
      joined = true;
    }
    if (!joined)
      episodes.push({ alerts: [alert], cells: new Set(alert.cells), firstDay: alert.day, lastDay: alert.day });
  }
  return episodes.map(({ alerts: members, firstDay, lastDay }) => ({ alerts: members, firstDay, lastDay }));
}

/**
 * Early-warning scores of a list of alerts against what is known to have happened.
 *
 * An episode is false when none of its alerts hits any event. Cell-day figures count each (day, cell) once; `days` × `cellCount`
 * is the span under test, alerts outside it are the caller's fault. Specificity is given because it is asked for: it is above
 * 99 % also for a detector that never alerts.
 * Cost O(alerts × events × cells).
 * @see METHODS part 1 section f and part 2 section 3
 */
export function eventMetrics(given: {
  readonly events: readonly PlantedEvent[];
  readonly alerts: readonly CellAlert[];
  /** Length of the span under test, days. */
  readonly days: number;
  /** Cells of the study area. */
  readonly cellCount: number;
}): EventMetrics {
  const { events, days, cellCount } = given;
  const alerts = [...given.alerts].sort((a, b) => a.day - b.day || a.id - b.id);
  const firstHits = events.map((event) => alerts.find((alert) => hitCells(alert, event) > 0) ?? null);
  const delays = events.map((event, i) => {
    const first = firstHits[i];
    return first ? first.day - event.onset : null;
  });
  const known = delays.filter((delay) => delay !== null);
  const episodes = alertEpisodes(alerts);
  const trueEpisodes = episodes.filter((episode) =>
    episode.alerts.some((alert) => events.some((event) => hitCells(alert, event) > 0)),
  ).length;
  const falseEpisodes = episodes.length - trueEpisodes;
  const cellDays = cellDayCounts(events, alerts);
  const quiet = days * cellCount - cellDays.eventCellDays;
  return {
    pod: ratio(known.length, events.length),
    detected: Object.fromEntries(events.map(({ id }, i) => [id, firstHits[i] !== null])),
    delayDays: Object.fromEntries(events.map(({ id }, i) => [id, delays[i] ?? null])),
    medianDelayDetected: median(known),
    restrictedMeanDelay: mean(events.map((event, i) => delays[i] ?? duration(event))),
    proportionSaved: mean(events.map((event, i) => savedShare(event, delays[i] ?? null))),
    episodes: episodes.length,
    trueEpisodes,
    falseEpisodes,
    falseAlarmRatio: ratio(falseEpisodes, episodes.length),
    falseEpisodesPer7Days: ratio(7 * falseEpisodes, days),
    cellDaySensitivity: ratio(cellDays.hit, cellDays.eventCellDays),
    cellDaySpecificity: ratio(quiet - (cellDays.alertCellDays - cellDays.hit), quiet),
    cellDayPpv: ratio(cellDays.hit, cellDays.alertCellDays),
    firstAlertSpatial: events.flatMap((event, i) => {
      const first = firstHits[i];
      if (!first) return [];
      const shared = sharedCells(first.cells, event.cells);
      return [
        { outbreak: event.id, cellPrecision: shared / first.cells.length, cellRecall: shared / event.cells.length },
      ];
    }),
  };
}

/** Share of an event's days that lie after its first hit; 0 when it was missed. */
export function savedShare(event: PlantedEvent, delayDays: number | null): number {
  return delayDays === null ? 0 : (duration(event) - delayDays) / duration(event);
}

/**
 * POD with chance removed: (POD − POD₀) / (1 − POD₀), POD₀ the share of placebo footprints that were "detected".
 * Below 0 when the detector does worse than chance; null when POD₀ is 1 or a part is undefined.
 */
export function netPod(given: { readonly pod: number | null; readonly placeboPod: number | null }): number | null {
  const { pod, placeboPod } = given;
  return pod === null || placeboPod === null || placeboPod >= 1 ? null : (pod - placeboPod) / (1 - placeboPod);
}

/** Days of an event, both ends inside. */
export const duration = ({ onset, end }: PlantedEvent): number => end - onset + 1;

function cellDayCounts(events: readonly PlantedEvent[], alerts: readonly CellAlert[]) {
  const eventCells = new Set<string>();
  for (const event of events)
    for (let day = event.onset; day <= event.end; day++)
      for (const cell of event.cells) eventCells.add(`${day},${cell}`);
  const alertCells = new Set<string>();
  for (const alert of alerts) for (const cell of alert.cells) alertCells.add(`${alert.day},${cell}`);
  let hit = 0;
  for (const key of alertCells) if (eventCells.has(key)) hit++;
  return { hit, eventCellDays: eventCells.size, alertCellDays: alertCells.size };
}

function sharedCells(a: readonly number[], b: readonly number[]): number {
  let shared = 0;
  for (const cell of a) if (b.includes(cell)) shared++;
  return shared;
}

const ratio = (part: number, whole: number): number | null => (whole > 0 ? part / whole : null);

const mean = (values: readonly number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Middle value, or the mean of the two in the middle; null of nothing. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
