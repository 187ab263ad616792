import { writeFile } from 'node:fs/promises';
import { type Draft, draftFeed } from '../draft/draft-feed.ts';
import { type Finding, findingLines } from '../draft/finding.ts';
import { readSample } from '../draft/read-sample.ts';
import { InputError } from '../errors.ts';

export interface ProfileDraft extends Draft {
  readonly file: string;
  /** Records that were looked at; `whole` = the file has no more. */
  readonly sample: { readonly records: number; readonly whole: boolean };
}

/**
 * Looks at one file once and drafts its contract: a feed of a profile, with findings for a person to check. Production never sniffs: it
 * reads what the checked contract declares. No value of a column about persons, and no coordinate, is in the result.
 *
 * @param out file for the draft; none = the caller prints it
 * @throws InputError when the file can be read in no way
 */
export async function runProfileDraft(options: {
  readonly file: string;
  readonly out?: string | undefined;
}): Promise<{ draft: ProfileDraft; lines: string[] }> {
  const { findings, whole, ...input } = await readSample(options.file);
  if (input.rows.length === 0) throw new InputError(options.file, ['has column names, but no record to look at']);
  const { findings: more, ...rest } = draftFeed(input);
  const all: Finding[] = [...findings, ...more];
  const draft = { file: input.fileName, sample: { records: input.rows.length, whole }, ...rest, findings: all };
  if (options.out !== undefined)
    await writeFile(options.out, `${JSON.stringify(draft, null, 2)}\n`, { flag: 'wx' }).catch(refused(options.out));
  const lines = [
    `${input.fileName}: 看了 ${input.rows.length} 条记录${whole ? '（全部）' : ''} · looked at ${input.rows.length} records${whole ? ' (all)' : ''}`,
    ...findingLines(all),
    ...(draft.problems.length > 0
      ? [`草稿还不完整 · the draft is not complete yet: ${draft.problems.join('; ')}`]
      : [
          '草稿符合格式，请逐条核对后放入 profile.json 的 feeds · the draft fits the schema; check it, then put it into feeds of profile.json',
        ]),
  ];
  return { draft, lines };
}

const refused =
  (out: string) =>
  (cause: unknown): never => {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new InputError(
      out,
      [exists ? 'the file exists: it is not overwritten' : `cannot be written: ${(cause as Error).message}`],
      { cause },
    );
  };
