import { type About, download, fileName } from '../../../export/about.ts';
import { useAbout } from '../../../export/use-about.ts';
import type { ShownResult } from './console-store.ts';
import { useSaySql } from './use-say-sql.ts';

const TYPES = { csv: 'text/csv;charset=utf-8', parquet: 'application/vnd.apache.parquet' } as const;

/** Downloads the result with what it is: the query itself stands in place of the filters, which it does not obey. */
export function useHandOut(result: ShownResult) {
  const say = useSaySql();
  const about = useAbout();
  return async (
    ending: keyof typeof TYPES,
    make: (about: About) => string | Uint8Array | Promise<string | Uint8Array>,
  ): Promise<void> => {
    const said = about({ title: say('result.title'), filtered: false });
    const lines = [
      ...said.lines,
      { key: 'sql', name: 'SQL', text: result.sql.replace(/\s*\n\s*/g, ' ') },
      ...(result.capped
        ? [{ key: 'capped', name: say('result.title'), text: say('result.capped', { n: result.sheet.rows.length }) }]
        : []),
    ];
    const content = await make({ ...said, lines });
    download(
      fileName({ title: said.title, snapshot: said.snapshot, ending }),
      new Blob([content as BlobPart], { type: TYPES[ending] }),
    );
  };
}
