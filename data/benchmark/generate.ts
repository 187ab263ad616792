import { gridDisk, latLngToCell } from 'h3-js';
import { Random } from '../../core/stats/random.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';
import { benchmarkCalendar } from './calendar.ts';
import { expectedField } from './expected-field.ts';
import { drawFootprints, type Footprint, profileShares } from './footprints.ts';
import { BENCHMARK, type BenchmarkOptions, CONDITIONS, type Conditions, REGIMES } from './options.ts';
import { duplicateDays, type ReportPlace, reportDelay, reportDesk, reportedPlace } from './reports.ts';
import { cellDistancesKm, exponentialFactor, fieldDraw } from './spatial-field.ts';

export interface BenchmarkCase {
  /** In the form of `planted/*_events.json` and `*_truth.json` of the reference cases. */
  readonly events: object;
  readonly truth: object;
  /** Expected events without drift, day effect and excess, row `day * cells + cell`: for a detector that is told the truth. */
  readonly lambda: Float64Array;
}

interface Process {
  readonly cells: readonly string[];
  readonly days: number;
  /** Mean of each cell and day, drift, day effect and contamination included, row `day * cells + cell`. */
  readonly mean: Float64Array;
  readonly lambda: Float64Array;
}

/**
 * One benchmark stream: 397 cells, a training year with its dirt, a clean calibration year, two test years.
 * Same options, same bytes. Cost about a second.
 * @see METHODS part 2 sections 1 and 2
 */
export function generateBenchmark(options: BenchmarkOptions): BenchmarkCase {
  const { trainingDays, calibrationDays, testDays, startDate, centre, resolution, diskRadius } = BENCHMARK;
  const days = trainingDays + calibrationDays + testDays;
  const firstTestDay = trainingDays + calibrationDays;
  const cells = gridDisk(latLngToCell(centre.lat, centre.lng, resolution), diskRadius);
  const root = new Random(options.seed * 1000 + Object.keys(REGIMES).indexOf(options.regime));
  const [place, noise, plants, desk, dirt, addresses] = [0, 1, 2, 3, 4, 5].map((i) => root.fork(i)) as [
    Random,
    Random,
    Random,
    Random,
    Random,
    Random,
  ];
  const calendar = benchmarkCalendar({ epochDay: parseIsoDate(startDate), days });
  const km = cellDistancesKm(cells);
  const field = expectedField({ km, calendar, eventsPerCellDay: REGIMES[options.regime], random: place });
  const process: Process = {
    cells,
    days,
    lambda: field.lambda,
    mean: latentMean({ lambda: field.lambda, km, days, random: noise }),
  };
  const conditions = CONDITIONS[options.conditions];
  const area = { cells, base: field.base, km, random: plants, durations: conditions.durations };
  if (conditions.dirtyTraining) dirtyTraining(process, { area: { ...area, random: dirt }, random: dirt });
  const span = { firstDay: firstTestDay, days: testDays };
  const drawn = options.test === 'planted' ? drawFootprints(area, { ...span, count: 2 * BENCHMARK.planted.count }) : [];
  // Odd and even runs of κ × profile share the design: the first half is planted, the second half is left empty.
  const plantedOnes = drawn.slice(0, BENCHMARK.planted.count);
  const placebos = drawn.slice(BENCHMARK.planted.count);
  const extra = new Uint16Array(days * cells.length);
  const outbreaks = plantedOnes.map((footprint, i) =>
    plant(process, { footprint, extra, id: `O${i}`, random: plants }),
  );
  const controls =
    options.test === 'controls' ? applyControls(process, { base: field.base, ...span, random: plants }) : null;
  const name = `benchmark_${options.conditions}_${options.regime}_${options.test}_seed${options.seed}`;
  const eventsPerDay = report(process, {
    extra,
    random: desk,
    addresses,
    calendar,
    noise,
    conditions: options.conditions,
  });
  const events = {
    id: name,
    method: 'Planted-cluster benchmark',
    description: `${cells.length} H3 resolution-${resolution} cells (disk of radius ${diskRadius}, central Suzhou), made events of one category with reporting delay`,
    startDate,
    cells,
    eventsPerDay,
    eventsFormat:
      'one string per occurrence day: cell index, delay in days[, count[, place in the cell]] separated by ;',
    calibrationDays: [trainingDays, firstTestDay - 1],
    testDays: [firstTestDay, days - 1],
    regimeEventsPerCellDay: REGIMES[options.regime],
  };
  const truth = {
    id: `${name}_truth`,
    inputFile: `${name}_events.json`,
    outbreaks,
    placebos: placebos.map((footprint, i) =>
      described(process, { footprint, id: `P${plantedOnes.length + i}`, realised: 0 }),
    ),
    ...(controls ? { controls } : {}),
  };
  return { events, truth, lambda: field.lambda };
}

