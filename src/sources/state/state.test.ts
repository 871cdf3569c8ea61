import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GOOD_CERTIFICATE, SERVER_KEY } from '../../../test/support/certificates.ts';
import { checksumOf } from '../../desired/blob-store.ts';
import { printStateSchema } from './json-schema.ts';
import { createStateSource } from './index.ts';
import type { Bed } from './testing/bed.ts';
import { bed, open, readText, signal } from './testing/bed.ts';

const POOL = 'kind: Pool\nname: web\nmembers: [10.0.0.1:80]\n';
const OTHER = 'kind: Pool\nname: other\n';

describe('AC-18 documents of the desired state', () => {
  it('are objects: names and addresses in short, and an address of its own for a virtual server', async () => {
    const { objects, told, complete } = await readText(`${POOL}  
monitor: /Common/http
---
- kind: VirtualServer
  name: web
  destination: '[2001:db8::1]:443'
  ipProtocol: tcp
  pool: web
  profiles: [/Common/tcp, { path: clientssl, context: clientside }]
  sourceAddressTranslation: automap
- { kind: GtmDatacenter, name: hq }
`);
    expect([complete, told]).toEqual([true, []]);
    expect(objects).toEqual([
      {
        kind: 'pool',
        path: '/k/web',
        monitor: { monitors: ['/Common/http'] },
        members: [{ address: { ip: '10.0.0.1' }, port: 80 }],
      },
      { kind: 'virtual-address', path: '/k/2001:db8::1', address: { ip: '2001:db8::1' } },
      expect.objectContaining({
        kind: 'virtual',
        path: '/k/web',
        destination: { address: { ip: '2001:db8::1' }, port: 443 },
        virtualAddress: '/k/2001:db8::1',
        pool: '/k/web',
        sourceAddressTranslation: { type: 'automap' },
      }),
      { kind: 'gtm-datacenter', path: '/Common/hq' },
    ]);
  });

  it('a document of the address takes the place of the one that a virtual server brings along', async () => {
    const { objects } = await readText(`kind: VirtualAddress
name: 10.1.10.50
address: 10.1.10.50
arp: disabled
---
kind: VirtualServer
name: web
destination: 10.1.10.50:80
ipProtocol: tcp
profiles: [/Common/tcp]
`);
    expect(objects).toMatchObject([{ kind: 'virtual-address', arp: 'disabled' }, { kind: 'virtual' }]);
  });

  it('addresses that name no route domain are in that of the target', async () => {
    const text = `${POOL}---\nkind: ArpEntry\nname: a\naddress: 10.0.0.1%3\nmac: C6:D2:32:6F:8F:44\n`;
    const { objects } = await readText(text, { routeDomain: 7 });
    expect(objects).toMatchObject([
      { members: [{ address: { ip: '10.0.0.1', routeDomain: 7 } }] },
      { address: { routeDomain: 3 }, mac: 'c6:d2:32:6f:8f:44' },
    ]);
  });

  it('rules of policies and sections of iRules name their origin, which the device keeps nowhere else', async () => {
    const { objects } = await readText(`kind: Policy
name: paths
rules:
  - name: api
    conditions: [{ operand: http-uri path, match: starts-with, values: [/api] }]
    actions: [{ type: forward, pool: web }]
---
kind: IRule
name: log
sections: |
  when HTTP_REQUEST { log local0. hello }
`);
    expect(objects).toMatchObject([
      {
        rules: [
          {
            origin: 'state:Policy/k/paths',
            conditions: [{ operand: 'http-uri', path: true, match: 'starts-with' }],
            actions: [{ type: 'forward', pool: '/k/web' }],
          },
        ],
      },
      { sections: [{ origin: 'state:IRule/k/log', text: 'when HTTP_REQUEST { log local0. hello }' }] },
    ]);
  });

  it('JSON is read, too, and members of a pool that others give are put together', async () => {
    const made = await bed({ paths: [] });
    const source = createStateSource({
      source: 'state',
      partition: 'k',
      paths: [join(made.folder, 'a.json')],
      allowEmpty: false,
      keepBytes: checksumOf,
      quietMs: 5,
      lentPools: new Set(['/Common/theirs']),
    });
    open.push(async () => source.close?.());
    const pools = [
      { kind: 'Pool', name: 'web', join: true },
      { kind: 'Pool', name: '/Common/theirs', members: ['10.0.0.1:80'] },
    ];
    await made.write('a.json', JSON.stringify(pools));
    const { contributions } = await source.read({ signal });
    expect(contributions.map(({ joins }) => joins)).toEqual([['pool:/k/web'], ['pool:/Common/theirs']]);
  });
});

