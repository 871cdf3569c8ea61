import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { manualClock, startTest, type Client, type TestReply } from '../../test-kit.ts';
import { selfSigned } from '../../tls/self-signed.ts';

const now = Date.UTC(2026, 0, 1);

function words({ status, body }: TestReply): string {
  return `${status} ${body?.message ?? ''}`;
}

async function upload(client: Client, name: string, content: string): Promise<void> {
  const { status } = await client.send('POST', `/mgmt/shared/file-transfer/uploads/${name}`, content, {
    'Content-Type': 'application/octet-stream',
    'Content-Range': `0-${content.length - 1}/${content.length}`,
  });
  expect(status).toBe(200);
}

/** A file of the device, as clients fetch requests: moved to where files can be fetched from. */
async function fetched(client: Client, from: string): Promise<string> {
  await client.post('util/unix-mv', { command: 'run', utilCmdArgs: `${from} /var/config/rest/bulk/file` });
  const { status, text } = await client.get('/mgmt/shared/file-transfer/bulk/file');
  expect(status).toBe(200);
  return text;
}

/** A folder that goes with the test. */
function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'emulator-crypto-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

const subject = { commonName: 'www.example.com', organization: 'Example, Inc.', country: 'DE' };

describe('sys crypto key', () => {
  it.each([
    [
      { keyType: 'rsa-private', keySize: '2048' },
      { keySize: 2048, keyType: 'rsa-private', curveName: 'none' },
    ],
    [{ keySize: 1024 }, { keySize: 1024, keyType: 'rsa-private' }],
    [
      { keyType: 'ec-private', curveName: 'secp384r1' },
      { keySize: 384, keyType: 'ec-private', curveName: 'secp384r1' },
    ],
  ])('makes a key of %j', async (given, file) => {
    const client = await startTest();
    const made = await client.post('sys/crypto/key', { name: 'new', ...given });
    expect(made.body).toMatchObject({
      kind: 'tm:sys:crypto:key:keystate',
      fullPath: '/Common/new.key',
      keySize: file.keySize,
    });
    expect((await client.get('sys/file/ssl-key/~Common~new.key')).body).toMatchObject(file);
    expect(words(await client.post('sys/crypto/key', { name: 'new.key', ...given }))).toContain('409 01020066:3:');
    expect((await client.delete('sys/crypto/key/new.key')).status).toBe(200);
    expect((await client.get('sys/file/ssl-key/~Common~new.key')).status).toBe(404);
  });

  it('makes a certificate or a request along, and profiles can use both files', async () => {
    const client = await startTest({ clock: manualClock(now) });
    const body = { name: 'site', ...subject, subjectAlternativeName: 'DNS:www.example.com, IP:10.0.0.1', lifetime: 30 };
    await client.post('sys/crypto/key', { ...body, genCertificate: true, genCsr: true });
    expect((await client.get('sys/file/ssl-cert/site.crt')).body).toMatchObject({
      subject: 'CN=www.example.com,O=Example\\, Inc.,C=DE',
      subjectAlternativeName: 'DNS:www.example.com, IP Address:10.0.0.1',
      expirationDate: now / 1000 + 30 * 86_400,
      certificateKeySize: 2048,
      isBundle: 'false',
    });
    const profile = { name: 'ssl', cert: '/Common/site.crt', key: '/Common/site.key' };
    expect(words(await client.post('ltm/profile/client-ssl', profile))).toBe('200 ');
    expect(await fetched(client, '/config/ssl/ssl.csr/site')).toContain('BEGIN CERTIFICATE REQUEST');
  });

  it('protects a key by a passphrase, which no answer repeats', async () => {
    const client = await startTest();
    const made = await client.post('sys/crypto/key', {
      name: 'k',
      passphrase: 'very-secret',
      securityType: 'password',
    });
    expect(made.text).not.toContain('very-secret');
    expect(made.body).toMatchObject({ securityType: 'password' });
    expect(words(await client.post('ltm/profile/client-ssl', { name: 's', key: 'k.key' }))).not.toContain('secret');
  });

  it.each([
    [{ keySize: 1000 }, '400 invalid property value "key-size":"1000"'],
    [{ keyType: 'rsa' }, '400 invalid property value "key-type":"rsa"'],
    [{ keyType: 'ec-private', curveName: 'x' }, '400 invalid property value "curve-name":"x"'],
    [{ colour: 'red' }, '400 "colour" unknown property'],
    [{ genCertificate: true }, '400 "common-name" must be specified'],
    [{ genCertificate: true, commonName: 'a', lifetime: 0 }, '400 invalid property value "lifetime":"0"'],
  ])('refuses %j, and leaves nothing behind', async (given, text) => {
    const client = await startTest();
    expect(words(await client.post('sys/crypto/key', { name: 'k', ...given }))).toBe(text);
    expect((await client.get('sys/file/ssl-key/k.key')).status).toBe(404);
  });

  it('is made by tmsh, and in transactions', async () => {
    const client = await startTest();
    const line = 'tmsh create sys crypto key t key-type ec-private gen-certificate common-name t.example.com';
    const { body } = await client.post('util/bash', { command: 'run', utilCmdArgs: `-c "${line}"` });
    expect(body).not.toHaveProperty('commandResult');
    expect((await client.get('sys/file/ssl-cert/t.crt')).body.subject).toBe('CN=t.example.com');
    const done = await client.transact(
      ['POST', 'sys/crypto/key', { name: 'u', keyType: 'ec-private' }],
      ['POST', 'sys/crypto/cert', { name: 'u', key: 'u.key', commonName: 'u.example.com' }],
    );
    expect(done.body.state).toBe('COMPLETED');
    expect((await client.get('sys/crypto/cert/u.crt')).body.commonName).toBe('u.example.com');
  });
});