/** λ × exp(G − var/2) × U: latent drift AR(1) in time and correlated in space, gamma day effect. */
function latentMean(given: { lambda: Float64Array; km: Float64Array; days: number; random: Random }): Float64Array {
  const { lambda, km, days, random } = given;
  const { perDay, sd, correlationKm } = BENCHMARK.drift;
  const factor = exponentialFactor(km, correlationKm);
  let drift = fieldDraw(factor, random);
  const cells = drift.length;
  const mean = new Float64Array(lambda.length);
  const fresh = Math.sqrt(1 - perDay * perDay);
  for (let day = 0; day < days; day++) {
    if (day > 0) {
      const shock = fieldDraw(factor, random);
      drift = drift.map((g, i) => perDay * g + fresh * shock[i]!);
    }
    const dayEffect = random.gamma(BENCHMARK.dayShape) / BENCHMARK.dayShape;
    for (let i = 0; i < cells; i++)
      mean[day * cells + i] = lambda[day * cells + i]! * dayEffect * Math.exp(sd * drift[i]! - (sd * sd) / 2);
  }
  return mean;
}

/** What real training data have and nobody marked: small bumps, an outage, a category that was cut differently before some day. */
function dirtyTraining(process: Process, given: { area: Parameters<typeof drawFootprints>[0]; random: Random }): void {
  const { training, trainingDays } = BENCHMARK;
  const { random, area } = given;
  const cells = process.cells.length;
  for (let day = 0; day < training.recodedDay; day++)
    for (let i = 0; i < cells; i++) process.mean[day * cells + i]! *= training.recodedBefore;
  const outage = training.recodedDay + 30 + random.below(60);
  for (let day = outage; day < outage + training.outageDays; day++)
    for (let i = 0; i < cells; i++) process.mean[day * cells + i]! *= training.outageKept;
  for (let month = 0; month + 30 <= trainingDays - 28; month += 30) {
    const [fewest, most] = training.bumpsPerMonth;
    const count = fewest + random.below(most - fewest + 1);
    for (const bump of drawFootprints(area, { count, firstDay: month, days: 58 })) {
      const [weak, strong] = training.bumpKappa;
      const kappa = weak + (strong - weak) * random.uniform();
      addExpected(process, { footprint: { ...bump, kappa }, into: process.mean });
    }
  }
}

const lambdaOf = ({ lambda, cells }: Process, { cells: members, onset, end }: Footprint): number => {
  let sum = 0;
  for (let day = onset; day <= end; day++) for (const cell of members) sum += lambda[day * cells.length + cell]!;
  return sum;
};

/** κ = expected excess / √expected baseline, the baseline not below its floor. */
const excessOf = (baseline: number, kappa: number): number =>
  kappa * Math.sqrt(Math.max(baseline, BENCHMARK.planted.baselineFloor));

/** Shares of the excess per day and cell: profile in time, expected events in space. */
function eachExcess(process: Process, footprint: Footprint, visit: (row: number, share: number) => void): void {
  const cells = process.cells.length;
  const shares = profileShares(footprint.profile, footprint.end - footprint.onset + 1);
  shares.forEach((share, d) => {
    const row = (footprint.onset + d) * cells;
    const total = footprint.cells.reduce((sum, cell) => sum + process.lambda[row + cell]!, 0);
    for (const cell of footprint.cells) visit(row + cell, (share * process.lambda[row + cell]!) / total);
  });
}

function addExpected(process: Process, given: { footprint: Footprint; into: Float64Array }): void {
  const excess = excessOf(lambdaOf(process, given.footprint), given.footprint.kappa);
  eachExcess(process, given.footprint, (at, share) => {
    given.into[at]! += excess * share;
  });
}

function plant(process: Process, given: { footprint: Footprint; extra: Uint16Array; id: string; random: Random }) {
  const excess = excessOf(lambdaOf(process, given.footprint), given.footprint.kappa);
  let realised = 0;
  eachExcess(process, given.footprint, (at, share) => {
    const events = given.random.poisson(excess * share);
    given.extra[at]! += events;
    realised += events;
  });
  return described(process, { footprint: given.footprint, id: given.id, realised });
}

