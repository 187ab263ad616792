import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Calendar, HolidayNotice } from '../../../core/contract/profile.ts';
import { statutoryDays } from '../../../core/time/china-calendar.ts';
import {
  breaksOf,
  type CalendarSource,
  cityCalendar,
  classShares,
  DAY_CLASSES,
  dayClass,
  dayKind,
  isWeekend,
  schoolTerm,
  weekClass,
} from '../../../core/time/city-calendar.ts';
import { isoDate, parseIsoDate } from '../../../core/time/local-date.ts';
import {
  daysFromSpringFestival,
  lunarDate,
  lunarFestivals,
  qingming,
  springFestivalDay,
} from '../../../core/time/lunar-festivals.ts';

const CN = new URL('../../../data/calendars/cn/', import.meta.url);
const notices = readdirSync(CN).map((name) => HolidayNotice.parse(JSON.parse(readFileSync(new URL(name, CN), 'utf8'))));
const empty: CalendarSource = { holidays: [], makeUpWorkdays: [], schoolTerms: [], breaks: [] };
const china = cityCalendar({ ...empty, holidaysFrom: 'cn' }, notices);
const at = parseIsoDate;
const profile = (city: string) =>
  Calendar.parse(
    JSON.parse(readFileSync(new URL(`../../../data/profiles/${city}/calendar.json`, import.meta.url), 'utf8')),
  );

describe('published notices', () => {
  it('has a file a year, each with its number and whole days off', () => {
    expect(notices.map(({ year }) => year).sort()).toEqual([
      2015, 2016, 2017, 2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026,
    ]);
    for (const { year, notice, holidays, makeUpWorkdays } of notices) {
      expect(notice).toMatch(new RegExp(`^国办发明电〔${year - 1}〕\\d+号$`));
      expect(holidays.length).toBeGreaterThanOrEqual(6);
      holidays.forEach(({ firstDay, endDay }, i) => {
        expect(firstDay < endDay, firstDay).toBe(true);
        if (i > 0) expect(firstDay >= holidays[i - 1]!.endDay, firstDay).toBe(true);
      });
      for (const day of makeUpWorkdays) if (day !== '2020-02-03') expect(isWeekend(at(day)), day).toBe(true);
    }
  });

  it('holds each statutory day that is computed for its year', () => {
    for (const { year } of notices)
      for (const { firstDay, name } of statutoryDays(year)) {
        // The eve became statutory in 2025; 2024 had it as a working day.
        const day = name.zh === '春节' ? firstDay + 1 : firstDay;
        expect(dayKind(china, day), `${isoDate(day)} ${name.zh}`).toMatchObject({
          type: 'holiday',
          provisional: false,
        });
      }
  });
});

describe('lunar festivals', () => {
  it.each([
    ['2015-02-19', '2015-06-20', '2015-09-27'],
    ['2017-01-28', '2017-05-30', '2017-10-04'], // leap sixth month
    ['2020-01-25', '2020-06-25', '2020-10-01'], // leap fourth month
    ['2023-01-22', '2023-06-22', '2023-09-29'], // leap second month
    ['2025-01-29', '2025-05-31', '2025-10-06'], // leap sixth month
    ['2033-01-31', '2033-06-01', '2033-09-08'], // leap eleventh month
  ])('%s, %s and %s', (spring, dragonBoat, midAutumn) => {
    const found = lunarFestivals(Number(spring.slice(0, 4)));
    expect([found.springFestival, found.dragonBoat, found.midAutumn].map(isoDate)).toEqual([
      spring,
      dragonBoat,
      midAutumn,
    ]);
    expect(found.newYearsEve).toBe(found.springFestival - 1);
  });

  it('tells a leap month', () => {
    expect(lunarDate(at('2023-03-22'))).toEqual({ month: 2, leap: true, date: 1 });
    expect(lunarDate(at('2023-02-20'))).toEqual({ month: 2, leap: false, date: 1 });
  });

  it('has Qingming on the days the notices have it', () => {
    const of = (year: number) => isoDate(qingming(year)).slice(5);
    expect([2015, 2016, 2019, 2020, 2022, 2023, 2024, 2025, 2026].map(of)).toEqual([
      '04-05',
      '04-04',
      '04-05',
      '04-04',
      '04-05',
      '04-05',
      '04-04',
      '04-04',
      '04-05',
    ]);
  });

  it('counts days from the festival, within fifteen', () => {
    expect(daysFromSpringFestival(at('2024-02-10'))).toBe(0);
    expect(daysFromSpringFestival(at('2022-10-08'))).toBe(-106);
    expect(springFestivalDay(at('2024-01-26'))).toBe(-15);
    expect(springFestivalDay(at('2024-01-25'))).toBeNull();
  });
});

