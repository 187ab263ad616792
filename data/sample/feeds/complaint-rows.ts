import { toGcj02 } from '../../../core/geo/gcj02.ts';
import { parseIsoDate } from '../../../core/time/local-date.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import type { City } from '../city.ts';
import { elsewhere } from '../dirt.ts';
import { round6 } from '../geography/projection.ts';
import { dashed, type LocalTime, slashed } from '../process/civil.ts';
import type { Random } from '../random.ts';
import { OFFICES } from './bounce.ts';
import { houseAddress, idNumber, mobileNumber, personName } from './persons.ts';
import { CHANNELS, type Report } from './report.ts';

/** Column names of the hotline export. */
export const COMPLAINT_HEADER = [
  ...['工单编号', '版本', '受理时间', '发生时间', '办结时间', '诉求类别一级', '诉求类别二级', '诉求类别三级'],
  ...['经度', '纬度', '办理状态', '来电渠道', '承办单位', '诉求人', '联系电话', '地址', '诉求内容'],
] as const;

/** The export was written by another program before this day. */
const NEW_DATE_FORMAT_FROM = parseIsoDate('2024-07-01');
const ID_NUMBER_SHARE = 0.01;
const QUOTE_SHARE = 0.02;
const LINE_BREAK_SHARE = 0.005;
/** Characters outside GBK: two of four bytes in GB18030, the last beyond the basic plane. */
const RARE = ['䶮', '㙟', '𠮷'];

export interface ComplaintRow {
  readonly text: string;
  readonly hasIdNumber: boolean;
}

/** One CSV record with CRLF. `open` = not closed when the file was written. */
export function complaintRow(
  city: City,
  report: Report,
  how: { open: boolean; gcj02: boolean },
  draw: Random,
): ComplaintRow {
  const category = CATALOGUE[report.incident.category]!;
  const community = city.divisions.communities[city.places.community[report.incident.place]!]!;
  const street = city.divisions.streets[community.street]!;
  const clock = report.reported.day >= NEW_DATE_FORMAT_FROM ? dashed : slashed;
  const address = houseAddress(street.name, community.name, draw);
  const phone = mobileNumber(draw);
  const person = personName(draw);
  const content = freeText(
    { what: report.incident.theme ?? category.text, community: community.name, phone, person },
    draw,
  );
  const fields = [
    report.dirt === 'id-missing' ? '' : report.id,
    String(report.version),
    clock(report.reported),
    occurredText(report, clock, draw),
    how.open ? '' : clock(report.dirt === 'closed-before-occurred' ? earlier(report.occurred) : report.closed),
    ...categoryWords(report, draw),
    ...coordinates(report, how.gcj02, draw),
    status(report, how.open),
    CHANNELS[report.channel]!,
    `${street.name}${OFFICES[report.office]!}`,
    person,
    phone,
    address,
    content.text,
  ];
  return { text: `${shaped(fields.map(quoted), report, draw).join(',')}\r\n`, hasIdNumber: content.hasIdNumber };
}

/** A lost tail, or an unquoted comma too many. */
function shaped(fields: string[], report: Report, draw: Random): string[] {
  if (report.dirt !== 'wrong-column-count') return fields;
  return draw.uniform() < 0.5 ? fields.slice(0, 9) : [...fields, '补充', ''];
}

function occurredText(report: Report, clock: (time: LocalTime) => string, draw: Random): string {
  if (report.dirt === 'date-missing') return '';
  if (report.dirt === 'date-unreadable')
    return draw.pick(['不详', '2025-13-45 25:61:00', '昨天晚上', '0000-00-00 00:00:00']);
  return clock(report.occurred);
}

function earlier({ day, minute, second }: LocalTime): LocalTime {
  return { day: day - 3, minute, second };
}

function categoryWords(report: Report, draw: Random): string[] {
  if (report.dirt === 'category-blank') return ['', '', ''];
  if (report.dirt === 'category-unknown') return ['专项工作', '临时专班', draw.pick(['待分类', '批量导入'])];
  const category = CATALOGUE[report.incident.category]!;
  const renamed = category.renamed && report.reported.day >= parseIsoDate(category.renamed.from);
  return (renamed ? category.renamed!.key : category.key).split('/');
}

function coordinates(report: Report, gcj02: boolean, draw: Random): [string, string] {
  const { lng, lat } = gcj02 ? toGcj02(report) : report;
  switch (report.dirt) {
    case 'coordinate-missing':
      return ['', ''];
    case 'coordinate-unreadable':
      return [`${lng.toFixed(2)}度`, '北纬31度'];
    case 'coordinate-zero':
      return ['0', '0'];
    case 'coordinate-swapped':
      return [String(round6(lat)), String(round6(lng))];
    case 'coordinate-outside': {
      const other = elsewhere(draw);
      return [String(round6(other.lng)), String(round6(other.lat))];
    }
    default:
      return [String(round6(lng)), String(round6(lat))];
  }
}

function status(report: Report, open: boolean): string {
  if (report.dirt === 'deleted') return '已作废';
  if (report.dirt === 'duplicate-marked') return '重复件';
  return open ? '办理中' : report.version % 3 === 0 ? '已回访' : '已办结';
}

function freeText(
  about: { what: string; community: string; phone: string; person: string },
  draw: Random,
): { text: string; hasIdNumber: boolean } {
  const hasIdNumber = draw.uniform() < ID_NUMBER_SHARE;
  const parts = [
    `${about.person}来电反映${about.community}附近${about.what}`,
    draw.pick(['，已持续多日', '，希望尽快处理', '，多次反映未解决', '']),
    draw.uniform() < QUOTE_SHARE ? `，回复称"正在处理",但没有进展` : '',
    draw.uniform() < LINE_BREAK_SHARE ? `\r\n补充：现场照片已上传（${draw.pick(RARE)}）` : '',
    `。联系电话${about.phone}`,
    hasIdNumber ? `，身份证号${idNumber(draw)}` : '',
    '。',
  ];
  return { text: parts.join(''), hasIdNumber };
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}
