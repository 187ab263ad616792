import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { generateCity } from '../../data/sample/generate.ts';
import { DEFAULTS } from '../../data/sample/options.ts';
import type { FileTally } from '../../data/sample/truth.ts';
import { type RunSummary, runPipeline } from '../../pipelines/run.ts';
import { type Published, readPublished } from './real/published.ts';

/** Long enough (six months or more) for the missing police month and the month in a mixed datum to be planted. */
const CITY = { incidents: 40_000, weeks: 36, seed: 7, lastDay: DEFAULTS.lastDay };
const MAKE_AND_RUN_MS = 600_000;

type Planted = FileTally & { readonly accepted: number };
const filled = (counts: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).filter(([, n]) => n > 0));
/** Faults of a place that a row outlives by the division it names itself: all but a point in another city. */
const OUTLIVED = ['coordinate-missing', 'coordinate-unreadable', 'coordinate-zero', 'coordinate-swapped'];

describe('the sample city against what was planted in it', () => {
  const root = mkdtempSync(join(tmpdir(), 'hexsight-planted-'));
  let planted: readonly Planted[];
  let published: Published;
  let summary: RunSummary;
  beforeAll(async () => {
    const input = join(root, 'raw');
    await generateCity({ ...CITY, out: input });
    planted = (JSON.parse(readFileSync(join(`${input}-truth`, 'truth.json'), 'utf8')) as { files: Planted[] }).files;
    const out = join(root, 'out');
    summary = await runPipeline({ profile: 'suzhou', input, out, quiet: true });
    published = readPublished(out);
  }, MAKE_AND_RUN_MS);
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  const fileOf = (name: string) => published.quality.files.find((file) => file.name === name)!;
  const isDistrusted = (file: Planted): boolean => file.datumMistakes > 0;

  it('every file is read, and nothing else', () => {
    expect(published.quality.files.map(({ name }) => name).sort()).toEqual(planted.map(({ file }) => file).sort());
    expect(planted.filter(isDistrusted)).toHaveLength(1);
  });

  // The register of disputes has no version and its files no day: of two states of a case the truth lets the later file stand, the
  // pipeline the later state by its content, so that no order of files matters (steps/settle.ts). Two open states that differ in their
  // place alone may so fall the other way: the file in which the loser stands differs, their number over all files does not.
  const ofDisputes = (counts: readonly Readonly<Record<string, number>>[], reason: string): number =>
    counts.reduce((sum, one) => sum + (one[reason] ?? 0), 0); // none of that reason

  it('rows of disputes read, accepted and rejected: no mismatch over all files, and in each but for which state stands', () => {
    const files = planted.filter(({ source }) => source === 'dispute');
    const found = files.map(({ file }) => fileOf(file));
    for (const reason of ['superseded', 'duplicate-id', 'date-missing'])
      expect(
        ofDisputes(
          found.map(({ rejected }) => rejected),
          reason,
        ),
        reason,
      ).toBe(
        ofDisputes(
          files.map(({ rejected }) => rejected),
          reason,
        ),
      );
    files.forEach((file, i) => {
      const { read, accepted, rejected } = found[i]!;
      const { superseded = 0, ...others } = filled(rejected); // none lost to another state
      const { superseded: lost = 0, ...expected } = filled(file.rejected); // idem
      expect({ read, either: accepted + superseded, others }, file.file).toEqual({
        read: file.rows,
        either: file.accepted + lost,
        others: expected,
      });
    });
  });

  it('rows of the other sources read, accepted and rejected, per file and reason: no mismatch', () => {
    for (const file of planted.filter(({ source }) => source !== 'dispute')) {
      const { read, accepted, rejected } = fileOf(file.file);
      expect({ read, accepted, rejected: filled(rejected) }, file.file).toEqual({
        read: file.rows,
        accepted: file.accepted,
        rejected: filled(file.rejected),
      });
    }
  });

  it('warnings and unknown categories per file: no mismatch', () => {
    for (const file of planted) {
      expect(filled(fileOf(file.file).warnings), file.file).toEqual(
        filled({ ...file.warnings, 'unmapped-category': file.unmapped }),
      );
    }
  });

  // The truth knows no own divisions: it calls every row without a usable coordinate unlocated. The hotline names the street that
  // handles a ticket, so such a row is known by its street, and so is every row of the file whose datum is not believed.
  it('unlocated rows per file and reason: no mismatch but those that name their street', () => {
    for (const file of planted) {
      const expected =
        file.source !== 'hotline'
          ? file.unlocated
          : isDistrusted(file)
            ? {}
            : { 'coordinate-outside': file.unlocated['coordinate-outside'] ?? 0 }; // none planted
      expect(filled(fileOf(file.file).unlocated), file.file).toEqual(filled(expected));
    }
  });

  it('rows known by their street alone are those planted without a usable coordinate, and the whole distrusted file', () => {
    const expected = planted
      .filter((file) => file.source === 'hotline')
      .map(
        (file) =>
          isDistrusted(file) ? file.accepted : OUTLIVED.reduce((sum, reason) => sum + (file.unlocated[reason] ?? 0), 0), // none planted
      )
      .reduce((sum, n) => sum + n, 0);
    expect(summary.divisionOnly).toBe(expected);
    expect(published.facts.filter((fact) => fact.cellId === null && fact.division !== null)).toHaveLength(expected);
  });

  it('the file in a mixed datum is named, in the warnings and in quality.json, and no other', () => {
    const mixed = planted.filter(isDistrusted).map(({ file }) => file);
    expect(published.quality.files.filter(({ datum }) => datum.length > 0).map(({ name }) => name)).toEqual(mixed);
    const named = summary.warnings.filter((warning) => /gcj02|bd09|wgs84/.test(warning));
    expect(named).toHaveLength(1);
    expect(named[0]).toMatch(new RegExp(`^${mixed[0]}: \\d+ % .* gcj02`));
  });

  it('no point of the sample is a default point', () => {
    expect(published.quality.pileUps.flatMap(({ defaultPoints }) => defaultPoints)).toEqual([]);
  });
});
