import { toGcj02 } from '../../../core/geo/gcj02.ts';
import { CATALOGUE } from '../catalogue/index.ts';
import { elsewhere } from '../dirt.ts';
import { round6 } from '../geography/projection.ts';
import { isoWithOffset } from '../process/civil.ts';
import type { Random } from '../random.ts';
import { mobileNumber } from './persons.ts';
import type { Report } from './report.ts';

/** One NDJSON line of the command centre: abbreviated keys, codes for words, GCJ-02 degrees. */
export function policeRow(report: Report, how: { open: boolean }, draw: Random): string {
  const category = CATALOGUE[report.incident.category]!;
  const position = coordinates(report, draw);
  const row = {
    jjdbh: report.id,
    bb: report.version,
    fssj:
      report.dirt === 'date-unreadable'
        ? draw.pick(['不详', '2025-02-30T99:00:00+08:00'])
        : isoWithOffset(report.occurred),
    bjsj: isoWithOffset(report.reported),
    jasj: how.open ? null : isoWithOffset(report.closed),
    jqlb: categoryCode(report, category.key),
    ...position,
    clzt: report.dirt === 'deleted' ? '9' : how.open ? '2' : '4',
    bjdh: mobileNumber(draw),
    bjnr: `报警人称${report.incident.theme ?? category.text}`,
  };
  return `${JSON.stringify(row)}\n`;
}

function categoryCode(report: Report, code: string): string {
  if (report.dirt === 'category-blank') return '';
  return report.dirt === 'category-unknown' ? '9999' : code;
}

function coordinates(report: Report, draw: Random): { lng: number | null; lat: number | null } {
  if (report.dirt === 'coordinate-missing') return { lng: null, lat: null };
  if (report.dirt === 'coordinate-zero') return { lng: 0, lat: 0 };
  const { lng, lat } = toGcj02(report.dirt === 'coordinate-outside' ? elsewhere(draw) : report);
  return { lng: round6(lng), lat: round6(lat) };
}
