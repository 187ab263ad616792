import type { CategoryEntry } from '../../core/contract/manifest.ts';
import { personLike } from '../../core/privacy/detectors.ts';
import type { RecordBlock } from '../io/readers/records.ts';
import type { CellText } from './cell-text.ts';

const KNOWN_CATEGORIES = 250_000;

export interface Classified {
  readonly entry: CategoryEntry | null;
  readonly refused: string | null;
  readonly code: string;
}

/** Category of a record by the words or codes of its columns. Few distinct ones: each is looked up once. */
export function classifier(
  context: { readonly categories: readonly CategoryEntry[]; readonly mapping: Readonly<Record<string, string>> },
  cells: readonly number[],
  texts: () => CellText,
): (block: RecordBlock, base: number) => Classified {
  const byCode = new Map(context.categories.map((entry) => [entry.code, entry]));
  const exact = new Map<string, CategoryEntry>();
  const prefixes: { prefix: string; entry: CategoryEntry }[] = [];
  for (const [code, target] of Object.entries(context.mapping)) {
    const entry = byCode.get(target) as CategoryEntry;
    if (code.endsWith('/*')) prefixes.push({ prefix: code.slice(0, -1), entry });
    else exact.set(code, entry);
  }
  prefixes.sort((a, b) => b.prefix.length - a.prefix.length);
  const classify = (code: string): Classified => {
    const entry = exact.get(code) ?? prefixes.find((candidate) => code.startsWith(candidate.prefix))?.entry ?? null;
    return { entry, refused: entry ? null : personLike(code), code };
  };
  const columns = cells.map(texts);
  const known = new Map<number, Classified>();
  return (block, base) => {
    let key = 0;
    for (let c = 0; c < cells.length; c++) {
      const i = base + (cells[c] as number);
      const id = (columns[c] as CellText).idOf(block.bytes, block.start[i] as number, block.end[i] as number);
      // Numbers are below 2¹³; beyond four columns or with too many words the text itself decides.
      if (id < 0 || c > 3) {
        key = -1;
        break;
      }
      key = key * 8192 + id;
    }
    const remembered = key < 0 ? undefined : known.get(key);
    if (remembered) return remembered;
    const code = cells
      .map((cell, c) => {
        const i = base + cell;
        return (columns[c] as CellText).read(block.bytes, block.start[i] as number, block.end[i] as number);
      })
      .join('/');
    const result = classify(code);
    if (key >= 0 && known.size < KNOWN_CATEGORIES) known.set(key, result);
    return result;
  };
}
