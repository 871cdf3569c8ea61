import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { printSchema } from '../config/json-schema.ts';
import { loadEmulatorConfig, parseEmulatorConfig } from './emulator-config.ts';
import { publishedEmulatorSchema } from './emulator-schema.ts';

const EXAMPLE = new URL('../../examples/emulator/emulator.yaml', import.meta.url).pathname;
const good = `devices:
  - hostname: a.example.com
    listen: 127.0.0.1:0
    tmos: 12.1
    users: [{ name: admin, password: { env: PW } }]
`;

/** The problems of a text, without their codes. */
function problems(text: string): readonly string[] {
  return parseEmulatorConfig(text, 'e.yaml').diagnostics.map(({ origin, summary }) => `${origin}: ${summary}`);
}

describe('the config file of the emulator', () => {
  it('is completed with defaults; a release may be a number', () => {
    expect(parseEmulatorConfig(good, 'e.yaml').config).toEqual({
      devices: [
        {
          hostname: 'a.example.com',
          listen: '127.0.0.1:0',
          tmos: '12.1',
          users: [{ name: 'admin', password: { env: 'PW' }, role: 'admin' }],
          modules: [],
          tls: {},
          dataPlane: { enabled: true, timeScale: 1 },
          openPage: false,
          faults: [],
        },
      ],
    });
  });

  it.each([
    ['tmos: 12.1', 'tmos: 11.6', '4:11: `devices[0].tmos`: found 11.6, expected a TMOS release: 12.1, 13.1'],
    ['127.0.0.1:0', 'localhost', '3:13: `devices[0].listen`: found "localhost", expected ADDRESS:PORT'],
    ['a.example.com', 'a_b', '2:15: `devices[0].hostname`: found "a_b", expected a host name with a domain'],
    ['hostname:', 'hostnam:', '2:5: `devices[0].hostnam`: is no known name; did you mean hostname?'],
    [
      '{ env: PW }',
      'hunter2',
      '`devices[0].users[0].password`: found a plain string, expected a reference to a password',
    ],
    [
      '{ env: PW }',
      '{ hunter2: }',
      'has a name that is not known (not repeated here, it may be the secret); expected one of env, file',
    ],
    ['{ env: PW }', '{ env: PW, file: x }', 'exactly one of env, file'],
    [
      'tmos:',
      'faults: [{ type: latency }]\n    tmos:',
      '`devices[0].faults[0].ms`: found nothing, expected milliseconds, or a profile instead',
    ],
    [
      'tmos:',
      'faults: [{ type: refused }]\n    tmos:',
      '`devices[0].faults[0].durationMs`: found nothing, expected a number of 0 or more',
    ],
    ['tmos:', 'faults: [{ type: unavailable, path: "(" }]\n    tmos:', 'found "(", expected a regular expression'],
    [
      'tmos:',
      'tls: { cert: a.pem }\n    tmos:',
      '`devices[0].tls`: found a mapping with cert, expected both cert and key, or neither',
    ],
    ['tmos:', 'dataPlane: { timeScale: 0 }\n    tmos:', '`devices[0].dataPlane.timeScale`: found 0, expected'],
  ])('tells what is wrong with %s -> %s', (from, to, message) => {
    expect(good).toContain(from);
    const found = problems(good.replace(from, to)).join('\n');
    expect(found).toContain(message);
    expect(found).toMatch(/^e\.yaml:\d+:\d+: /);
    expect(found).not.toContain('hunter2');
  });

  it('gives each device an address, a name and a folder of its own, also where they are left out', () => {
    const device =
      '  - { users: [{ name: a, password: { env: PW } }, { name: a, password: { env: PW } }], state: s }\n';
    expect(problems(`devices:\n${device}${device}`)).toEqual([
      expect.stringContaining(
        '2:59: `devices[0].users[1].name`: found "a" again, expected one of its own (users[0] has it)',
      ),
      expect.stringContaining(
        '`devices[1].hostname`: is left out, and its default "bigip1.example.com", expected one of its own',
      ),
      expect.stringContaining('`devices[1].listen`: is left out, and its default "127.0.0.1:8443", expected'),
      expect.stringContaining('`devices[1].users[1].name`'),
      expect.stringContaining('`devices[1].state`: found "s" again'),
    ]);
    expect(problems('')).toEqual(['e.yaml:1:1: the file is empty, expected at least devices (docs/emulator.md)']);
  });

  it('names paths from its own folder', async () => {
    const { config, diagnostics } = await loadEmulatorConfig(EXAMPLE);
    expect(diagnostics).toEqual([]);
    expect(config?.devices[0]?.conf).toBe(EXAMPLE.replace('emulator.yaml', 'bigip.conf'));
  });

  it('has a published schema: after a change, run `npm run schema`', async () => {
    const published = await readFile(new URL('../../schema/emulator.schema.json', import.meta.url), 'utf8');
    expect(published).toBe(printSchema(publishedEmulatorSchema()));
  });
});
