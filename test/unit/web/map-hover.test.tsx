import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, it } from 'vitest';
import { facilityName } from '../../../web/src/map/facility-at.ts';
import { MapHover } from '../../../web/src/rooms/desk/map-hover.tsx';

const CELL = { h3: '8830', resolution: 8, n: 0, x: 10, y: 20 };
const shown = (cell: Parameters<typeof MapHover>[0]['cell']) => renderToStaticMarkup(<MapHover cell={cell} />);

describe('beside the pointer', () => {
  it('a hatched cell says that there are no data, not 0', () => {
    expect(shown({ ...CELL, unknown: true })).toContain('无数据');
    expect(shown({ ...CELL, unknown: true })).not.toContain('0 件');
  });
  it('an empty cell is 0, and what was counted is shown also where a source did not deliver', () => {
    expect(shown(CELL)).toContain('0 件');
    expect(shown({ ...CELL, n: 3, unknown: true })).toContain('3 件');
  });
  it('a facility is named before the count', () => {
    expect(shown({ ...CELL, n: 3, facility: '第一医院' })).toMatch(/第一医院.*3 件/);
  });
});

it('a facility is called as the reader speaks, and by its only name otherwise', () => {
  expect(facilityName({ name: '第一医院', name_en: 'First Hospital' }, 'en')).toBe('First Hospital');
  expect(facilityName({ name: '第一医院', name_en: 'First Hospital' }, 'zh-CN')).toBe('第一医院');
  expect(facilityName({ name: '第一医院' }, 'en')).toBe('第一医院');
  expect(facilityName({ name: 7 }, 'zh-CN')).toBeNull();
});
