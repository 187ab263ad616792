import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blockText } from '../../../web/src/i18n/hours-texts.ts';
import { HOUR_SLOTS, hourSlot, inHours, KNOWN_HOURS } from '../../../web/src/query/hour-slots.ts';
import {
  blockBetween,
  cellAt,
  inBlock,
  isWhole,
  readHours,
  SHADES,
  stepped,
} from '../../../web/src/rooms/desk/hour-matrix.ts';
import { formatHours, parseHours } from '../../../web/src/state/hours-link.ts';

const cell = fc.record({ day: fc.nat(6), hour: fc.nat(23) });

describe('hour × weekday', () => {
  it('puts a day and hour where the calendar does', () => {
    // 2026-11-22 is a Sunday.
    const day = Date.UTC(2026, 10, 22) / 86_400_000;
    expect(cellAt(hourSlot(day, 5))).toEqual({ day: 6, hour: 5 });
    expect(hourSlot(day, null)).toBe(KNOWN_HOURS + 6);
  });

  it('filters the block that is drawn, never who has no time of day, and comes back from the link', () =>
    fc.assert(
      fc.property(cell, cell, (a, b) => {
        const block = blockBetween(a, b);
        for (let slot = 0; slot < HOUR_SLOTS; slot++)
          expect(inHours(block, slot)).toBe(slot < KNOWN_HOURS && inBlock(block, cellAt(slot)));
        expect(parseHours(formatHours(block))).toEqual(block);
        expect(inBlock(block, a) && inBlock(block, b)).toBe(true);
        expect(isWhole(block)).toBe(block.endDay - block.firstDay === 7 && block.endHour - block.firstHour === 24);
      }),
    ));

  it('refuses a damaged link', () => {
    for (const text of ['', '1-8.0-1', '3-2.0-1', '1-2.9-8', '1-2.0-24', 'x', '1-2.3-4.5'])
      expect(parseHours(text)).toBeNull();
  });

  it('reads zero as none, the largest as the darkest, and counts who has no time of day apart', () => {
    const counts = new Uint32Array(HOUR_SLOTS);
    expect(readHours(counts)).toMatchObject({ peak: null, unknown: 0 });
    counts[30] = 1;
    counts[31] = 600;
    counts[KNOWN_HOURS + 2] = 9;
    const { shade, peak, unknown } = readHours(counts);
    expect([shade[29], shade[30], shade[31], peak, unknown]).toEqual([0, 1, SHADES, 31, 9]);
  });

  it('says a block in words, and stops at the edges', () => {
    expect(blockText({ firstDay: 0, endDay: 5, firstHour: 8, endHour: 18 }, 'zh-CN')).toBe('周一至周五 8:00–17:59');
    expect(blockText({ firstDay: 6, endDay: 7, firstHour: 0, endHour: 1 }, 'en')).toBe('Sunday 0:00–0:59');
    expect(stepped({ day: 6, hour: 23 }, 'ArrowDown')).toEqual({ day: 6, hour: 23 });
    expect(stepped({ day: 1, hour: 1 }, 'ArrowLeft')).toEqual({ day: 1, hour: 0 });
    expect(stepped({ day: 1, hour: 1 }, 'a')).toBeNull();
  });
});
