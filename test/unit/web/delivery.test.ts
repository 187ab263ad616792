import { describe, expect, it } from 'vitest';
import { daysSince } from '../../../web/src/rooms/desk/delivery.ts';

describe('age of the data', () => {
  it('is counted in days of the city, whatever the zone of the machine', () => {
    const now = new Date('2026-11-21T16:30:00Z'); // already the 22nd in Shanghai, still the 21st in Chicago
    expect(daysSince('2026-11-15 23:59', 'Asia/Shanghai', now)).toBe(7);
    expect(daysSince('2026-11-15 23:59', 'America/Chicago', now)).toBe(6);
    expect(daysSince('2026-11-22 00:10', 'Asia/Shanghai', now)).toBe(0);
  });
});
