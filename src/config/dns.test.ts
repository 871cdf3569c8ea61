import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

/** A config with these sections `dns`. */
function parse(target: string, source = '{}', name = 'east') {
  const text = `instance: test
sources:
  - { name: ${name}, kubernetes: { inCluster: true }, dns: ${source} }
targets:
  - name: bigip
    bigip: { url: https://bigip.example.com, username: admin, password: { env: PASSWORD } }
    dns: ${target}
`;
  return parseConfig(text, 'fairlead.yaml');
}

const HQ = '{ name: hq, server: bigip1 }';

describe('sections dns', () => {
  it('take a server by name, or all that is needed to make it', () => {
    const { config, diagnostics } = parse(
      `{ datacenters: [${HQ}, { name: west, server: { name: bigip2, addresses: [192.0.2.2, { address: '2001:db8::2', device: b }] } }], ttl: 60 }`,
      '{ datacenters: [west], suffix: "{namespace}.example.com", zones: [example.com] }',
    );
    expect(diagnostics).toEqual([]);
    expect(config?.targets[0]?.dns).toMatchObject({
      datacenters: [
        { name: 'hq', server: 'bigip1' },
        { name: 'west', server: { name: 'bigip2', product: 'bigip', addresses: ['192.0.2.2', { device: 'b' }] } },
      ],
      loadBalancing: { datacenters: 'round-robin', virtualServers: 'round-robin' },
      ttl: 60,
    });
    expect(config?.sources[0]?.dns).toMatchObject({ enabled: true, externalDns: true, ingress: true });
  });

  const bad: readonly { title: string; target: string; source?: string; words: RegExp }[] = [
    { title: 'a data center twice', target: `[${HQ}, { name: hq, server: bigip2 }]`, words: /"hq" again/ },
    {
      title: 'a server in two data centers',
      target: `[${HQ}, { name: west, server: bigip1 }]`,
      words: /"bigip1" again/,
    },
    {
      title: 'an unknown data center',
      target: `[${HQ}]`,
      source: '{ datacenters: [east] }',
      words: /expected a data center of a target: hq/,
    },
    { title: 'no data center', target: '[]', words: /datacenters/ },
    { title: 'a zone with a dot at its end', target: `[${HQ}]`, source: '{ zones: [example.com.] }', words: /zones/ },
    {
      title: 'an address that is none',
      target: '[{ name: hq, server: { name: b, addresses: [300.1.1.1] } }]',
      words: /300\.1\.1\.1/,
    },
    { title: 'a field that is none', target: `[${HQ}], tll: 5`, words: /tll/ },
  ];
  it.each(bad)('refuse $title', ({ target, source, words }) => {
    const { config, diagnostics } = parse(`{ datacenters: ${target} }`, source);
    expect(config).toBeUndefined();
    expect(diagnostics[0]?.summary).toMatch(words);
  });

  it('no source has the name that is our own', () => {
    expect(parse(`{ datacenters: [${HQ}] }`, '{}', 'config').diagnostics[0]?.summary).toMatch(/found "config"/);
  });
});
