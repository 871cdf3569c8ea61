import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Scheduler } from './scheduler.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('the scheduler', () => {
  it('runs everything at its time and in order, with one timer', () => {
    const scheduler = new Scheduler();
    const ran: string[] = [];
    const delays = [50, 10, 30, 10, 70, 20, 60, 40];
    for (const [index, delay] of delays.entries()) scheduler.after(delay, () => ran.push(`${delay}#${index}`));
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(30);
    expect(ran).toEqual(['10#1', '10#3', '20#5', '30#2']);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(1000);
    expect(ran).toEqual(['10#1', '10#3', '20#5', '30#2', '40#7', '50#0', '60#6', '70#4']);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('does not run what was cancelled, and forgets it when there is much of it', () => {
    const scheduler = new Scheduler();
    let ran = 0;
    const all = Array.from({ length: 5000 }, (_, i) => scheduler.after(1 + (i % 100), () => (ran += 1)));
    for (const [index, one] of all.entries()) if (index % 5 !== 0) one.cancel();
    for (const one of all.slice(0, 100)) one.cancel();
    vi.advanceTimersByTime(200);
    expect(ran).toBe(1000 - 20);
  });

  it('runs what a task schedules, also for now', () => {
    const scheduler = new Scheduler();
    const ran: string[] = [];
    scheduler.after(5, () => {
      ran.push('outer');
      scheduler.after(0, () => ran.push('inner'));
    });
    vi.advanceTimersByTime(10);
    expect(ran).toEqual(['outer', 'inner']);
  });

  it('runs nothing after it was closed', () => {
    const scheduler = new Scheduler();
    let ran = 0;
    scheduler.after(5, () => (ran += 1));
    scheduler.close();
    scheduler.after(5, () => (ran += 1));
    vi.advanceTimersByTime(100);
    expect([ran, vi.getTimerCount()]).toEqual([0, 0]);
  });
});