describe('sys crypto cert and csr', () => {
  it('are signed by the key that they name', async () => {
    const client = await startTest();
    await client.post('sys/crypto/key', { name: 'k' });
    const cert = await client.post('sys/crypto/cert', { name: 'c', key: '/Common/k.key', ...subject });
    expect(cert.body).toMatchObject({ kind: 'tm:sys:crypto:cert:certstate', commonName: 'www.example.com' });
    expect(words(await client.post('sys/crypto/cert', { name: 'd', key: 'none.key', ...subject }))).toBe(
      '400 0107134a:3: File object by name (none.key) is missing.',
    );
    const csr = {
      name: 'r',
      key: 'k',
      ...subject,
      subjectAlternativeName: 'DNS:a.example.com',
      challengePassword: 'x1',
    };
    const made = await client.post('sys/crypto/csr', csr);
    expect(made.body).toMatchObject({
      kind: 'tm:sys:crypto:csr:csrstate',
      fullPath: 'r',
      country: 'DE',
      apiRawValues: { keySize: '2048', publicKeyType: 'RSA' },
    });
    expect(made.text).not.toContain('x1');
    expect(JSON.stringify(client.emulator.dump())).not.toContain('"x1"');
    const list = { command: 'run', utilCmdArgs: '-c "tmsh list sys crypto csr r all-properties"' };
    expect((await client.post('util/bash', list)).body.commandResult).not.toContain('x1');
    const folder = temporaryFolder();
    writeFileSync(path.join(folder, 'r.csr'), await fetched(client, '/config/ssl/ssl.csr/r'));
    const read = spawnSync('openssl', ['req', '-in', path.join(folder, 'r.csr'), '-noout', '-text', '-verify'], {
      encoding: 'utf8',
    });
    const printed = `${read.stdout}${read.stderr}`;
    expect(printed).toMatch(/verify OK/v);
    expect(printed).toContain('DNS:a.example.com');
    expect((await client.delete('sys/crypto/csr/r')).status).toBe(200);
    expect((await client.get('sys/crypto/csr/r')).status).toBe(404);
  });

  it('are installed from a URL of a file, and from no other one', async () => {
    const client = await startTest();
    const { cert, key } = selfSigned(['a.example.com'], now);
    await upload(client, 'a.crt', cert);
    await upload(client, 'a.key', key);
    const url = 'file:///var/config/rest/downloads/a';
    const install = { command: 'install', name: 'a' };
    expect(words(await client.post('sys/crypto/cert', { ...install, 'from-url': `${url}.crt` }))).toBe('200 ');
    expect(words(await client.post('sys/crypto/key', { ...install, fromUrl: `${url}.key` }))).toBe('200 ');
    expect(words(await client.post('sys/crypto/cert', { ...install, 'from-url': 'https://a/b' }))).toContain('400 ');
    expect(createPrivateKey(key).asymmetricKeyType).toBe('ec');
  });
});

