import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scheduler } from './scheduler.ts';
import { IdleWatch } from './session.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('an idle watch', () => {
  it('goes off once nothing has moved for the time-out, counted from the last movement', () => {
    let idle = 0;
    const watch = new IdleWatch(new Scheduler(), 100, () => (idle += 1));
    vi.advanceTimersByTime(90);
    watch.touch();
    vi.advanceTimersByTime(95);
    expect(idle).toBe(0);
    vi.advanceTimersByTime(10);
    expect(idle).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(idle).toBe(1);
  });

  it('never goes off after it was stopped, or without a time-out', () => {
    let idle = 0;
    const scheduler = new Scheduler();
    new IdleWatch(scheduler, 100, () => (idle += 1)).stop();
    const endless = new IdleWatch(scheduler, Infinity, () => (idle += 1));
    vi.advanceTimersByTime(10_000_000);
    endless.stop();
    expect(idle).toBe(0);
  });
});
