import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { calmFrames } from '../../../web/src/map/calm-frames.ts';

/** A screen of 50 frames a second on the made clock. */
const FRAME_MS = 20;

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('requestAnimationFrame', (callback: FrameRequestCallback) =>
    Number(setTimeout(() => callback(performance.now()), FRAME_MS)),
  );
  vi.stubGlobal('cancelAnimationFrame', (id: number) => clearTimeout(id));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** As the loop of luma.gl: every frame asks for the next. */
function loop({ provider }: ReturnType<typeof calmFrames>) {
  const seen: number[] = [];
  let id = 0;
  const frame = () => {
    seen.push(performance.now());
    id = provider.requestAnimationFrame(frame);
  };
  id = provider.requestAnimationFrame(frame);
  return { seen, stop: () => provider.cancelAnimationFrame(id) };
}

describe('calm frames', () => {
  it('looks twice a second while nothing changes', () => {
    const { seen } = loop(calmFrames());
    vi.advanceTimersByTime(10_000);
    expect(seen.length).toBe(20);
  });

  it('runs with the screen from the frame after a change on, and is calm again afterwards', () => {
    const calm = calmFrames();
    const { seen } = loop(calm);
    vi.advanceTimersByTime(10_100);
    const before = seen.length;
    calm.stir();
    vi.advanceTimersByTime(FRAME_MS);
    expect(seen.length).toBe(before + 1);
    vi.advanceTimersByTime(1000);
    expect(seen.length).toBeGreaterThan(before + 40);
    vi.advanceTimersByTime(2000);
    const after = seen.length;
    vi.advanceTimersByTime(10_000);
    expect(seen.length - after).toBe(20);
  });

  it('stays one loop however often it is stirred', () => {
    const calm = calmFrames();
    const { seen } = loop(calm);
    vi.advanceTimersByTime(700);
    for (let i = 0; i < 5; i++) calm.stir();
    const before = seen.length;
    vi.advanceTimersByTime(200);
    expect(seen.length - before).toBe(200 / FRAME_MS);
  });

  it('calls nothing that was cancelled, asleep or just woken', () => {
    const calm = calmFrames();
    const asleep = loop(calm);
    asleep.stop();
    const woken = loop(calm);
    calm.stir();
    woken.stop();
    vi.advanceTimersByTime(5000);
    expect([asleep.seen, woken.seen]).toEqual([[], []]);
  });
});
