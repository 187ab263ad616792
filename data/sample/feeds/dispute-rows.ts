import { CATALOGUE } from '../catalogue/index.ts';
import { elsewhere } from '../dirt.ts';
import { round6 } from '../geography/projection.ts';
import type { SheetCell } from '../io/xlsx.ts';
import { excelSerial } from '../process/civil.ts';
import type { Random } from '../random.ts';
import { idNumber, personName } from './persons.ts';
import type { Report } from './report.ts';

/** Header row of the quarterly workbook of the mediation committees. */
export const DISPUTE_HEADER = [
  ...['纠纷编号', '发生日期', '登记日期', '结案日期', '纠纷大类', '纠纷类型', '经度', '纬度', '调处阶段'],
  ...['当事人', '证件号码', '案情简介'],
] as const;
export const DISPUTE_SHEET = '矛盾纠纷台账';

export function disputeRow(report: Report, how: { open: boolean }, draw: Random): SheetCell[] {
  const category = CATALOGUE[report.incident.category]!;
  const [large, type] = categoryWords(report, category.key);
  const { lng, lat } = position(report, draw);
  const party = personName(draw);
  return [
    { kind: 'text', text: report.id },
    report.dirt === 'date-missing' ? null : { kind: 'date', serial: excelSerial(report.occurred) },
    { kind: 'date', serial: excelSerial(report.reported) },
    how.open ? null : { kind: 'date', serial: excelSerial(report.closed) },
    large ? { kind: 'word', text: large } : null,
    type ? { kind: 'word', text: type } : null,
    lng === null ? null : { kind: 'number', text: String(lng) },
    lat === null ? null : { kind: 'number', text: String(lat) },
    { kind: 'word', text: how.open ? '调处中' : '已结案' },
    { kind: 'text', text: `${party}、${personName(draw)}` },
    { kind: 'text', text: idNumber(draw) },
    { kind: 'text', text: `${party}反映${report.incident.theme ?? category.text}` },
  ];
}

function categoryWords(report: Report, key: string): string[] {
  if (report.dirt === 'category-blank') return ['', ''];
  if (report.dirt === 'category-unknown') return ['其他', '待核实'];
  return key.split('/');
}

function position(report: Report, draw: Random): { lng: number | null; lat: number | null } {
  switch (report.dirt) {
    case 'coordinate-missing':
      return { lng: null, lat: null };
    case 'coordinate-swapped':
      return { lng: round6(report.lat), lat: round6(report.lng) };
    case 'coordinate-outside': {
      const other = elsewhere(draw);
      return { lng: round6(other.lng), lat: round6(other.lat) };
    }
    default:
      return { lng: report.lng, lat: report.lat };
  }
}
