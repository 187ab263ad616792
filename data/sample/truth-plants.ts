import type { Owed, TruthPlant } from '../../core/evaluate/truth-score.ts';
import { parseIsoDate } from '../../core/time/local-date.ts';
import type { PlantTruth, Truth } from './truth.ts';

/** Numbers of the snapshot that the truth knows by name. */
export interface TruthNames {
  /** Category id of a code; undefined = the dictionary has no such code. */
  readonly category: (code: string) => number | undefined;
  /** Row of the grid of resolution 8; undefined = outside. */
  readonly cell: (h3: string) => number | undefined;
  /** Cells of a division by its code. */
  readonly divisionCells: (code: string) => readonly number[];
}

/**
 * Planted things as the alerts should see them. A project is owed an alarm only while it has its excess; a shift of a street or an estate that grows
 * from its first day on. What moves the whole city, and footprints where nothing was planted, are owed silence. Bumps are the dirt of the learning years.
 */
export function truthPlants({ plants }: Truth, names: TruthNames): TruthPlant[] {
  return plants.flatMap((plant) => {
    const of = sketchOf(plant, names);
    if (of === null) return [];
    const { codes, cells } = of;
    return [
      {
        id: plant.id,
        kind: of.kind,
        owed: of.owed,
        isEpisode: of.isEpisode,
        firstDay: of.firstDay === null ? 0 : parseIsoDate(of.firstDay),
        endDay: of.endDay === null ? Number.MAX_SAFE_INTEGER : parseIsoDate(of.endDay),
        categories: codes?.flatMap((code) => names.category(code) ?? []) ?? null,
        cells: cells?.flatMap((cell) => (typeof cell === 'number' ? cell : (names.cell(cell) ?? []))) ?? null,
        kappa: of.kappa ?? null,
      },
    ];
  });
}

interface Sketch {
  readonly kind: string;
  readonly owed: Owed;
  readonly isEpisode: boolean;
  readonly firstDay: string | null;
  readonly endDay: string | null;
  readonly codes: readonly string[] | null;
  readonly cells: readonly (string | number)[] | null;
  readonly kappa?: number;
}

const groupOf = (stream: string): string => stream.slice(stream.indexOf('/') + 1);

function sketchOf(plant: PlantTruth, names: TruthNames): Sketch | null {
  const { kind } = plant;
  switch (plant.kind) {
    case 'outbreak':
      return { ...plant, owed: 'alarm', isEpisode: true, codes: [plant.category] };
    case 'placebo': {
      const { kappa: _, ...empty } = plant; // nothing is there
      return { ...empty, owed: 'silence', isEpisode: true, codes: [plant.category] };
    }
    case 'storm':
    case 'festival':
    case 'weather':
      return { ...plant, owed: 'silence', isEpisode: true, codes: null, cells: null };
    case 'level-shift':
      return {
        kind: `${kind} (${plant.level})`,
        owed: 'alarm',
        isEpisode: false,
        firstDay: plant.day,
        endDay: null,
        codes: [groupOf(plant.stream)],
        cells: plant.cells,
      };
    case 'new-estate':
      return { ...plant, owed: 'alarm', isEpisode: false, codes: plant.categories };
    case 'seam':
      return { ...plant, owed: 'alarm', isEpisode: false, codes: [plant.category] };
    case 'recurring':
      return { ...plant, owed: 'alarm', isEpisode: false, codes: [plant.category], cells: [plant.cell] };
    case 'project':
      return {
        kind: plant.worked ? 'project that worked' : 'project without effect',
        owed: 'alarm',
        isEpisode: false,
        firstDay: null,
        endDay: plant.worked ? plant.day : null,
        codes: [plant.category],
        cells: plant.cells,
      };
    case 'under-reporting':
    case 'quiet-place':
      return { ...plant, owed: 'none', isEpisode: false, codes: null, cells: names.divisionCells(plant.community) };
    case 'bump':
    case 'channel-change':
    case 'recoding':
    case 'outage':
    case 'ownerless-class':
      return null;
    default:
      return plant satisfies never;
  }
}