function described(process: Process, given: { footprint: Footprint; id: string; realised: number }) {
  const { cells, onset, end, kappa, profile } = given.footprint;
  const baselineExpected = lambdaOf(process, given.footprint);
  const excessExpected = excessOf(baselineExpected, kappa);
  return {
    id: given.id,
    cells,
    onset,
    end,
    kappa,
    size: cells.length,
    profile,
    baselineExpected,
    excessExpected,
    relativeRisk: 1 + excessExpected / baselineExpected,
    excessRealised: given.realised,
  };
}

/** Storms over the whole city, one permanent level shift of the city, one new estate that grows week by week. */
function applyControls(
  process: Process,
  given: { base: Float64Array; firstDay: number; days: number; random: Random },
) {
  const { controls } = BENCHMARK;
  const { firstDay, days, random, base } = given;
  const cells = process.cells.length;
  const scale = (day: number, cell: number, factor: number): void => {
    process.mean[day * cells + cell]! *= factor;
  };
  const gap = Math.floor(days / 2 / controls.storms);
  const storms = Array.from(
    { length: controls.storms },
    (_, i) => firstDay + i * gap + random.below(gap - controls.stormDays),
  );
  for (const first of storms)
    for (let day = first; day < first + controls.stormDays; day++)
      for (let i = 0; i < cells; i++) scale(day, i, controls.storm);
  const shiftDay = firstDay + Math.floor(days * 0.6);
  for (let day = shiftDay; day < firstDay + days; day++) for (let i = 0; i < cells; i++) scale(day, i, controls.shift);
  const estateCell = base.indexOf([...base].sort((a, b) => a - b)[Math.floor(cells / 2)]!);
  const estateDay = shiftDay + 60;
  for (let day = estateDay; day < firstDay + days; day++)
    scale(day, estateCell, controls.estatePerWeek ** Math.min(controls.estateWeeks, Math.floor((day - estateDay) / 7)));
  return {
    storms: storms.map((day) => ({ firstDay: day, lastDay: day + controls.stormDays - 1 })),
    shiftDay,
    estateCell,
    estateDay,
  };
}

/** Draws the events, their duplicates, places and delays; one text per day of occurrence. */
function report(
  process: Process,
  given: {
    extra: Uint16Array;
    conditions: Conditions;
    random: Random;
    addresses: Random;
    noise: Random;
    calendar: ReturnType<typeof benchmarkCalendar>;
  },
): string[] {
  const { cells, days, mean } = process;
  const desk = reportDesk({ ...given, cells });
  const { perCell, logSd } = BENCHMARK.places;
  const placeSums = new Float64Array(cells.length * perCell);
  for (let i = 0; i < placeSums.length; i++)
    placeSums[i] = (i % perCell === 0 ? 0 : placeSums[i - 1]!) + Math.exp(logSd * given.addresses.normal());
  /** A place of the cell, some more often than others. */
  const drawPlace = (cell: number): number => {
    const target = given.addresses.uniform() * placeSums[cell * perCell + perCell - 1]!;
    let place = 0;
    while (place < perCell - 1 && placeSums[cell * perCell + place]! <= target) place++;
    return place;
  };
  // A number for (cell, place or none, delay), so that equal reports of a day are counted together.
  const byDay = Array.from({ length: days }, () => new Map<number, number>());
  const add = (day: number, where: ReportPlace): void => {
    const report = reportedPlace(desk, where);
    if (report === null || day >= days) return;
    const key = (report.cell * (perCell + 1) + (report.place ?? perCell)) * 256 + Math.min(255, reportDelay(desk, day));
    byDay[day]!.set(key, (byDay[day]!.get(key) ?? 0) + 1); // no such report of that day yet
  };
  for (let at = 0; at < mean.length; at++) {
    const events = given.noise.poisson(mean[at]!) + given.extra[at]!;
    const day = Math.floor(at / cells.length);
    const cell = at % cells.length;
    for (let k = 0; k < events; k++) {
      const where = { cell, place: drawPlace(cell) };
      add(day, where);
      for (const later of duplicateDays(desk)) add(day + later, where);
    }
  }
  const entry = (key: number, n: number): string => {
    const at = Math.floor(key / 256);
    const place = at % (perCell + 1);
    const parts = [Math.floor(at / (perCell + 1)), key % 256];
    return [...parts, ...(place < perCell ? [n, place] : n > 1 ? [n] : [])].join(',');
  };
  return byDay.map((counts) =>
    [...counts]
      .sort(([a], [b]) => a - b)
      .map(([key, n]) => entry(key, n))
      .join(';'),
  );
}
