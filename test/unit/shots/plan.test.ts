import { describe, expect, it } from 'vitest';
import { fileOf, shotsOf, sizeOf } from '../../shots/plan.ts';

describe('the plan of pictures', () => {
  it('has every room in both themes and languages on each of its canvases, each file once', () => {
    const all = shotsOf({});
    expect(all).toHaveLength((3 + 8 + 3) * 4);
    expect(new Set(all.map(fileOf)).size).toBe(all.length);
  });

  it('keeps what agrees with every choice', () => {
    const some = shotsOf({ room: 'wall', canvas: '11520x3240', theme: 'dark' });
    expect(some.map(({ locale }) => locale)).toEqual(['zh-CN', 'en']);
    expect(shotsOf({ room: 'desk', canvas: '11520x3240' })).toEqual([]);
  });

  it('refuses what no picture has', () => {
    expect(() => shotsOf({ theme: 'pink' })).toThrow(/light, dark/);
  });

  it('reads a canvas', () => {
    expect(sizeOf('1920x1080@2')).toEqual({ width: 1920, height: 1080, ratio: 2 });
    expect(sizeOf('3840x1080')).toEqual({ width: 3840, height: 1080, ratio: 1 });
  });
});
