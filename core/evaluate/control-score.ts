import { alertEpisodes, type CellAlert } from '../stats/event-metrics.ts';

/** What the negative controls of a stream were: things a detector must not mistake for local trouble. */
export interface Controls {
  readonly storms: readonly { readonly firstDay: number; readonly lastDay: number }[];
  /** From this day on the whole city lies higher, for good. */
  readonly shiftDay: number;
  /** A cell that grows week by week from `estateDay`. */
  readonly estateCell: number;
  readonly estateDay: number;
}

export interface ControlScore {
  readonly storms: number;
  /** Episodes that begin during a storm or the day after: local alerts about a city-wide rise. */
  readonly stormEpisodes: number;
  /** What the rest of the days before the shift would lead one to expect in as many days. */
  readonly stormEpisodesByChance: number;
  /** Episodes in the 6 weeks after the level shift, and the same number of days later. */
  readonly shiftEpisodes: number;
  readonly adaptedEpisodes: number;
  /** Days from the start of the growth to the first alert that names the cell; null = never. */
  readonly estateDelayDays: number | null;
}

const STORM_TAIL_DAYS = 1;
const ADAPTATION_DAYS = 42;

/** Counts alert episodes around the negative controls (METHODS part 2 section 2). */
export function controlScore(
  controls: Controls,
  given: { readonly alerts: readonly CellAlert[]; readonly firstDay: number },
): ControlScore {
  const { storms, shiftDay, estateCell, estateDay } = controls;
  const starts = alertEpisodes(given.alerts).map(({ firstDay }) => firstDay);
  const inStorm = (day: number): boolean =>
    storms.some((storm) => day >= storm.firstDay && day <= storm.lastDay + STORM_TAIL_DAYS);
  const before = starts.filter((day) => day < shiftDay);
  const stormEpisodes = before.filter(inStorm).length;
  const stormDays = storms.reduce((sum, { firstDay, lastDay }) => sum + lastDay - firstDay + 1 + STORM_TAIL_DAYS, 0);
  const otherDays = shiftDay - given.firstDay - stormDays;
  const from = (first: number): number => starts.filter((day) => day >= first && day < first + ADAPTATION_DAYS).length;
  const named = given.alerts.find(({ day, cells }) => day >= estateDay && cells.includes(estateCell));
  return {
    storms: storms.length,
    stormEpisodes,
    stormEpisodesByChance: ((before.length - stormEpisodes) * stormDays) / otherDays,
    shiftEpisodes: from(shiftDay),
    adaptedEpisodes: from(shiftDay + ADAPTATION_DAYS),
    estateDelayDays: named ? named.day - estateDay : null,
  };
}