describe('AC-18 a document with a problem', () => {
  it.each([
    ['kind: Pool\nname: web\nmembres: []\n', 'a.yaml:3: pool web: `membres`: is no known field; did you mean members?'],
    [
      'kind: Pool\nname: web\nmembers:\n  - 10.0.0.1:80\n  - { address: 10.0.0.2, port: 80, ration: 2 }\n',
      'a.yaml:5: pool web: `members[1].ration`: is no known field; did you mean ratio?',
    ],
    [
      'kind: Pool\nname: web\nmembers: [10.0.0.300:80]\n',
      'a.yaml:3: pool web: `members[0]`: found "10.0.0.300:80", expected a mapping with address and port, or in short 10.0.0.1:80',
    ],
    [
      'kind: VirtualServer\nname: web\nipProtocol: tcp\nprofiles: []\n',
      'a.yaml:1: virtual server web: `destination`: is missing, expected an address with a port, such as 10.0.0.1:80',
    ],
    [
      'kind: Monitor\nname: web\ntype: htpp\n',
      'a.yaml:3: monitor web: `type`: found "htpp", expected one of tcp, udp, http, https, gateway-icmp',
    ],
    [
      'kind: Monitor\nname: web\ntype: http\ninterval: 0\n',
      'a.yaml:4: monitor web: `interval`: found 0, expected a whole number from 1 to 86400',
    ],
    [
      'kind: Policy\nname: web\nrules:\n  - name: a\n    conditions: [{ operand: http-host, match: exists, values: [a] }]\n    actions: []\n',
      '`rules[0].conditions[0].values`: expected values beside match, or match: exists without them',
    ],
    [
      'kind: Policy\nname: web\nrules: [{ name: a, conditions: [], actions: [{ type: forwrad }] }]\n',
      '`rules[0].actions[0].type`: found "forwrad", expected one of forward, redirect',
    ],
    [
      'kind: Node\nname: web\naddress: 10.0.0.1\n',
      '`kind`: found Node, expected no document of it: it comes along with what needs it',
    ],
    [
      'kind: SslKey\nname: web.key\nfile: ./web.key\n',
      'a.yaml:1: certificate key file web.key: `name`: belongs to client SSL profile /k/web, expected a document of that, too',
    ],
    ['kind: Pool\nname: web\ndescription: 7\n', '`description`: found 7, expected a text'],
  ])('is told with file, line, object, field, found and expected: %#', async (text, expected) => {
    const { told, frozen, objects } = await readText(`${text}---\n${OTHER}`);
    expect(told.join('\n')).toContain(`state: ${expected.startsWith('a.yaml') ? '' : 'a.yaml:'}`);
    expect(told.join('\n')).toContain(expected);
    expect(frozen).toHaveLength(1);
    expect(objects).toMatchObject([{ path: '/k/other' }]);
  });

  it.each([
    ['kind: Poll\nname: web\n', '`kind`: found "Poll", expected a kind of object; did you mean Pool?'],
    ['kind: Pool\n', '`name`: found nothing, expected a name, a full path in /k'],
    [
      'kind: Pool\nname: /Common/web\n',
      '`name`: found "/Common/web", expected a name, a full path in /k, or a pool which',
    ],
    ['kind: Pool\nname: a/b\n', '`name`: found "a/b"'],
    ['just a text\n', 'found "just a text", expected a mapping with kind, name and the fields of the kind'],
  ])('whose object nobody can tell deletes nothing of any: %#', async (text, expected) => {
    const { complete, told, objects } = await readText(`${text}---\n${OTHER}`);
    expect(complete).toBe(false);
    expect(told.join('\n')).toContain(expected);
    expect(objects).toMatchObject([{ path: '/k/other' }]);
  });

  it('an object that stands twice is told with both places, and stays as it is', async () => {
    const made = await bed();
    await made.write('a.yaml', `${OTHER}---\n${POOL}`);
    await made.write('b.yaml', POOL);
    const { told, frozen } = await made.read();
    expect(frozen).toEqual(['state:Pool/k/web']);
    expect(told).toEqual([
      expect.stringMatching(/a\.yaml:4: pool web: `name`: is given at .*b\.yaml:1, too, expected once/),
      expect.stringMatching(/b\.yaml:1: pool web: `name`: is given at .*a\.yaml:4, too, expected once/),
    ]);
  });
});

