import { describe, expect, it } from 'vitest';
import type { SourceEntry } from '../../../../core/contract/manifest.ts';
import { addResponses, RESPONSE_HOURS, responses } from '../../../../core/metric/response.ts';
import { Command, Report } from '../../../../web/src/rooms/wall/channel.ts';
import { localMinute, newestMinute, sourceFreshness, tileFreshness } from '../../../../web/src/rooms/wall/freshness.ts';
import { handoverSince, parseJournal, withEntry } from '../../../../web/src/rooms/wall/journal.ts';
import { pixelRatioFor } from '../../../../web/src/rooms/wall/pixel-ratio.ts';
import { clockVerdict, localFormat, localMinuteAt, offsetFrom } from '../../../../web/src/rooms/wall/wall-clock.ts';
import { heapSlope, nextStage, type Sample } from '../../../../web/src/rooms/wall/watchdog.ts';
import { hatchOf } from '../../../../web/src/sense/hatch.ts';

const source = (id: number, asOf: string | null, cadenceDays: number): SourceEntry => ({
  id,
  key: `s${id}`,
  kind: 'complaint',
  name: { zh: '源', en: 'source' },
  cadenceDays,
  asOf,
  firstDay: null,
  lastDay: null,
  read: 0,
  accepted: 0,
  rejected: {},
  located: 0,
  divisionOnly: 0,
  unlocated: {},
  unmapped: 0,
  monthsMissing: [],
});

describe('freshness of a tile', () => {
  const now = localMinute('2026-11-22 09:00');
  const ages = sourceFreshness(
    [
      source(0, '2026-11-21 23:40', 1),
      source(1, '2026-11-15 23:59', 1),
      source(2, '2026-11-16', 7),
      source(3, null, 1),
    ],
    now,
  );

  it('one stopped feed withholds what it is part of, and nothing else', () => {
    expect(tileFreshness(ages, [0])).toMatchObject({ stale: false, ageDays: 1 });
    expect(tileFreshness(ages, [2])).toMatchObject({ stale: false, ageDays: 6 });
    expect(tileFreshness(ages, [1])).toMatchObject({ stale: true, late: [1], ageDays: 7 });
    expect(tileFreshness(ages, [0, 1, 2])).toMatchObject({ stale: true, late: [1], ageDays: 7 });
  });

  it('a feed that never came is no age and no zero', () => {
    expect(tileFreshness(ages, [0, 3])).toEqual({ stale: true, late: [3], asOfDay: null, ageDays: null });
    expect(tileFreshness(ages, [])).toMatchObject({ stale: true, asOfDay: null });
  });

  it('the newest record is of any source', () => {
    const dictionaries = { sources: [source(0, '2026-11-21 23:40', 1), source(1, null, 1)], categories: [] };
    expect(newestMinute({ dictionaries })).toBe(localMinute('2026-11-21 23:40'));
    expect(newestMinute({ dictionaries: { sources: [], categories: [] } })).toBeNull();
  });
});

describe('clock of a wall', () => {
  const now = 1_000_000;
  it('an hour off is told, half a minute is not', () => {
    const verdict = (serverOffsetMs: number | null, newest: number | null = now - 600) =>
      clockVerdict({ serverOffsetMs, nowMinute: now, newestMinute: newest });
    expect(verdict(3_600_000)).toEqual({ kind: 'machine-off', minutes: 60 });
    expect(verdict(-3_600_000)).toEqual({ kind: 'machine-off', minutes: -60 });
    expect(verdict(30_000)).toEqual({ kind: 'ok' });
    expect(verdict(null)).toEqual({ kind: 'ok' });
    expect(verdict(0, now + 60)).toEqual({ kind: 'before-data', minutes: 60 });
    expect(verdict(null, null)).toEqual({ kind: 'ok' });
  });

  it('reads the server by the middle of the way there and back', () => {
    const dateHeader = 'Sun, 22 Nov 2026 01:00:00 GMT';
    const server = Date.parse(dateHeader);
    expect(offsetFrom({ dateHeader, sentMs: server, answeredMs: server + 1000 })).toBe(0);
    expect(offsetFrom({ dateHeader, sentMs: server - 3_600_000, answeredMs: server - 3_600_000 })).toBe(3_600_500);
    expect(offsetFrom({ dateHeader: null, sentMs: 0, answeredMs: 0 })).toBeNull();
    expect(offsetFrom({ dateHeader: 'soon', sentMs: 0, answeredMs: 0 })).toBeNull();
    expect(offsetFrom({ dateHeader, sentMs: server, answeredMs: server + 60_000 })).toBeNull();
  });

  it('is in the zone of the city, whatever the machine has', () => {
    const ms = Date.UTC(2026, 10, 21, 17, 5);
    expect(localMinuteAt(ms, localFormat('Asia/Shanghai'))).toBe(localMinute('2026-11-22 01:05'));
    expect(localMinuteAt(ms, localFormat('America/Chicago'))).toBe(localMinute('2026-11-21 11:05'));
  });
});

