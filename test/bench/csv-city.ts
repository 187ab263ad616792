import { once } from 'node:events';
import {
  cpSync,
  createReadStream,
  createWriteStream,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { readXlsxRecords } from '../../pipelines/io/readers/xlsx-records.ts';

/**
 * The sample city's three sources as UTF-8 CSV, so that DuckDB can read the very files the pipeline reads: it decodes neither GB18030 nor
 * workbooks offline. Rows reported on the last day go to files of their own (`<feed>-last-day.csv`, in `<root>/day`): the day that
 * is added to three years.
 */
export interface CsvCity {
  readonly input: string;
  readonly day: string;
  readonly profile: string;
  /** Files per feed, with the day's. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

const REPORTED: Readonly<Record<string, string>> = { complaints: '受理时间', police: 'bjsj', disputes: '登记日期' };

export async function csvCity(raw: string, root: string): Promise<CsvCity> {
  const input = join(root, 'csv');
  const day = join(root, 'day');
  const profile = join(root, 'profile');
  if (!existsSync(join(root, 'csv.done'))) {
    for (const folder of [input, day]) mkdirSync(folder, { recursive: true });
    const names = readdirSync(raw).sort();
    const lastDay = JSON.parse(readFileSync(join(raw, 'city.json'), 'utf8')) as { window?: { endDay?: string } };
    for (const name of names) {
      if (name.startsWith('complaints-')) await complaints(join(raw, name), join(input, name));
      else if (name.startsWith('police-'))
        await police(join(raw, name), join(input, name.replace('.ndjson.gz', '.csv')));
      else if (name.startsWith('disputes-'))
        await disputes(join(raw, name), join(input, name.replace('.xlsx', '.csv')));
      else cpSync(join(raw, name), join(input, name));
    }
    void lastDay;
    splitLastDay(input, day);
    writeFileSync(join(root, 'csv.done'), '');
  }
  makeProfile(profile);
  const of = (feed: string): string[] => [
    ...readdirSync(input)
      .filter((name) => name.startsWith(`${feed}-`))
      .map((name) => join(input, name)),
    ...readdirSync(day)
      .filter((name) => name.startsWith(`${feed}-`))
      .map((name) => join(day, name)),
  ];
  return {
    input,
    day,
    profile,
    files: { complaints: of('complaints'), police: of('police'), disputes: of('disputes') },
  };
}

async function complaints(from: string, to: string): Promise<void> {
  const out = createWriteStream(to);
  const decoder = new TextDecoder('gb18030', { fatal: true });
  for await (const chunk of createReadStream(from))
    if (!out.write(decoder.decode(chunk as Uint8Array, { stream: true }))) await once(out, 'drain');
  out.end(decoder.decode());
  await once(out, 'finish');
}

const POLICE = ['jjdbh', 'bb', 'fssj', 'bjsj', 'jasj', 'jqlb', 'lng', 'lat', 'clzt', 'bjdh', 'bjnr'];
async function police(from: string, to: string): Promise<void> {
  const out = createWriteStream(to);
  out.write(`${POLICE.join(',')}\r\n`);
  for await (const line of createInterface({ input: createReadStream(from).pipe(createGunzip()) })) {
    if (line.trim() === '') continue;
    const row = JSON.parse(line) as Record<string, unknown>;
    if (!out.write(`${POLICE.map((name) => field(String(row[name] ?? ''))).join(',')}\r\n`)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
}

async function disputes(from: string, to: string): Promise<void> {
  const out = createWriteStream(to);
  const reader = await readXlsxRecords(from, { type: 'xlsx', sheet: '矛盾纠纷台账', headerRow: 1, headerRows: 1 });
  const width = reader.columns.length;
  out.write(`${reader.columns.map(field).join(',')}\r\n`);
  for await (const block of reader.blocks) {
    const text = (i: number): string =>
      Buffer.from(
        block.bytes.buffer,
        block.bytes.byteOffset + (block.start[i] as number),
        (block.end[i] as number) - (block.start[i] as number),
      ).toString();
    for (let r = 0; r < block.count; r++) {
      if (block.cells[r] !== width) continue;
      const cells = Array.from({ length: width }, (_, c) => field(text(r * width + c)));
      if (!out.write(`${cells.join(',')}\r\n`)) await once(out, 'drain');
    }
  }
  await reader.close();
  out.end();
  await once(out, 'finish');
}

const field = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** Moves the records reported on each feed's newest day out of its last file, into `<feed>-<name>.csv`. */
export function splitLastDay(input: string, day: string, name = 'last-day'): void {
  for (const [feed, column] of Object.entries(REPORTED)) {
    const names = readdirSync(input)
      .filter((file) => file.startsWith(`${feed}-`))
      .sort();
    const last = names.at(-1) as string;
    const [header, ...lines] = records(readFileSync(join(input, last), 'utf8'));
    const at = (header as string).split(',').indexOf(column);
    const dayOf = (line: string): string =>
      ((line.split(',')[at] ?? '').split(/[ T.]/)[0] as string).replaceAll('/', '-').replace(/\b\d\b/g, '0$&');
    const newest = lines
      .map(dayOf)
      .filter((text) => /^(\d{4}-\d{2}-\d{2}|\d{5})$/.test(text))
      .sort()
      .at(-1);
    const moved = lines.filter((line) => dayOf(line) === newest);
    const kept = lines.filter((line) => dayOf(line) !== newest);
    writeFileSync(join(input, last), [header, ...kept].join('\r\n'));
    writeFileSync(join(day, `${feed}-${name}.csv`), [header, ...moved, ''].join('\r\n'));
  }
}

/** Records of a CSV text; a line end inside quotes belongs to its record. */
function records(text: string): string[] {
  const found: string[] = [];
  let record = '';
  for (const line of text.split('\r\n')) {
    record = record === '' ? line : `${record}\r\n${line}`;
    if (((record.match(/"/g)?.length ?? 0) & 1) === 1) continue; // no quote at all is an even number
    if (record !== '') found.push(record);
    record = '';
  }
  return found;
}

/** The sample profile with every feed as UTF-8 CSV. */
function makeProfile(folder: string): void {
  cpSync(new URL('../../data/profiles/suzhou', import.meta.url), folder, { recursive: true });
  const path = join(folder, 'profile.json');
  const profile = JSON.parse(readFileSync(path, 'utf8')) as { feeds: { files: string; format: unknown }[] };
  for (const feed of profile.feeds) {
    feed.files = feed.files.replace(/\.(ndjson\.gz|xlsx)$/, '.csv');
    feed.format = { type: 'csv', delimiter: ',', encoding: 'utf-8' };
  }
  writeFileSync(path, JSON.stringify(profile, null, 2));
}

/** Every k-th record of a larger CSV city: the same places and days, fewer incidents. */
export function thinCity(from: string, root: string, every: number): void {
  for (const folder of ['csv', 'day']) {
    mkdirSync(join(root, folder), { recursive: true });
    for (const name of readdirSync(join(from, folder)))
      if (name.endsWith('.csv')) thinFile(join(from, folder, name), join(root, folder, name), every);
      else cpSync(join(from, folder, name), join(root, folder, name));
  }
  writeFileSync(join(root, 'csv.done'), '');
}

function thinFile(from: string, to: string, every: number): void {
  const [header, ...rest] = records(readFileSync(from, 'utf8'));
  const kept = [header as string, ...rest.filter((_, i) => i % every === 0)];
  writeFileSync(to, `${kept.join('\r\n')}\r\n`);
}
