import { describe, expect, it } from 'vitest';
import { type GazetteerEntry, gazetteer, normalisePlace } from '../../../core/geo/gazetteer.ts';

/** Divisions: 1 姑苏 with 11, 12 below; 2 吴中 with 21 below. */
const isWithin = (inner: number, outer: number): boolean => inner === outer || Math.floor(inner / 10) === outer;
const LEADS = [
  { level: 0, key: '32', names: ['江苏省', '江苏'] },
  { level: 1, key: '3205', names: ['苏州市', '苏州'] },
  { level: 2, key: '320508', names: ['姑苏区'] },
  { level: 2, key: '320506', names: ['吴中区'] },
  { level: 1, key: '67', names: ['臺南市'] },
];
let position = 0;
const entry = (name: string, more: Partial<GazetteerEntry> = {}): GazetteerEntry => ({
  name,
  lng: 120.6 + 0.01 * position++,
  lat: 31.3,
  resolution: 10,
  division: 11,
  ...more,
});
const ENTRIES = [
  entry('苏州市姑苏区人民路128号'),
  entry('姑苏区人民路', { resolution: 9 }),
  entry('吴中区石湖路1号', { division: 21 }),
  entry('东园新村'),
  entry('和平里'),
  entry('新村', { division: 12 }),
  entry('姑苏区中山路', { division: 11 }),
  entry('吴中区中山路', { division: 21 }),
  entry('臺南市民族街76巷15號', { division: 12 }),
  entry('苏州大学'),
  entry('观前街 5-1 号'),
];
const known = gazetteer(ENTRIES, LEADS, isWithin);
const at = (index: number) => ({ ok: true, lng: ENTRIES[index]!.lng, lat: 31.3 });

describe('a name as it stands', () => {
  it.each([
    ['苏州市姑苏区人民路128号', 0, 'exact'],
    ['苏州市 姑苏区 人民路１２８號', 0, 'exact'],
    ['江苏省苏州市姑苏区人民路128号', 0, 'short'],
    ['人民路128号', 0, 'short'],
    ['台南市民族街76巷15号', 8, 'exact'],
    ['東園新村', 3, 'exact'],
    ['观前街5—1号', 10, 'exact'],
  ] as const)('%s is found', (text, index, method) => {
    expect(known.find(text, null)).toMatchObject({ ...at(index), method, resolution: 10 });
  });

  it('does not lose its first word to a division of that name', () => {
    expect(known.find('苏州大学', null)).toMatchObject({ ...at(9), method: 'exact' });
    expect(normalisePlace('5-1号').text).not.toBe(normalisePlace('51号').text);
  });

  it('in another district is another place', () => {
    expect(known.find('姑苏区石湖路1号', null)).toEqual({ ok: false, reason: 'place-unknown' });
    expect(known.find('苏州市石湖路1号', null)).toMatchObject(at(2));
  });
});

describe('a known beginning', () => {
  it.each([
    ['人民路128号3幢502室', 0, 10],
    ['人民路500号', 1, 8],
    ['姑苏区人民路与干将路交叉口', 1, 8],
    ['人民路，近观前街', 1, 8],
    ['东园新村12幢', 3, 9],
    ['东园新村附近', 3, 9],
  ] as const)('%s is read no finer than its kind', (text, index, resolution) => {
    expect(known.find(text, null)).toMatchObject({ ...at(index), method: 'prefix', resolution });
  });

  it.each(['新村路5号', '人民路街道办', '和平里小学', '人民路南延线', '石湖路12号', '观前街5号'])(
    '%s is not cut inside a name or number',
    (text) => {
      expect(known.find(text, null)).toEqual({ ok: false, reason: 'place-unknown' });
    },
  );
});

describe('what stays open', () => {
  it('says why', () => {
    expect(known.find(' 　', null)).toEqual({ ok: false, reason: 'place-blank' });
    expect(known.find('，', null)).toEqual({ ok: false, reason: 'place-blank' });
    expect(known.find('中山路', null)).toEqual({ ok: false, reason: 'place-ambiguous' });
    expect(known.find('不详', null)).toEqual({ ok: false, reason: 'place-unknown' });
  });

  it('the row’s own division picks one of several, at any level', () => {
    expect(known.find('中山路', 2)).toMatchObject(at(7));
    expect(known.find('中山路33号', 11)).toMatchObject({ ...at(6), method: 'prefix' });
  });

  it('a place outside the row’s own division is refused', () => {
    expect(known.find('石湖路1号', 1)).toEqual({ ok: false, reason: 'place-contradicts-division' });
    expect(known.find('中山路', 12)).toEqual({ ok: false, reason: 'place-contradicts-division' });
  });

  it('one place listed twice is one place, at the coarser resolution', () => {
    const twice = gazetteer(
      [entry('水厂', { lng: 120.6, resolution: 10 }), entry('水廠', { lng: 120.6001, resolution: 8 })],
      [],
      isWithin,
    );
    expect(twice.find('水厂', null)).toMatchObject({ ok: true, resolution: 8 });
  });
});