describe('watchdog', () => {
  const row = (from: number, heapMb: number | null, frameMs = 20): Sample[] =>
    Array.from({ length: 6 }, (_, i) => ({ atMs: from + i * 30_000, heapMb, frameMs }));

  it('rises a step a row of bad samples, and falls when it is over', () => {
    const bad = row(1000, 2000);
    expect(nextStage(bad.slice(1), 0, 0)).toBe(0);
    expect(nextStage(bad, 0, 0)).toBe(1);
    expect(nextStage(bad, 1, 2000)).toBe(1);
    expect(nextStage(row(500_000, 2000), 1, 2000)).toBe(2);
    expect(nextStage(row(500_000, 100, 900), 2, 2000)).toBe(3);
    expect(nextStage(row(500_000, 2000), 3, 2000)).toBe(3);
    expect(nextStage(row(500_000, 100), 2, 2000)).toBe(0);
    expect(nextStage(row(500_000, null), 0, 0)).toBe(0);
  });

  it('one slow frame is no trouble', () => {
    expect(nextStage([...row(0, 100).slice(1), { atMs: 1, heapMb: 100, frameMs: 5000 }], 0, 0)).toBe(0);
  });

  it('knows the slope of the heap', () => {
    const grown = Array.from({ length: 10 }, (_, i) => ({ atMs: i * 360_000, heapMb: 100 + i, frameMs: 1 }));
    expect(heapSlope(grown)).toBeCloseTo(10, 6);
    expect(heapSlope(grown.slice(0, 2))).toBeNull();
    expect(heapSlope(row(0, null))).toBeNull();
  });
});

describe('shift handover', () => {
  const entry = (atMs: number, snapshot: string, alerts: Record<string, number>) => ({ atMs, snapshot, alerts });
  const journal = [
    entry(100, 'a', { stands: 3, rises: 3, ends: 4 }),
    entry(200, 'b', { stands: 3, rises: 2, comes: 1 }),
  ];

  it('new, escalated, closed, standing', () => {
    expect(handoverSince(journal, 150)).toEqual({
      baseMs: 100,
      added: ['comes'],
      escalated: ['rises'],
      closed: ['ends'],
      waiting: ['stands'],
    });
  });

  it('compares with the first it knows when the shift began earlier, and with nothing when nothing changed', () => {
    expect(handoverSince(journal, 50).baseMs).toBe(100);
    expect(handoverSince(journal, 300)).toMatchObject({ added: [], waiting: ['stands', 'rises', 'comes'] });
    expect(handoverSince([], 300)).toEqual({ baseMs: null, added: [], escalated: [], closed: [], waiting: [] });
  });

  it('keeps a week, and damaged storage is an empty journal', () => {
    expect(withEntry(journal, entry(300, 'b', {}))).toBe(journal);
    expect(withEntry(journal, entry(8 * 86_400_000, 'c', {}))).toHaveLength(1);
    for (const text of [null, '', '{', '[1]', '{"a":1}']) expect(parseJournal(text)).toEqual([]);
    expect(parseJournal(JSON.stringify(journal))).toEqual(journal);
  });
});

describe('what the console may say', () => {
  it('only commands of the schema are heard', () => {
    expect(Command.safeParse({ kind: 'pin', id: null }).success).toBe(true);
    for (const bad of [
      null,
      'go',
      { kind: 'eval', id: '1' },
      { kind: 'step', by: 7 },
      { kind: 'caption', text: 'x'.repeat(500) },
    ])
      expect(Command.safeParse(bad).success).toBe(false);
    expect(Report.safeParse({ kind: 'report' }).success).toBe(false);
  });
});

describe('pixels of the map', () => {
  it('follows the screen within a budget, then one to one, then less', () => {
    expect(pixelRatioFor({ width: 1000, height: 800 }, 2)).toBe(2);
    expect(pixelRatioFor({ width: 3840, height: 2160 }, 2)).toBe(1);
    expect(pixelRatioFor({ width: 7680, height: 3240 }, 2)).toBe(1);
    expect(pixelRatioFor({ width: 11_520, height: 3240 }, 1)).toBeCloseTo(0.835, 2);
  });
});

describe('response within seven days', () => {
  const reports = {
    day: [10, 10, 11, 12, 17, 10, 10],
    source: [0, 0, 0, 0, 0, 1, 0],
    stage: [4, 4, 3, 0, 4, 4, 4],
    closeHours: [5, RESPONSE_HOURS + 1, Number.NaN, Number.NaN, 1, 1, RESPONSE_HOURS],
    division: [2, 3, 2, 2, 2, 2, Number.NaN],
  };
  const question = {
    sources: new Set([0]),
    firstDay: 10,
    endDay: 17,
    areas: [
      { id: 1, end: 5 },
      { id: 5, end: 9 },
    ],
  };

  it('a report whose source tells nothing is neither open nor closed', () => {
    expect(responses(reports, question)).toEqual([
      { id: 1, received: 4, told: 3, closedWithin: 1 },
      { id: 5, received: 0, told: 0, closedWithin: 0 },
    ]);
  });

  it('files are added up', () => {
    const one = responses(reports, question);
    expect(addResponses([one, one])[0]).toEqual({ id: 1, received: 8, told: 6, closedWithin: 2 });
    expect(addResponses([])).toEqual([]);
  });
});

describe('hatch', () => {
  const square = [
    [0, 0],
    [4, 0],
    [4, 4],
    [0, 4],
    [0, 0],
  ] as const;
  const hole = [
    [1, 1],
    [1, 3],
    [3, 3],
    [3, 1],
    [1, 1],
  ] as const;
  const length = (strokes: ReturnType<typeof hatchOf>) =>
    strokes.reduce((sum, [[ax, ay], [bx, by]]) => sum + Math.hypot(bx - ax, by - ay), 0);

  it('fills an area evenly: stroke length × distance is its size', () => {
    const step = 0.05;
    expect((length(hatchOf([square], step)) * step) / Math.SQRT2).toBeCloseTo(16, 0);
    expect((length(hatchOf([square, hole], step)) * step) / Math.SQRT2).toBeCloseTo(12, 0);
  });

  it('never leaves it', () => {
    for (const [[ax, ay], [bx, by]] of hatchOf([square, hole], 0.37)) {
      const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
      expect(x >= 0 && x <= 4 && y >= 0 && y <= 4).toBe(true);
      expect(x > 1 && x < 3 && y > 1 && y < 3).toBe(false);
    }
    expect(hatchOf([], 1)).toEqual([]);
  });
});
