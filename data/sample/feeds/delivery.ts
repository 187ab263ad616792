import { CATALOGUE } from '../catalogue/index.ts';
import type { SourceKey } from '../catalogue/types.ts';
import { HOURS } from '../catalogue/types.ts';
import type { City } from '../city.ts';
import { drawDirt } from '../dirt.ts';
import { KM_PER_DEG_LAT, KM_PER_DEG_LNG } from '../geography/projection.ts';
import type { Plant } from '../plants/plant.ts';
import { compactDate, type LocalTime } from '../process/civil.ts';
import { type Incident, offset } from '../process/simulate.ts';
import { cumulative, pickIndex, type Random, random } from '../random.ts';
import { drawBounces, officeOf } from './bounce.ts';
import { CHANNEL_SHARES, type Report } from './report.ts';

/** Days from event to report: 0 d 55 %, 1 d 20 %, 2 d 10 %, then 5/3/2/2/1/1/1 %. Calls come at once; cases are registered late. */
const DELAYS: Record<SourceKey, readonly number[]> = {
  hotline: [55, 20, 10, 5, 3, 2, 2, 1, 1, 1],
  police: [93, 4, 1, 1, 0.5, 0.5],
  dispute: [20, 14, 11, 9, 8, 7, 6, 5, 4, 4, 3, 3, 2, 2, 2],
};
/** What closes before it happens again is closed within this many minutes of its report. */
const CLOSES_WITHIN = 2 * 1440;
/** Days to close: log-normal, median and sd of the logarithm. */
const CLOSING: Record<SourceKey, { median: number; sd: number }> = {
  hotline: { median: 3.2, sd: 0.9 },
  police: { median: 0.12, sd: 1.2 },
  dispute: { median: 14, sd: 0.8 },
};
const CORRECTED_SHARE = 0.25;
/** Nearer positions lie in one finest cell: a reader that keeps cells would see no difference. */
const CORRECTED_FROM_KM = 0.25;
/** Wrong place by 200–1500 m; known only by its street. */
const GEOCODING: Record<SourceKey, { wrong: number; streetOnly: number }> = {
  hotline: { wrong: 0.05, streetOnly: 0.03 },
  police: { wrong: 0.02, streetOnly: 0.01 },
  dispute: { wrong: 0.05, streetOnly: 0.06 },
};

export interface Desk {
  /** Incidents of a day become reports, now or on a later day. */
  readonly take: (incidents: readonly Incident[]) => void;
  /** Reports of a day, by time; each day once, ascending. */
  readonly due: (day: number) => Report[];
  /** A later state of a delivered report; ignored after the last day. */
  readonly again: (report: Report, day: number) => void;
  /** Incidents whose report falls after the last day: not known yet. */
  readonly unknown: () => number;
}

/** The offices between an incident and a file: when it is reported, where it is put, when it is closed, what goes wrong. */
export function desk(city: City, plants: readonly Plant[]): Desk {
  const draw = random(city.options.seed, 'reports');
  const bounceDraw = random(city.options.seed, 'bounces');
  const laterDays = lateness(city, plants);
  const prompt = new Set(plants.flatMap(({ id, closesBeforeNext }) => (closesBeforeNext ? [id] : [])));
  const queue = new Map<number, Report[]>();
  const delaySums = mapSources((source) => cumulative(DELAYS[source]));
  const channelSums = cumulative(CHANNEL_SHARES);
  const officeHours = cumulative(HOURS.office);
  let sequence = 0;
  let unknown = 0;
  const push = (day: number, report: Report): boolean => {
    if (day >= city.endDay) return false;
    const reports = queue.get(day);
    if (reports) reports.push(report);
    else queue.set(day, [report]);
    return true;
  };
  const take = (incidents: readonly Incident[]): void => {
    for (const incident of incidents) {
      const { source } = CATALOGUE[incident.category]!;
      const occurred = { day: incident.day, minute: incident.minute, second: draw.integer(60) };
      const sums = delaySums[source];
      const usual = pickIndex(sums, draw.uniform() * sums[sums.length - 1]!);
      const isPrompt = incident.plant !== null && prompt.has(incident.plant);
      const delay = isPrompt ? 0 : usual + laterDays(incident, draw);
      const reported =
        delay === 0
          ? sameDay(occurred, source, draw)
          : {
              day: waitForWorkday(city, incident.day + delay, source),
              minute: minuteAt(officeHours, draw),
              second: draw.integer(60),
            };
      const dirt = drawDirt(source, draw);
      const bounces = dirt === null && !isPrompt ? drawBounces(incident.category, reported, bounceDraw) : [];
      const handed = bounces.length > 0 ? { ...reported, ...bounces[bounces.length - 1]! } : reported;
      const report: Report = {
        id: reportId(source, reported.day, ++sequence),
        source,
        version: 1,
        incident,
        occurred,
        reported,
        closed: closing(handed, { source, isPrompt }, draw),
        ...geocoded(city, incident, source, draw),
        channel: pickIndex(channelSums, draw.uniform()),
        dirt,
        office: officeOf(incident.category),
        handedDay: reported.day,
        bounces,
        before: null,
      };
      if (!push(reported.day, report)) unknown++;
    }
  };
  const due = (day: number): Report[] => {
    const reports = queue.get(day) ?? [];
    queue.delete(day);
    return reports.sort(
      (a, b) => a.reported.day - b.reported.day || secondOf(a) - secondOf(b) || (a.id < b.id ? -1 : 1),
    );
  };
  return { take, due, again: (report, day) => void push(day, report), unknown: () => unknown };
}

