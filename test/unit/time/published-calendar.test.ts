import { describe, expect, it } from 'vitest';
import { cityCalendar } from '../../../core/time/city-calendar.ts';
import { parseIsoDate } from '../../../core/time/local-date.ts';
import { publishedCalendar } from '../../../core/time/published-calendar.ts';

const notice = {
  year: 2026,
  holidays: [{ firstDay: '2026-02-15', endDay: '2026-02-24', name: { zh: '春节', en: 'Spring Festival' } }],
  makeUpWorkdays: ['2026-02-14', '2026-02-28'],
};
const calendar = cityCalendar(
  {
    holidaysFrom: 'cn',
    holidays: [],
    makeUpWorkdays: [],
    schoolTerms: [{ firstDay: '2026-03-01', endDay: '2026-07-01', name: { zh: '下学期', en: 'second term' } }],
    breaks: [
      { day: '2025-06-09', kind: 'channel-opened', what: { zh: '开通', en: 'opened' }, source: 'hotline' },
      { day: '2026-02-20', kind: 'recode', what: { zh: '改码', en: 're-coded' }, category: 'noise' },
      { day: '2026-01-28', endDay: '2026-02-03', kind: 'outage', what: { zh: '中断', en: 'outage' } },
    ],
  },
  [notice],
);
const day = parseIsoDate;
const of = (firstDay: string, endDay: string) =>
  publishedCalendar(calendar, { firstDay: day(firstDay), endDay: day(endDay) });

describe('published calendar', () => {
  it('holds what touches its days, and nothing else', () => {
    const february = of('2026-02-01', '2026-03-01');
    expect(february.holidays).toEqual([
      { firstDay: day('2026-02-15'), endDay: day('2026-02-24'), name: notice.holidays[0]?.name, provisional: false },
    ]);
    expect(february.makeUpWorkdays).toEqual([day('2026-02-14'), day('2026-02-28')]);
    expect(february.festivals.map(({ day: at, name }) => [at, name.zh])).toEqual([
      [day('2026-02-16'), '除夕'],
      [day('2026-02-17'), '春节'],
    ]);
    expect(february.schoolTerms).toEqual([]);
    expect(february.breaks.map(({ kind }) => kind)).toEqual(['outage', 'recode']);
    expect(of('2026-03-01', '2026-03-02').schoolTerms).toHaveLength(1);
  });

  it('a year without a notice has the holidays of the law, marked, and no make-up days', () => {
    const next = of('2027-01-01', '2027-03-01');
    expect(next.holidays.map(({ name, provisional }) => [name.zh, provisional])).toEqual([
      ['元旦', true],
      ['春节', true],
    ]);
    expect(next.makeUpWorkdays).toEqual([]);
  });

  it('a city with days of its own has no lunar festivals', () => {
    const own = cityCalendar(
      {
        holidays: [{ firstDay: '2014-07-04', endDay: '2014-07-05', name: { zh: '独立日', en: 'Independence Day' } }],
        makeUpWorkdays: [],
        schoolTerms: [],
        breaks: [],
      },
      [],
    );
    const july = publishedCalendar(own, { firstDay: day('2014-07-01'), endDay: day('2014-08-01') });
    expect([july.holidays.length, july.holidays[0]?.provisional, july.festivals.length]).toEqual([1, false, 0]);
  });
});
