import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { GOOD_CERTIFICATE, OTHER_NAME_CERTIFICATE, SERVER_KEY } from '../support/certificates.ts';
import { type Bed, makeBed, until } from '../support/e2e.ts';

const EXAMPLE = path.join(import.meta.dirname, '../../examples/state/objects');

/** The example of the pages on a device: the files are a source on their own. */
async function bedOfState(): Promise<{
  readonly bed: Bed;
  readonly edit: (file: string, change: (text: string) => string) => Promise<void>;
}> {
  const bed = await makeBed({ source: '  - name: state\n    state: { paths: [./objects/*.yaml] }' });
  await cp(EXAMPLE, path.join(bed.folder, 'objects'), { recursive: true });
  const edit = async (file: string, change: (text: string) => string): Promise<void> => {
    const name = path.join(bed.folder, 'objects', file);
    const text = await readFile(name, 'utf8');
    const after = change(text);
    expect(after).not.toBe(text);
    await writeFile(name, after);
  };
  return { bed, edit };
}

const writesTo = (bed: Bed): readonly string[] => bed.writes().filter((write) => write.includes('/ltm/'));

const without = (kind: string, name: string) => (text: string) =>
  text
    .split('---\n')
    .filter((document) => !document.includes(`kind: ${kind}\nname: ${name}\n`))
    .join('---\n');

it('AC-18 a checked-in desired state is a source on its own: applied, nothing the second time, a field is a request', async () => {
  const { bed, edit } = await bedOfState();
  await bed.apply();
  const keys = [...bed.state().keys()].join('\n');
  for (const name of ['shop', 'shop-api', 'shop-health', 'dns', '10.1.10.50', '10.1.10.53'])
    expect(keys).toContain(name);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  await edit('shop.yaml', (text) => text.replace('least-connections-member', 'ratio-member'));
  await bed.apply();
  expect(writesTo(bed)).toEqual([expect.stringMatching(/^PATCH .*\/ltm\/pool\/~k~shop$/)]);
});

it('AC-18 a document that is removed is an object that goes, and the members that it brought along', async () => {
  const { bed, edit } = await bedOfState();
  await bed.apply();
  await edit('shop.yaml', (text) =>
    without('Pool', 'shop-api')(text).replace('type: forward, pool: shop-api', 'type: reset'),
  );
  bed.emulator.log.clear();
  await bed.apply();
  expect(writesTo(bed).some((write) => /^DELETE .*\/ltm\/pool\/~k~shop-api$/.test(write))).toBe(true);
  expect([...bed.state().keys()].some((key) => key.includes('shop-api'))).toBe(false);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-18 a bad document leaves its object as it is, an empty file all of its own, and all others go on', async () => {
  const { bed, edit } = await bedOfState();
  await bed.apply();
  const shop = (): unknown => [...bed.state()].filter(([key]) => key.includes('shop'));
  const before = shop();
  await edit('shop.yaml', (text) => text.replace('loadBalancingMode: least', 'loadBalancngMode: least'));
  await edit('dns.yaml', (text) => text.replace('10.0.0.53:53', '10.0.0.54:53'));
  const bad = await bed.cli('apply', '--yes');
  expect(bad.out + bad.err).toMatch(
    /shop\.yaml:16: pool shop: `loadBalancngMode`: is no known field; did you mean loadBalancingMode\?/,
  );
  expect(shop()).toEqual(before);
  expect([...bed.state().keys()].some((key) => key.includes('10.0.0.54'))).toBe(true);
  await writeFile(path.join(bed.folder, 'objects/shop.yaml'), '');
  const empty = await bed.cli('apply', '--yes');
  expect(empty.out + empty.err).toMatch(/shop\.yaml: holds no object, expected at least one \(or allowEmpty\)/);
  expect(shop()).toEqual(before);
});

