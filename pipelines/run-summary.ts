import type { FileEntry, Manifest } from '../core/contract/manifest.ts';

export interface Made {
  readonly parts: number;
  readonly units: number;
  readonly periods: number;
}

export interface RunSummary {
  readonly snapshot: string;
  readonly unchanged: boolean;
  readonly read: number;
  readonly accepted: number;
  readonly rejected: number;
  readonly rejectedByReason: Readonly<Record<string, number>>;
  readonly located: number;
  readonly divisionOnly: number;
  readonly unlocated: number;
  readonly unmapped: number;
  readonly cells: number;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
  /** What this run made anew: parts (input files read), units (source × month), periods (artifacts of a calendar period). */
  readonly made: Made;
  /** Seconds by stage of this run. */
  readonly stages: Readonly<Record<string, number>>;
  readonly peakRssBytes: number;
  readonly warnings: readonly string[];
}

/** Seconds spent in each stage of the run; told on the command line, kept in no artifact. */
export function stageClock(): { lap: (stage: string) => void; readonly stages: Record<string, number> } {
  const stages: Record<string, number> = {};
  let last = performance.now();
  return {
    lap: (stage) => {
      const now = performance.now();
      stages[stage] = Math.round(now - last) / 1000;
      last = now;
    },
    stages,
  };
}

/** What the command line tells of a run. `started` = `performance.now()` at its beginning. */
export function summarise(
  manifest: Manifest,
  run: {
    readonly unchanged: boolean;
    readonly started: number;
    readonly warnings: readonly string[];
    readonly made: Made;
    readonly stages: Record<string, number>;
  },
): RunSummary {
  const rejectedByReason: Record<string, number> = {};
  for (const source of manifest.dictionaries.sources) {
    for (const [reason, rows] of Object.entries(source.rejected))
      rejectedByReason[reason] = (rejectedByReason[reason] ?? 0) + rows; // a sum starts at nothing
  }
  const { totals } = manifest;
  return {
    snapshot: manifest.snapshot,
    unchanged: run.unchanged,
    read: totals.read,
    accepted: totals.accepted,
    rejected: totals.rejected,
    rejectedByReason,
    located: totals.located,
    divisionOnly: totals.divisionOnly,
    unlocated: totals.unlocated,
    unmapped: totals.unmapped,
    cells: manifest.grid.cells[String(manifest.grid.finest)] as number,
    files: manifest.files.length,
    bytes: manifest.files.reduce((sum: number, file: FileEntry) => sum + file.bytes, 0),
    seconds: Math.round((performance.now() - run.started) / 10) / 100,
    made: run.made,
    stages: run.stages,
    peakRssBytes: process.resourceUsage().maxRSS * 1024,
    warnings: run.warnings,
  };
}
