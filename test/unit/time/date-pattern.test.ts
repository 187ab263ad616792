import { describe, expect, it } from 'vitest';
import { dateReader } from '../../../core/time/date-pattern.ts';
import { isoMinute } from '../../../core/time/local-date.ts';
import { betweenZones, zoneOffset } from '../../../core/time/zone.ts';

const shanghai = zoneOffset('Asia/Shanghai');
const read = (patterns: string[], raw: string): string | null => {
  const time = dateReader(patterns, shanghai)(raw);
  return time && `${isoMinute(time.localMinute)}${time.hasTime ? '' : ' (date)'}`;
};

describe('date patterns', () => {
  it('read the common layout only when it fits exactly', () => {
    expect(read(['yyyy-MM-dd HH:mm:ss'], '2017-12-25 08:09:10')).toBe('2017-12-25 08:09');
    expect(read(['yyyy-MM-dd HH:mm:ss'], '2017-12-25 08:09')).toBeNull();
    expect(read(['yyyy-MM-dd HH:mm:ss'], '2017-02-30 08:09:10')).toBeNull();
    expect(read(['yyyy-MM-dd HH:mm:ss'], '2017-12-25 25:09:10')).toBeNull();
    expect(read(['yyyy-MM-dd HH:mm:ss'], '2017-12-25T08:09:10')).toBeNull();
  });

  it('read every layout of the Republic of China calendar in the labour register', () => {
    const patterns = ['yyyMMdd', 'yyy/M/d', 'yyy.M.d', 'yyy年M月d日', 'yyyMM/dd'];
    expect(read(patterns, '1051003')).toBe('2016-10-03 00:00 (date)');
    expect(read(patterns, '105/01/28')).toBe('2016-01-28 00:00 (date)');
    expect(read(patterns, '105/1/11')).toBe('2016-01-11 00:00 (date)');
    expect(read(patterns, '102年9月5日')).toBe('2013-09-05 00:00 (date)');
    expect(read(patterns, '105.1.28')).toBe('2016-01-28 00:00 (date)');
    expect(read(patterns, '10410/08')).toBe('2015-10-08 00:00 (date)');
    expect(read(patterns, '105/123')).toBeNull();
  });

  it('read twelve-hour clocks, 24:00 and Chinese text', () => {
    expect(read(['MM/dd/yyyy HH:mm:ss a'], '10/12/2017 07:14:00 PM')).toBe('2017-10-12 19:14');
    expect(read(['MM/dd/yyyy HH:mm:ss a'], '10/12/2017 12:05:00 AM')).toBe('2017-10-12 00:05');
    expect(read(['yyyy-MM-dd HH:mm'], '2024-12-31 24:00')).toBe('2025-01-01 00:00');
    expect(read(['yyyy年M月d日 H时mm分'], '2024年3月5日 7时08分')).toBe('2024-03-05 07:08');
  });

  it('read Excel serial days and refuse the phantom start of 1900', () => {
    expect(read(['excel'], '45352.5')).toBe('2024-03-01 12:00');
    expect(read(['excel'], '45352')).toBe('2024-03-01 00:00 (date)');
    expect(read(['excel'], '59')).toBeNull();
    expect(read(['excel'], '2024')).toBe('1905-07-16 00:00 (date)');
  });

  it('put an instant on the clock of the city', () => {
    expect(read(['iso'], '2024-03-01T16:30:00Z')).toBe('2024-03-02 00:30');
    expect(read(['iso'], '2024-03-01T16:30:00-05:00')).toBe('2024-03-02 05:30');
    expect(read(['iso'], '2024-03-01T16:30:00')).toBeNull();
    expect(read(['epoch-ms'], '1709310600000')).toBe('2024-03-02 00:30');
  });

  it('carry a clock of another zone over, also across summer time', () => {
    const convert = betweenZones(zoneOffset('America/Chicago'), shanghai);
    const minute = dateReader(['yyyy-MM-dd HH:mm'], shanghai)('2024-07-01 12:00')?.localMinute as number;
    expect(isoMinute(convert(minute))).toBe('2024-07-02 01:00');
    const winter = dateReader(['yyyy-MM-dd HH:mm'], shanghai)('2024-01-01 12:00')?.localMinute as number;
    expect(isoMinute(convert(winter))).toBe('2024-01-02 02:00');
  });
});
