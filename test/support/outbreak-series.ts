import type { Random } from '../../core/stats/random.ts';

/**
 * Seven weekly scenarios after Noufaily et al. (2013): log mean = theta + trend·t + annual harmonics, negative binomial with variance φ·mean.
 * Four past outbreaks lie in the baseline and one in the last 49 weeks; size = Poisson(k·sd of its first week), spread log-normally over weeks.
 */
export interface WeeklyScenario {
  readonly name: string;
  readonly theta: number;
  /** A week. */
  readonly trend: number;
  /** Pairs of harmonics with amplitude 0.4 (first) and 0.2 (second). */
  readonly harmonics: 0 | 1 | 2;
  readonly dispersion: number;
}

export const WEEKLY_SCENARIOS: readonly WeeklyScenario[] = [
  { name: 'low, flat', theta: 0.1, trend: 0, harmonics: 0, dispersion: 1.5 },
  { name: 'low, seasonal', theta: 0.5, trend: 0, harmonics: 1, dispersion: 1.5 },
  { name: 'medium, flat', theta: 1.5, trend: 0, harmonics: 0, dispersion: 1.1 },
  { name: 'medium, rising', theta: 1.2, trend: 0.0025, harmonics: 1, dispersion: 2 },
  { name: 'medium, falling', theta: 2.5, trend: -0.002, harmonics: 1, dispersion: 1.5 },
  { name: 'high, two harmonics', theta: 3.75, trend: 0, harmonics: 2, dispersion: 1.2 },
  { name: 'high, rising, dispersed', theta: 4, trend: 0.001, harmonics: 1, dispersion: 4 },
];

export interface OutbreakSeries {
  readonly counts: Float64Array;
  /** Weeks with cases of the current outbreak, 1 = yes; past outbreaks are 2. */
  readonly outbreak: Uint8Array;
}

export const CURRENT_WEEKS = 49;

function meanOf({ theta, trend, harmonics }: WeeklyScenario, t: number): number {
  const angle = (2 * Math.PI * t) / 52.18;
  const season = (harmonics > 0 ? 0.4 * Math.cos(angle) : 0) + (harmonics > 1 ? 0.2 * Math.sin(2 * angle) : 0);
  return Math.exp(theta + trend * t + season);
}

/** One count with the mean and variance of the scenario. */
function draw(mean: number, dispersion: number, random: Random): number {
  if (dispersion <= 1) return random.poisson(mean);
  const size = mean / (dispersion - 1);
  return random.poisson((random.gamma(size) * mean) / size);
}

/** A series of so many weeks without any outbreak. */
export function stableSeries(scenario: WeeklyScenario, weeks: number, random: Random): Float64Array {
  const counts = new Float64Array(weeks);
  for (let t = 0; t < weeks; t++) counts[t] = draw(meanOf(scenario, t), scenario.dispersion, random);
  return counts;
}

/** The same with outbreaks; `k` of the current one is drawn from 1..10, of the past ones from 2, 3, 5, 10. */
export function outbreakSeries(scenario: WeeklyScenario, weeks: number, random: Random): OutbreakSeries {
  const counts = stableSeries(scenario, weeks, random);
  const outbreak = new Uint8Array(weeks);
  const plant = (start: number, k: number, mark: 1 | 2): void => {
    const sd = Math.sqrt(meanOf(scenario, start) * scenario.dispersion);
    const cases = Math.max(1, random.poisson(k * sd));
    for (let i = 0; i < cases; i++) {
      const week = start + Math.floor(Math.exp(0.5 * random.normal()));
      if (week >= weeks) continue;
      counts[week]!++;
      outbreak[week] = mark;
    }
  };
  const past = [2, 3, 5, 10];
  const baseline = weeks - CURRENT_WEEKS - 5;
  for (let i = 0; i < 4; i++)
    plant(Math.floor(random.uniform() * baseline), past[Math.floor(random.uniform() * 4)]!, 2);
  const start = weeks - CURRENT_WEEKS + Math.floor(random.uniform() * (CURRENT_WEEKS - 5));
  plant(start, 1 + Math.floor(random.uniform() * 10), 1);
  return { counts, outbreak };
}

export interface SkillTally {
  weeks: number;
  false: number;
  outbreaks: number;
  found: number;
}

/** Adds one series: alarms outside the outbreak are false, one inside it finds it. Weeks not assessed count as no alarm. */
export function tally(into: SkillTally, { outbreak }: OutbreakSeries, alarm: (week: number) => boolean): void {
  const weeks = outbreak.length;
  let found = false;
  for (let t = weeks - CURRENT_WEEKS; t < weeks; t++) {
    if (outbreak[t] === 1) found ||= alarm(t);
    else {
      into.weeks++;
      if (alarm(t)) into.false++;
    }
  }
  into.outbreaks++;
  if (found) into.found++;
}