describe('kinds and classes', () => {
  it('knows 调休', () => {
    expect(dayKind(china, at('2025-01-26'))).toMatchObject({ type: 'make-up-workday', provisional: false });
    expect(dayKind(china, at('2025-02-04')).type).toBe('holiday');
    expect(dayKind(china, at('2023-12-30')).type).toBe('weekend');
    expect(dayKind(china, at('2022-12-31')).type).toBe('holiday'); // by the notice of 2023
  });

  it('takes an unpublished year by rule, and says so', () => {
    const until2024 = cityCalendar(
      { ...empty, holidaysFrom: 'cn' },
      notices.filter(({ year }) => year <= 2024),
    );
    expect(dayKind(until2024, at('2025-01-29'))).toEqual({
      type: 'holiday',
      holiday: { zh: '春节', en: 'Spring Festival' },
      provisional: true,
    });
    expect(dayKind(until2024, at('2025-01-26'))).toEqual({ type: 'weekend', holiday: null, provisional: true });
    expect(dayKind(until2024, at('2024-12-31')).provisional).toBe(false);
  });

  it('puts the blocks around Spring Festival before the kind of day, only where it is kept', () => {
    const blocks = ['2024-02-02', '2024-02-03', '2024-02-09', '2024-02-16', '2024-02-17', '2024-02-25', '2024-02-26'];
    expect(blocks.map((day) => dayClass(china, at(day)))).toEqual([
      'workday',
      'before-spring-festival',
      'spring-festival',
      'spring-festival',
      'after-spring-festival',
      'after-spring-festival',
      'workday',
    ]);
    const chicago = cityCalendar(profile('chicago'), []);
    expect(dayClass(chicago, at('2012-01-23'))).toBe('workday');
    expect(dayClass(chicago, at('2012-12-25'))).toBe('holiday');
    expect(dayKind(chicago, at('2030-01-01')).provisional).toBe(false);
  });

  it('shares a week out among its classes', () => {
    const shares = classShares(china, { firstDay: at('2024-09-30'), endDay: at('2024-10-07') });
    expect(shares[DAY_CLASSES.indexOf('workday')]).toBeCloseTo(1 / 7, 12);
    expect(shares[DAY_CLASSES.indexOf('holiday')]).toBeCloseTo(6 / 7, 12);
    expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    expect([...classShares(china, { firstDay: 0, endDay: 0 })].every(Number.isNaN)).toBe(true);
  });

  it('names weeks', () => {
    const named = (day: string) => weekClass(china, at(day));
    expect(['2024-02-05', '2024-02-12', '2024-02-19', '2024-02-26'].map(named)).toEqual([
      'spring-festival-week-before',
      'spring-festival-week',
      'spring-festival-week-after',
      'ordinary',
    ]);
    expect(named('2023-01-23')).toBe('spring-festival-week');
    expect(named('2024-10-02')).toBe('national-day-week');
    expect(named('2024-06-10')).toBe('holiday-week');
  });
});

describe('terms and breaks', () => {
  it('gives the term of a day', () => {
    const term = { firstDay: '2024-09-01', endDay: '2025-01-18', name: { zh: '第一学期', en: 'first term' } };
    const city = cityCalendar({ ...empty, schoolTerms: [term] }, []);
    expect(schoolTerm(city, at('2024-09-01'))?.zh).toBe('第一学期');
    expect(schoolTerm(city, at('2025-01-18'))).toBeNull();
  });

  it('gives a series the breaks that touch it', () => {
    const suzhou = cityCalendar(profile('suzhou'), notices);
    const days = (source: string, category?: string) =>
      breaksOf(suzhou, { source, category }).map(({ day, kind }) => `${isoDate(day)} ${kind}`);
    expect(days('hotline')).toEqual(['2025-06-09 channel-opened']);
    expect(days('hotline', 'noise.social-noise.square-dance')).toEqual([
      '2025-01-01 recode',
      '2025-06-09 channel-opened',
    ]);
    expect(days('police')).toEqual([]);
    const gap = breaksOf(cityCalendar(profile('tainan'), []), { source: 'police' }).filter(
      ({ kind }) => kind === 'outage',
    );
    expect(gap.map(({ day, endDay }) => [isoDate(day), isoDate(endDay as number)])).toContainEqual([
      '2018-01-29',
      '2018-04-02',
    ]);
  });

  it('still reads a calendar of the old form', () => {
    const old = { breaks: [{ day: '2020-01-01', source: 'hotline', what: { zh: '变', en: 'change' } }], holidays: [] };
    expect(Calendar.parse(old).breaks[0]).toMatchObject({ kind: 'policy', source: 'hotline' });
    expect(Calendar.safeParse({ ...old, holiday: [] }).success).toBe(false);
  });
});
