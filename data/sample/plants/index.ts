import type { City } from '../city.ts';
import { random } from '../random.ts';
import { bumps } from './bump.ts';
import { festivals, weather } from './calendar-control.ts';
import { channelChange } from './channel-change.ts';
import { levelShifts } from './level-shift.ts';
import { newEstates } from './new-estate.ts';
import { outages } from './outage.ts';
import { outbreaks } from './outbreak.ts';
import { ownerless } from './ownerless.ts';
import { placebos } from './placebo.ts';
import type { Plant, PlantKind } from './plant.ts';
import { projects } from './project.ts';
import { quietPlaces } from './quiet-place.ts';
import { recodings } from './recoding.ts';
import { recurring } from './recurring.ts';
import { seams } from './seam.ts';
import { storms } from './storm.ts';
import { underReporting } from './under-reporting.ts';

/** In order: channel change and storms move the expectation that the others are sized by; outbreaks keep out of what was planted before. */
const KINDS: readonly PlantKind[] = [
  channelChange,
  storms,
  weather,
  festivals,
  recodings,
  outages,
  ownerless,
  underReporting,
  quietPlaces,
  seams,
  recurring,
  projects,
  newEstates,
  levelShifts,
  outbreaks,
  placebos,
  bumps,
];

export function planPlants(city: City): Plant[] {
  const plants: Plant[] = [];
  for (const kind of KINDS) plants.push(...kind.plan(city, random(city.options.seed, 'plant', kind.kind), plants));
  return plants;
}
