import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { lineProgress } from './progress.ts';
import { fakeIo } from './testing/fake-io.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

it('a step shows itself only after a second, on one line, and goes away', () => {
  const io = fakeIo({ terminal: true });
  const progress = lineProgress(io.stderr);
  progress.step('reading bigip1');
  vi.advanceTimersByTime(999);
  expect(io.err()).toBe('');
  vi.advanceTimersByTime(1);
  expect(io.err()).toBe('\r\u001B[2K| reading bigip1');
  progress.count(3, 10);
  vi.advanceTimersByTime(100);
  expect(io.err()).toContain('\r\u001B[2K/ reading bigip1 (3 of 10)');
  expect(io.err()).not.toContain('\n');
  progress.clear();
  const before = io.err();
  expect(before.endsWith('\r\u001B[2K')).toBe(true);
  vi.advanceTimersByTime(5000);
  expect(io.err()).toBe(before);
});

it('a short step shows nothing at all', () => {
  const io = fakeIo({ terminal: true });
  const progress = lineProgress(io.stderr);
  progress.step('quick');
  progress.clear();
  vi.advanceTimersByTime(5000);
  expect(io.err()).toBe('');
});
