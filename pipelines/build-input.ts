import type { Manifest } from '../core/contract/manifest.ts';
import type { GazetteerFile } from './config/load-gazetteer.ts';
import type { LoadedProfile } from './config/load-profile.ts';
import type { Progress } from './progress.ts';
import type { CarriedBasemap } from './publish/basemap.ts';
import type { loadDivisions } from './steps/divisions.ts';
import type { InputFile } from './steps/inputs.ts';

/** What a build of one snapshot works on. */
export interface BuildInput {
  readonly loaded: LoadedProfile;
  readonly inputs: readonly InputFile[];
  readonly set: ReturnType<typeof loadDivisions>;
  readonly water: Uint8Array | null;
  readonly facilities: Uint8Array | null;
  readonly places: GazetteerFile | null;
  readonly basemap: CarriedBasemap | null;
  readonly from: Manifest['from'];
  readonly snapshot: string;
  readonly folders: { readonly out: string; readonly store: string };
  readonly progress: Progress;
  readonly signal: AbortSignal | undefined;
  readonly now: () => number;
}
