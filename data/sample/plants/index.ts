import type { City } from '../city.ts';
import { random } from '../random.ts';
import { bumps } from './bump.ts';
import { channelChange } from './channel-change.ts';
import { outbreaks } from './outbreak.ts';
import { placebos } from './placebo.ts';
import type { Plant, PlantKind } from './plant.ts';
import { projects } from './project.ts';
import { recurring } from './recurring.ts';
import { seams } from './seam.ts';
import { underReporting } from './under-reporting.ts';

/** In order: the channel change moves the expectation that the others are sized by. */
const KINDS: readonly PlantKind[] = [
  channelChange,
  underReporting,
  seams,
  recurring,
  projects,
  outbreaks,
  placebos,
  bumps,
];

export function planPlants(city: City): Plant[] {
  const plants: Plant[] = [];
  for (const kind of KINDS) plants.push(...kind.plan(city, random(city.options.seed, 'plant', kind.kind), plants));
  return plants;
}