describe('AC-18 a file', () => {
  it.each([
    ['', 'holds no object, expected at least one (or allowEmpty)'],
    ['# nothing\n---\n---\n', 'holds no object'],
    ['kind: Pool\nname: [\n', 'is no valid YAML'],
    ['kind: !secret hunter2\n', 'is no valid YAML: a word with ! in front is a tag'],
    ['kind: *hunter2\n', 'has an alias without an anchor'],
  ])('that cannot be understood keeps what it gave: %#', async (text, expected) => {
    const made = await bed();
    await made.write('a.yaml', POOL);
    const before = await made.read();
    await made.write('a.yaml', text);
    const { complete, told, objects } = await made.read();
    expect([complete, objects]).toEqual([false, before.objects]);
    expect(told).toEqual([expect.stringContaining(expected)]);
    expect(told.join('')).not.toContain('hunter2');
  });

  it('that is empty is meant so where that is allowed', async () => {
    expect(await readText('', { allowEmpty: true })).toMatchObject({ complete: true, told: [], objects: [] });
  });

  it('that is missing deletes nothing', async () => {
    expect(await (await bed()).read()).toMatchObject({
      complete: false,
      told: [expect.stringContaining('matches no file')],
    });
  });
});

it('a look at files that did not change costs nothing', async () => {
  const made = await bed();
  await made.write('a.yaml', `${POOL}---\n${OTHER}`);
  await made.write('b.yaml', 'kind: Pool\nname: third\nbad: 1\n');
  await made.read();
  const { extractions } = made.source.counters;
  await made.read();
  expect(made.source.counters.extractions).toBe(extractions);
  await made.write('a.yaml', POOL);
  expect((await made.read()).objects).toHaveLength(1);
});

describe('certificates and keys', () => {
  const PROFILE = 'kind: ClientSslProfile\nname: web\ncert: web.crt\nkey: web.key\n';
  const FILES = `${PROFILE}---
kind: SslCertificate
name: web.crt
file: ./tls/../web.crt
---
kind: SslKey
name: web.key
file: web.key
`;

  async function withFiles(): Promise<Bed> {
    const made = await bed();
    await made.write('web.crt', GOOD_CERTIFICATE);
    await made.write('web.key', SERVER_KEY);
    await made.write('a.yaml', FILES);
    return made;
  }

  it('stand in files beside the document, and only their checksums in objects', async () => {
    const made = await withFiles();
    const { objects, told } = await made.read();
    expect(told).toEqual([]);
    const crt = checksumOf(await readFile(join(made.folder, 'web.crt')));
    const key = checksumOf(await readFile(join(made.folder, 'web.key')));
    expect(objects).toMatchObject([{ kind: 'client-ssl' }, { path: '/k/web.crt', checksum: crt }, { checksum: key }]);
    expect(JSON.stringify(objects)).not.toContain('BEGIN');
  });

  it('that are something else, or not there, are told without what they hold', async () => {
    const made = await withFiles();
    await made.write('web.key', '-----BEGIN PRIVATE KEY-----\nhunter2\n');
    await rm(join(made.folder, 'web.crt'));
    const { told, frozen } = await made.read();
    expect(frozen).toEqual(['state:SslCertificate/k/web.crt', 'state:SslKey/k/web.key']);
    expect(told[0]).toMatch(/`file`: web\.crt cannot be read \(ENOENT\)/);
    expect(told[1]).toMatch(/`file`: web\.key holds something else, expected PEM with a private key/);
    expect(told.join('')).not.toContain('hunter2');
  });

  it('that change are followed', async () => {
    const made = await withFiles();
    await made.read();
    const stop = new AbortController();
    const changed = new Set<string>();
    const following = made.source.watch?.({
      signal: stop.signal,
      onChange: (cells) => [...cells].forEach((cell) => changed.add(cell)),
    });
    await made.write('web.key', '-----BEGIN PRIVATE KEY-----\n');
    await expect.poll(() => [...changed], { interval: 5, timeout: 5000 }).toEqual(['state:SslKey/k/web.key']);
    stop.abort();
    await following;
  });

  it.each([
    ['file: "-----BEGIN PRIVATE KEY-----\\nhunter2"\n', 'found PEM (not repeated here), expected a path'],
    ['checksum: |\n  -----BEGIN PRIVATE KEY-----\n  hunter2\n', 'found PEM (not repeated here)'],
    ['key: |\n  -----BEGIN PRIVATE KEY-----\n  hunter2\n', 'is no known field'],
    ['file: a\nchecksum: SHA1:1:aa\n', 'expected exactly one of file and checksum'],
  ])('in the document itself are refused and not repeated: %#', async (text, expected) => {
    const { told } = await readText(`${PROFILE}---\nkind: SslKey\nname: web.key\n${text}`);
    expect(told.join('\n')).toContain(expected);
    expect(told.join('\n')).not.toContain('hunter2');
  });
});

it('the schema of documents is published as it is: after a change of it, run `npm run schema`', async () => {
  const published = await readFile(new URL('../../../schema/state.schema.json', import.meta.url), 'utf8');
  expect(published).toBe(printStateSchema());
});
