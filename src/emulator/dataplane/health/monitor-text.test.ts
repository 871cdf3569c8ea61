import { describe, expect, it } from 'vitest';
import { parseOverride, receivePattern, sendBytes } from './monitor-text.ts';
import { healthOf } from './rule.ts';
import type { MonitorView } from './rule.ts';

describe('send strings', () => {
  it('have their escapes interpreted', () => {
    expect(sendBytes('GET /\\r\\n').toString()).toBe('GET /\r\n');
    expect(sendBytes('\\x22\\042\\t\\\\\\q\\').toString('latin1')).toBe('""\t\\q\\');
    expect([...sendBytes('\\xff\\377é')]).toEqual([255, 255, 0xc3, 0xa9]);
  });
});

describe('receive strings', () => {
  it('are expressions without regard to case, or plain text if they are none', () => {
    expect(receivePattern('HTTP/1\\.[01] [[:digit:]]{3}')?.test('http/1.1 200 OK')).toBe(true);
    expect(receivePattern('200 (OK')?.test('HTTP/1.1 200 (ok)')).toBe(true);
    expect(receivePattern('200 (OK')?.test('HTTP/1.1 200 OK')).toBe(false);
    expect([undefined, '', 'none'].map(receivePattern)).toEqual([undefined, undefined, undefined]);
  });
});

describe('destinations', () => {
  it('override the address, the port, both or nothing', () => {
    expect(parseOverride('*:*')).toEqual({});
    expect(parseOverride(undefined)).toEqual({});
    expect(parseOverride('*')).toEqual({});
    expect(parseOverride('*:8080')).toEqual({ port: 8080 });
    expect(parseOverride('10.0.0.1:80')).toEqual({ address: '10.0.0.1', port: 80 });
    expect(parseOverride('10.0.0.1%3:80')).toEqual({ address: '10.0.0.1', port: 80 });
    expect(parseOverride('2001:db8::1.80')).toEqual({ address: '2001:db8::1', port: 80 });
    expect(parseOverride('*.80')).toEqual({ port: 80 });
    expect(parseOverride('10.0.0.1:*')).toEqual({ address: '10.0.0.1' });
  });
});

describe('monitor rules', () => {
  const views = (...all: readonly MonitorView['status'][]): readonly MonitorView[] =>
    all.map((status) => ({ status, draining: false }));

  it('want all monitors, or some', () => {
    expect(healthOf([], undefined).health).toBe('unchecked');
    expect(healthOf(views('up', 'up'), undefined).health).toBe('up');
    expect(healthOf(views('up', 'checking'), undefined).health).toBe('checking');
    expect(healthOf(views('checking', 'down'), undefined).health).toBe('down');
    expect(healthOf(views('up', 'down', 'down'), 1).health).toBe('up');
    expect(healthOf(views('up', 'down', 'checking'), 2).health).toBe('checking');
    expect(healthOf(views('up', 'down', 'down'), 2).health).toBe('down');
    expect(healthOf(views('up'), 5).health).toBe('up');
  });

  it('let a member that is up drain when one of them says so', () => {
    const draining = { status: 'up', draining: true } as const;
    expect(healthOf([...views('up'), draining], undefined)).toEqual({ health: 'up', draining: true });
    expect(healthOf([...views('down'), draining], undefined)).toEqual({ health: 'down', draining: false });
  });
});