/** Of the reports with a wrong position a quarter (2 % of all) get the right one some days later. */
export function correction(next: Report, draw: Random): { report: Report; daysLater: number } | null {
  const { lng, lat } = next.incident;
  const offKm = Math.hypot((next.lng - lng) * KM_PER_DEG_LNG, (next.lat - lat) * KM_PER_DEG_LAT);
  if (next.version > 2 || offKm < CORRECTED_FROM_KM || draw.uniform() >= CORRECTED_SHARE) return null;
  return { report: { ...next, lng, lat }, daysLater: 1 + draw.integer(20) };
}

function mapSources<T>(of: (source: SourceKey) => T): Record<SourceKey, T> {
  return { hotline: of('hotline'), police: of('police'), dispute: of('dispute') };
}

function secondOf({ reported }: Report): number {
  return reported.minute * 60 + reported.second;
}

function minuteAt(hours: Float64Array, draw: Random): number {
  return pickIndex(hours, draw.uniform() * hours[23]!) * 60 + draw.integer(60);
}

function sameDay(occurred: LocalTime, source: SourceKey, draw: Random): LocalTime {
  const minutes = Math.ceil((source === 'police' ? 6 : 45) * draw.exponential());
  const minute = Math.min(1439, occurred.minute + minutes);
  return { day: occurred.day, minute, second: minute > occurred.minute ? draw.integer(60) : 59 };
}

/** Complaints and cases that are told later come in on working days; the telephone takes those of the day at any time. */
function waitForWorkday(city: City, day: number, source: SourceKey): number {
  if (source === 'police') return day;
  let workday = day;
  while (city.calendar[workday - city.firstDay]?.working === false) workday++;
  return workday;
}

function closing(
  from: LocalTime,
  { source, isPrompt }: { readonly source: SourceKey; readonly isPrompt: boolean },
  draw: Random,
): LocalTime {
  const { median, sd } = CLOSING[source];
  const taken = Math.ceil(1440 * Math.min(400, median * Math.exp(sd * draw.normal())));
  const minutes = from.minute + (isPrompt ? Math.min(CLOSES_WITHIN, taken) : taken);
  return { day: from.day + Math.floor(minutes / 1440), minute: minutes % 1440, second: from.second };
}

/** Extra days of the places that report late. */
function lateness(city: City, plants: readonly Plant[]): (incident: Incident, draw: Random) => number {
  const mean = new Map<string, number>();
  for (const { lateness: late } of plants) {
    for (const community of late?.communities ?? []) mean.set(`${late!.source}/${community}`, late!.meanDays);
  }
  const places = new Set([...mean.keys()].map((key) => Number(key.split('/')[1])));
  return ({ category, place }, draw) => {
    const community = city.places.community[place]!;
    if (!places.has(community)) return 0;
    const days = mean.get(`${CATALOGUE[category]!.source}/${community}`);
    return days === undefined ? 0 : Math.round(days * draw.exponential());
  };
}

function geocoded(city: City, incident: Incident, source: SourceKey, draw: Random): { lng: number; lat: number } {
  const { wrong, streetOnly } = GEOCODING[source];
  const u = draw.uniform();
  if (u < wrong) {
    const spot = offset(incident.lng, incident.lat, {
      metres: 200 + 1300 * draw.uniform(),
      angle: 2 * Math.PI * draw.uniform(),
    });
    if (insideWithMargin(city, spot)) return spot;
  } else if (u < wrong + streetOnly) {
    return streetPoint(city, incident.place);
  }
  return { lng: incident.lng, lat: incident.lat };
}

/** GCJ-02 and rounding move a point by less than a metre: points nearer to the outline than 5 m could end up outside. */
export function insideWithMargin(city: City, { lng, lat }: { lng: number; lat: number }): boolean {
  const dLng = 0.005 / KM_PER_DEG_LNG;
  const dLat = 0.005 / KM_PER_DEG_LAT;
  return city.contains(lng - dLng, lat - dLat) && city.contains(lng + dLng, lat + dLat);
}

/** The one point that stands for a street: its first address. */
function streetPoint(city: City, place: number): { lng: number; lat: number } {
  const { communities } = city.divisions;
  const street = communities[city.places.community[place]!]!.street;
  // Communities of one street stand together, its first one first.
  let c = city.places.community[place]!;
  while (c > 0 && communities[c - 1]!.street === street) c--;
  const first = city.places.first[c]!;
  return { lng: city.places.lng[first]!, lat: city.places.lat[first]! };
}

function reportId(source: SourceKey, day: number, sequence: number): string {
  const date = compactDate(day);
  const number = String(sequence).padStart(8, '0');
  switch (source) {
    case 'hotline':
      return `SZ${date}-${number}`;
    case 'police':
      return `J${date.slice(2)}-${number}`;
    case 'dispute':
      return `TJ${date.slice(0, 4)}-${number}`;
    default:
      return source satisfies never;
  }
}
