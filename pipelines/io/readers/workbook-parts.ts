import { posix } from 'node:path';
import { InputError } from '../../errors.ts';
import { readXml } from './workbook-xml.ts';
import type { WorkbookZip } from './workbook-zip.ts';

/** Where the parts of a workbook lie, and what its cells need to be read. */
export interface WorkbookParts {
  /** Work sheets in the order of the tabs, hidden ones too; charts are none. */
  readonly sheets: readonly { readonly name: string; readonly part: string }[];
  readonly sharedStrings: string | null;
  readonly styles: string | null;
  /** Serial day numbers count from 1904-01-01 in place of 1899-12-30. */
  readonly date1904: boolean;
}

interface Relation {
  readonly id: string;
  /** Last segment of the type, which transitional and strict workbooks share: `worksheet`, `sharedStrings`. */
  readonly type: string;
  readonly part: string;
}

/** Follows the relationships from the package's root; targets may be absolute or relative. @throws InputError */
export async function workbookParts(path: string, zip: WorkbookZip): Promise<WorkbookParts> {
  const root = await relations(path, zip, '');
  const workbook = root.find(({ type }) => type === 'officeDocument')?.part ?? zip.find('xl/workbook.xml');
  if (!workbook) throw new InputError(path, [notAWorkbook(zip)]);
  if (workbook.toLowerCase().endsWith('.bin'))
    throw new InputError(path, ['is a binary workbook (.xlsb): save it as .xlsx']);
  const known = await relations(path, zip, workbook);
  const named: { name: string; id: string }[] = [];
  let date1904 = false;
  await readXml(path, workbook, zip.read(workbook, 'part'), {
    open: (name, attributes) => {
      if (name === 'workbookPr') date1904 = isTrue(attributes.date1904);
      else if (name === 'sheet') named.push({ name: attributes.name ?? '', id: relationId(attributes) });
    },
  });
  const byId = new Map(known.map((relation) => [relation.id, relation]));
  const missing: string[] = [];
  const sheets = named.flatMap(({ name, id }) => {
    const relation = byId.get(id);
    if (!relation) missing.push(`sheet "${name}" has no part`);
    return relation?.type === 'worksheet' ? [{ name, part: relation.part }] : [];
  });
  if (sheets.length === 0)
    throw new InputError(path, missing.length > 0 ? missing : ['the workbook has no work sheet']);
  const single = (type: string): string | null => known.find((relation) => relation.type === type)?.part ?? null;
  return { sheets, sharedStrings: single('sharedStrings'), styles: single('styles'), date1904 };
}

/** @param of the part they belong to; '' = the package */
async function relations(path: string, zip: WorkbookZip, of: string): Promise<Relation[]> {
  const folder = posix.dirname(of);
  const part = zip.find(posix.join(folder, '_rels', `${posix.basename(of)}.rels`));
  if (!part) return [];
  const found: Relation[] = [];
  await readXml(path, part, zip.read(part, 'part'), {
    open: (name, attributes) => {
      if (name !== 'Relationship' || attributes.TargetMode === 'External') return;
      const target = decoded(attributes.Target ?? '');
      const resolved = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      found.push({
        id: attributes.Id ?? '',
        type: posix.basename(attributes.Type ?? ''),
        part: zip.find(resolved) ?? resolved,
      });
    },
  });
  return found;
}

function notAWorkbook(zip: WorkbookZip): string {
  if (zip.find('content.xml')) return 'is an OpenDocument file (.ods): save it as .xlsx';
  if (zip.find('word/document.xml')) return 'is a Word document, not a workbook';
  return 'is a zip archive, but not a workbook: it has no xl/workbook.xml';
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

/** `r:id`, whatever the prefix of the relationships' name space is. */
function relationId(attributes: Readonly<Record<string, string>>): string {
  for (const name in attributes) if (name.endsWith(':id')) return attributes[name] as string;
  return '';
}

const isTrue = (value: string | undefined): boolean => value === '1' || value === 'true';

/** A sheet of a million rows with eight texts of their own each. */
const MAX_STRINGS = 8_000_000;

/** Shared strings: rich text runs joined, phonetic guides left out. @throws InputError */
export async function sharedStrings(path: string, zip: WorkbookZip, part: string | null): Promise<string[]> {
  const strings: string[] = [];
  if (part === null) return strings;
  let current = '';
  let inText = false;
  let phonetic = 0;
  await readXml(path, part, zip.read(part, 'part'), {
    open: (name, _, depth) => {
      if (name === 'si' && depth === 2) current = '';
      else if (name === 'rPh') phonetic++;
      else if (name === 't') inText = phonetic === 0;
    },
    close: (name, depth) => {
      if (name === 'si' && depth === 2) {
        if (strings.length === MAX_STRINGS) throw new Error(`more than ${MAX_STRINGS} strings`);
        strings.push(unescaped(current));
      } else if (name === 'rPh') phonetic--;
      else if (name === 't') inText = false;
    },
    text: (text) => {
      if (inText) current += text;
    },
  });
  return strings;
}

const ESCAPE = /_x(D[89AB][\dA-F]{2})__x(D[C-F][\dA-F]{2})_|_x(?!D[89A-F])([\dA-F]{4})_/gi;

/** `_x000D_` stands for the character; half a surrogate pair stays as it is written. */
export function unescaped(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(ESCAPE, (_, high?: string, low?: string, single?: string) =>
    single === undefined
      ? String.fromCharCode(Number.parseInt(high as string, 16), Number.parseInt(low as string, 16))
      : String.fromCharCode(Number.parseInt(single, 16)),
  );
}

/** Whether a number of each cell style (`s`) is shown as a date or time of day. @throws InputError */
export async function dateStyles(path: string, zip: WorkbookZip, part: string | null): Promise<boolean[]> {
  const styles: boolean[] = [];
  if (part === null || !zip.find(part)) return styles;
  const custom = new Map<string, boolean>();
  const formats: string[] = [];
  let inCellStyles = false;
  await readXml(path, part, zip.read(part, 'part'), {
    open: (name, attributes) => {
      if (name === 'numFmt') custom.set(attributes.numFmtId ?? '', isDateFormat(attributes.formatCode ?? ''));
      else if (name === 'cellXfs') inCellStyles = true;
      else if (name === 'xf' && inCellStyles) formats.push(attributes.numFmtId ?? '0');
    },
    close: (name) => {
      if (name === 'cellXfs') inCellStyles = false;
    },
  });
  for (const id of formats) styles.push(custom.get(id) ?? isBuiltInDate(Number(id)));
  return styles;
}

/** Built-in formats 14–22 and 45–47; 27–36 and 50–58 are dates in the East Asian versions. */
const isBuiltInDate = (id: number): boolean =>
  (id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) || (id >= 50 && id <= 58);

/** A format code with a day, month, year, hour or second outside quotes, brackets and escapes. */
export function isDateFormat(code: string): boolean {
  const [positive] = code.replace(/"[^"]*"|\\.|_.|\*./g, '').split(';');
  return /[dmyhs]/i.test(
    (positive as string).replace(/\[[^\]]*\]/g, (bracket) => (/^\[(h+|m+|s+)\]$/i.test(bracket) ? 'h' : '')),
  );
}