it('AC-18 run follows the files', async () => {
  const { bed, edit } = await bedOfState();
  const running = await bed.run().started();
  await until('all is there', () => [...bed.state().keys()].some((key) => key.includes('10.0.0.53:53')));
  bed.emulator.log.clear();
  await edit('dns.yaml', (text) => text.replace('10.0.0.53:53', '10.0.0.53:53, 10.0.0.54:53'));
  await until('the member is there', () => [...bed.state().keys()].some((key) => key.includes('10.0.0.54:53')));
  expect(writesTo(bed)).toHaveLength(1);
  expect(await running.stop()).toBe(0);
});

it('AC-18 get --output state prints what is wanted: read back, it is the same, and there is nothing to do', async () => {
  const { bed } = await bedOfState();
  await bed.apply();
  const { out, code } = await bed.cli('get', '--output', 'state');
  expect(code).toBe(0);
  const plain = async (): Promise<readonly object[]> => {
    const shown = await bed.cli('get', '--output', 'json');
    const { objects } = JSON.parse(shown.out) as { readonly objects: readonly { readonly object: object }[] };
    return objects.map(({ object }) => object);
  };
  const before = await plain();
  expect(before.length).toBeGreaterThan(9);
  await rm(path.join(bed.folder, 'objects/dns.yaml'));
  await writeFile(path.join(bed.folder, 'objects/shop.yaml'), out);
  expect(await plain()).toEqual(before);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-18 an iRule is there before the virtual server that runs it, and goes after it', async () => {
  const { bed } = await bedOfState();
  const rule = 'kind: IRule\nname: hello\nsections: "when HTTP_REQUEST { HTTP::respond 200 }"\n';
  const virtual = (rules: string): string =>
    `kind: VirtualServer\nname: a\ndestination: 10.1.10.9:80\nipProtocol: tcp\nprofiles: [/Common/tcp, /Common/http]\n${rules}`;
  const write = (...documents: readonly string[]): Promise<void> =>
    writeFile(path.join(bed.folder, 'objects/shop.yaml'), documents.join('---\n'));
  await write(virtual('rules: [hello]\n'), rule);
  await bed.apply();
  await write(virtual(''));
  await bed.apply();
  await write(virtual('rules: [hello]\n'), rule);
  await bed.apply();
  await write('kind: Pool\nname: z\n');
  await bed.apply();
  expect([...bed.state().keys()].filter((key) => key.includes('virtual/') && key.includes('~a'))).toEqual([]);
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
});

it('AC-18 certificates and keys come from files beside the documents; a new certificate is one change, and no output holds a key', async () => {
  const { bed } = await bedOfState();
  const file = (name: string): string => path.join(bed.folder, 'objects', name);
  await writeFile(file('web.crt'), GOOD_CERTIFICATE);
  await writeFile(file('web.key'), SERVER_KEY);
  await writeFile(
    file('shop.yaml'),
    [
      'kind: ClientSslProfile\nname: web\ncert: web.crt\nkey: web.key\n',
      'kind: SslCertificate\nname: web.crt\nfile: ./web.crt\n',
      'kind: SslKey\nname: web.key\nfile: ./web.key\n',
      'kind: VirtualServer\nname: web\ndestination: 10.1.10.60:443\nipProtocol: tcp\nprofiles: [/Common/tcp, { path: web, context: clientside }]\n',
    ].join('---\n'),
  );
  await bed.apply();
  bed.emulator.log.clear();
  await bed.apply();
  expect(bed.writes()).toEqual([]);
  await writeFile(file('web.crt'), OTHER_NAME_CERTIFICATE);
  await bed.apply();
  const changed = bed.writes().filter((write) => /ssl-(?:cert|key)|client-ssl/.test(write));
  expect(changed).toEqual([expect.stringMatching(/sys\/file\/ssl-cert\/~k~web\.crt$/)]);
  await bed.cli('get', '--output', 'state');
  expect(bed.printed).toContain('checksum: SHA1:');
  expect(bed.printed).not.toContain('PRIVATE KEY');
});
