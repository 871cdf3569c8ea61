import { describe, expect, it } from 'vitest';
import { manualClock, startTest } from '../test-kit.ts';

describe('programs of a shell that only read', () => {
  async function shell(): Promise<(line: string) => Promise<unknown>> {
    const client = await startTest({ clock: manualClock(Date.UTC(2026, 0, 5, 8, 7, 6)) });
    await client.post('ltm/pool', { name: 'pool1' });
    await client.post('ltm/pool', { name: 'pool2' });
    await client.send('POST', '/mgmt/shared/file-transfer/uploads/notes.txt', 'one\ntwo\nthree\n', {
      'Content-Type': 'application/octet-stream',
      'Content-Range': '0-13/14',
    });
    return async (line) => {
      const { status, body } = await client.post('util/bash', { command: 'run', utilCmdArgs: `-c "${line}"` });
      expect(status).toBe(200);
      return body.commandResult;
    };
  }

  it('are what clients ask a box by', async () => {
    const run = await shell();
    expect(await run('runlevel')).toBe('N 3\n');
    expect(await run('date')).toBe('Mon Jan  5 08:07:06 UTC 2026\n');
    expect(await run('hostname')).toBe('bigip1.example.com\n');
    expect(await run('cat /proc/uptime')).toMatch(/^\d+\.\d\d 0\.00\n$/v);
    expect(await run('cat /VERSION')).toContain('Version: 17.1.0\n');
    expect(await run(String.raw`ps aux | grep '[m]prov' | grep -v /usr/libexec/qemu-kvm`)).toBeUndefined();
    expect(await run(String.raw`ps aux | grep '[m]cpd'`)).toContain(' mcpd\n');
  });

  it.each([
    ['cat notes', 'cat: notes: No such file or directory\n'],
    ['cat DIR/notes.txt | head -n 2 | tail -1', 'two\n'],
    ['head -1 DIR/notes.txt', 'one\n'],
    ['tail -n 0 DIR/notes.txt', undefined],
    ['wc -l DIR/notes.txt', '3 DIR/notes.txt\n'],
    ['grep -i TWO DIR/notes.txt', 'two\n'],
    ['grep -E one|two DIR/notes.txt', '/bin/bash: two: command not found\n'],
    [String.raw`grep 'one\|two' DIR/notes.txt`, 'one\ntwo\n'],
    ["grep -E 'one|two' DIR/notes.txt", 'one\ntwo\n'],
    ["grep 't+' DIR/notes.txt", undefined],
    ["grep -E '(' DIR/notes.txt", 'grep: Invalid regular expression\n'],
    ['echo a; echo b && echo c', 'a\nb\nc\n'],
    ['tmsh list ltm pool one-line | grep pool2', 'ltm pool pool2 { }\n'],
  ])('read with %j', async (line, printed) => {
    const run = await shell();
    const here = '/var/config/rest/downloads';
    expect(await run(line.replace('DIR', here))).toBe(printed?.replace('DIR', here));
  });
});