describe('sys crypto pkcs12', () => {
  const chain = [selfSigned(['a.example.com'], now), selfSigned(['b.example.com'], now)] as const;

  function archive(options: readonly string[]): Buffer {
    const folder = temporaryFolder();
    const file = (name: string, content = ''): string => {
      writeFileSync(path.join(folder, name), content);
      return path.join(folder, name);
    };
    const own = ['-in', file('a.crt', chain[0].cert), '-inkey', file('a.key', chain[0].key)];
    const more = ['-certfile', file('b.crt', chain[1].cert), '-out', file('a.p12'), '-passout', 'pass:secret'];
    const { status, stderr } = spawnSync('openssl', ['pkcs12', '-export', ...own, ...more, ...options], {
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, stderr]);
    return readFileSync(path.join(folder, 'a.p12'));
  }

  async function uploaded(content: Buffer): Promise<Client> {
    const client = await startTest();
    const response = await fetch(`${client.emulator.url}/mgmt/shared/file-transfer/uploads/a.p12`, {
      method: 'POST',
      headers: {
        Authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
        'Content-Type': 'application/octet-stream',
        'Content-Range': `0-${content.length - 1}/${content.length}`,
      },
      body: new Uint8Array(content),
    });
    expect(response.status).toBe(200);
    return client;
  }

  const body = { command: 'install', name: 'a', 'from-local-file': '/var/config/rest/downloads/a.p12' };

  it.each([
    [['-keypbe', 'AES-256-CBC', '-certpbe', 'AES-256-CBC']],
    [['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'sha1']],
    [['-keypbe', 'NONE', '-certpbe', 'NONE']],
  ])('takes an archive apart that was made with %j', async (options) => {
    const client = await uploaded(archive(options));
    const installed = await client.post('sys/crypto/pkcs12', { ...body, passphrase: 'secret' });
    expect(words(installed)).toBe('200 ');
    expect(installed.text).not.toContain('secret');
    expect((await client.get('sys/file/ssl-key/a.key')).body).toMatchObject({ keyType: 'ec-private', keySize: 256 });
    expect((await client.get('sys/file/ssl-cert/a.crt')).body).toMatchObject({
      isBundle: 'true',
      subject: 'CN=a.example.com',
    });
    const pair = { name: 'ssl', cert: '/Common/a.crt', key: '/Common/a.key' };
    expect(words(await client.post('ltm/profile/client-ssl', pair))).toBe('200 ');
  });

  it('refuses a passphrase that does not open it, and what is none', async () => {
    const refusal = '400 01070712:3: unable to validate private key, unable to load private key from file';
    const client = await uploaded(archive([]));
    expect(words(await client.post('sys/crypto/pkcs12', { ...body, passphrase: 'other' }))).toContain(refusal);
    for (const content of [Buffer.from('none'), Buffer.from([0x30, 0x80]), Buffer.from([0x30, 0x03, 2, 1, 3])]) {
      const other = await uploaded(content);
      expect(words(await other.post('sys/crypto/pkcs12', { ...body, passphrase: 'secret' }))).toContain(refusal);
      expect((await other.get('sys/file/ssl-key/a.key')).status).toBe(404);
    }
    const missing = { ...body, 'from-local-file': '/var/none' };
    expect(words(await client.post('sys/crypto/pkcs12', missing))).toContain('expected to exist');
  });
});

describe('a certificate file that holds several', () => {
  const chain = [selfSigned(['a.example.com'], now), selfSigned(['b.example.com'], now)] as const;
  const names = async (client: Client): Promise<readonly string[]> => {
    const { body } = await client.get('sys/file/ssl-cert/bundle.crt/bundle-certificates');
    return (body.items ?? []).map(({ subject: name }: { subject: string }) => name);
  };

  it('lists them below it, as long as it does', async () => {
    const client = await startTest();
    await upload(client, 'f', chain.map(({ cert }) => cert).join(''));
    const sourcePath = 'file:/var/config/rest/downloads/f';
    const made = await client.post('sys/file/ssl-cert', { name: 'bundle.crt', sourcePath });
    expect(made.body).toMatchObject({ isBundle: 'true', subject: 'CN=a.example.com', certificateKeySize: 256 });
    expect(made.body).not.toHaveProperty('serialNumber');
    expect(await names(client)).toEqual(['CN=a.example.com', 'CN=b.example.com']);
    expect((await client.get('sys/file/ssl-cert/bundle.crt/bundle-certificates/2')).body).toMatchObject({
      serialNumber: new X509Certificate(chain[1].cert).serialNumber.toLowerCase().match(/../gv)?.join(':'),
    });
    expect((await client.get('sys/file/ssl-cert/bundle.crt?expandSubcollections=true')).body).toMatchObject({
      bundleCertificatesReference: { items: [{ name: '1' }, { name: '2' }] },
    });
    const line = '-c "tmsh list sys file ssl-cert bundle.crt"';
    const { body } = await client.post('util/bash', { command: 'run', utilCmdArgs: line });
    expect(body.commandResult).not.toContain('bundle-certificates');
    await client.patch('sys/file/ssl-cert/bundle.crt', { certValidationOptions: [] });
    expect(await names(client)).toHaveLength(2);
    await upload(client, 'f', chain[1].cert);
    expect((await client.put('sys/file/ssl-cert/bundle.crt', { sourcePath })).body.isBundle).toBe('false');
    expect(await names(client)).toEqual([]);
  });
});
