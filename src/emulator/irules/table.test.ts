import { describe, expect, it } from 'vitest';
import type { Tcl } from '../tcl/index.ts';
import { sessionCommand, SessionTable, tableCommand } from './table.ts';

const none = undefined as unknown as Tcl;

/** The commands on a table of their own, and its clock. */
function start(): {
  table: (line: string) => string;
  session: (line: string) => string;
  wait: (seconds: number) => void;
} {
  let now = 0;
  const entries = new SessionTable(() => now);
  const [table, session] = [tableCommand(entries), sessionCommand(entries)];
  return {
    table: (line) => table(line.split(' '), none),
    session: (line) => session(line.split(' '), none),
    wait: (seconds) => (now += seconds * 1000),
  };
}

describe('the session table of iRules', () => {
  it('sets, adds, replaces, counts and appends', () => {
    const { table } = start();
    expect([table('add k 1'), table('add k 2'), table('set -excl k 3'), table('lookup k')]).toEqual([
      '1',
      '1',
      '1',
      '1',
    ]);
    expect([table('replace k 4'), table('replace x 5'), table('set -mustexist x 6'), table('lookup x')]).toEqual([
      '4',
      '',
      '',
      '',
    ]);
    expect([table('incr k'), table('incr k -3'), table('incr -mustexist y'), table('incr y 2')]).toEqual([
      '5',
      '2',
      '',
      '2',
    ]);
    expect([table('append k a'), table('append -mustexist z b'), table('lookup z')]).toEqual(['2a', '', '']);
    expect(() => table('incr k')).toThrow('expected integer but got "2a"');
  });

  it('lets entries go after their time-out without a touch, and at the end of their lifetime', () => {
    const { table, wait } = start();
    table('set a 1');
    table('set b 1 10 25');
    expect([table('timeout a'), table('lifetime a'), table('timeout b'), table('lifetime b')]).toEqual([
      '180',
      'indefinite',
      '10',
      '25',
    ]);
    wait(9);
    expect([table('timeout -remaining b'), table('lookup b'), table('timeout -remaining b')]).toEqual(['1', '1', '10']);
    wait(9);
    expect([table('lookup -notouch b'), table('lifetime -remaining b')]).toEqual(['1', '7']);
    wait(2);
    expect(table('lookup b')).toBe('');
    table('set c 1 indefinite 5');
    expect(table('timeout c 3')).toBe('3');
    wait(4);
    expect([table('lookup c'), table('lookup a')]).toEqual(['', '1']);
  });

  it('has sub-tables, whose keys it lists and counts', () => {
    const { table } = start();
    table('set -subtable s k1 1');
    table('set -subtable s k2 2 60');
    table('set k1 other');
    expect([table('keys -subtable s'), table('keys -subtable s -count'), table('lookup -subtable s k1')]).toEqual([
      'k1 k2',
      '2',
      '1',
    ]);
    table('set k3 -count');
    expect(table('lookup k3')).toBe('-count');
    table('delete -subtable s -all');
    expect([table('keys -subtable s -count'), table('lookup k1')]).toEqual(['0', 'other']);
    expect(() => table('peek k')).toThrow('bad option "peek"');
  });

  it('serves the older session commands', () => {
    const { session, wait } = start();
    session('add uie key data 30');
    expect([session('lookup uie key'), session('lookup simple key')]).toEqual(['data', '']);
    wait(31);
    expect(session('lookup uie key')).toBe('');
    expect(() => session('what uie key')).toThrow('bad option');
  });
});
