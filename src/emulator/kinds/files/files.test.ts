import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { manualClock, startTest, type Client, type TestReply } from '../../test-kit.ts';
import { selfSigned } from '../../tls/self-signed.ts';

const folder = path.resolve('..', 'shared', 'reference', 'device-recordings');
const now = Date.UTC(2026, 0, 1);
const pair = selfSigned(['a.example.com', '10.0.0.1'], now);
const other = selfSigned(['b.example.com'], now);

function words({ status, body }: TestReply): string {
  return `${status} ${body?.message ?? ''}`;
}

async function upload(
  client: Client,
  name: string,
  ...[content, range]: readonly [content: string | Buffer, range?: string]
): Promise<TestReply> {
  const size = Buffer.byteLength(content);
  const response = await fetch(`${client.emulator.url}/mgmt/shared/file-transfer/uploads/${name}`, {
    method: 'POST',
    headers: {
      Authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}`,
      'Content-Type': 'application/octet-stream',
      ...(range === '' ? {} : { 'Content-Range': range ?? `0-${size - 1}/${size}` }),
    },
    body: content,
  });
  const text = await response.text();
  return { status: response.status, text, body: JSON.parse(text) };
}

async function install(client: Client, name: string, given: { cert: string; key: string }): Promise<void> {
  for (const [kind, extension, content] of [
    ['ssl-cert', 'crt', given.cert],
    ['ssl-key', 'key', given.key],
  ] as const) {
    await upload(client, `${name}.${extension}`, content);
    const sourcePath = `file:/var/config/rest/downloads/${name}.${extension}`;
    expect(words(await client.post(`sys/file/${kind}`, { name: `${name}.${extension}`, sourcePath }))).toBe('200 ');
  }
}

describe('uploads', () => {
  it('come in chunks, in any order, and are there when every byte came', async () => {
    const client = await startTest({ clock: manualClock(now) });
    const first = await upload(client, 'f', '01234', '0-4/10');
    expect(first.body).toEqual({
      remainingByteCount: 5,
      usedChunks: { 0: 5 },
      totalByteCount: 10,
      localFilePath: '/var/config/rest/downloads/f',
      temporaryFilePath: '/var/config/rest/downloads/tmp/f',
      generation: 0,
      lastUpdateMicros: now * 1000,
    });
    const body = { name: 'f', type: 'string', sourcePath: 'file:/var/config/rest/downloads/f' };
    expect(words(await client.post('sys/file/data-group', body))).toBe(
      '400 01070712:3: file (/var/config/rest/downloads/f) expected to exist.',
    );
    expect((await upload(client, 'f', '56789', '5-9/10')).body.remainingByteCount).toBe(0);
    expect((await client.post('sys/file/data-group', body)).body).toMatchObject({
      checksum: 'SHA1:10:87acec17cd9dcd20a716cc2cf67417b71c8a7016',
      sourcePath: 'file:///var/config/rest/downloads/f',
      size: 10,
      separator: ':=',
    });
    expect(JSON.stringify(client.emulator.log.entries())).not.toContain('01234');
  });

  it('are found under the name that tmsh has for a property, too', async () => {
    const client = await startTest();
    await upload(client, 'f', 'abc');
    const body = { name: 'f', 'source-path': 'file:/var/config/rest/downloads/f' };
    expect((await client.post('sys/file/ifile', body)).body).toMatchObject({ size: 3 });
    expect(words(await client.post('sys/file/ifile', { name: 'g', 'sauce-path': 'x' }))).toBe(
      '400 "sauce-path" unknown property',
    );
  });

  it('keep bytes as they are', async () => {
    const client = await startTest();
    await upload(client, 'bin', Buffer.from([0xff, 0x00, 0xc3, 0x28]));
    const { body } = await client.post('sys/file/data-group', {
      name: 'bin',
      sourcePath: 'file:/var/config/rest/downloads/bin',
    });
    expect(body.checksum).toMatch(/^SHA1:4:/v);
  });

  it.each([
    ['f', '', '400 Content-Range header is missing'],
    ['f', 'x', '400 Invalid Content-Range header "x"'],
    ['f', '0-8/9', '400 Content-Range "0-8/9" does not match the 3 bytes of the body'],
    ['f', '0-2/2', '400 Content-Range "0-2/2" does not match the 3 bytes of the body'],
    ['..%2Fx', '0-2/3', '400 Invalid file name "../x"'],
  ])('as %s with %j are refused', async (name, range, text) => {
    const client = await startTest();
    expect(words(await upload(client, name, 'abc', range))).toBe(text);
  });
});

describe('certificate and key files', () => {
  it('say what is in them', async () => {
    const client = await startTest({ clock: manualClock(now) });
    await install(client, 'a', pair);
    const cert = await client.get('sys/file/ssl-cert/~Common~a.crt');
    expect(cert.body).toMatchObject({
      certificateKeyCurveName: 'prime256v1',
      certificateKeySize: 256,
      createTime: '2026-01-01T00:00:00Z',
      expirationDate: now / 1000 + 365 * 86_400,
      expirationString: 'Jan  1 00:00:00 2027 GMT',
      isBundle: 'false',
      issuer: 'CN=a.example.com',
      keyType: 'ec-public',
      mode: 33_188,
      revision: 1,
      subject: 'CN=a.example.com',
      subjectAlternativeName: 'DNS:a.example.com, IP Address:10.0.0.1',
      version: 3,
      bundleCertificatesReference: { isSubcollection: true },
    });
    const key = await client.get('sys/file/ssl-key/~Common~a.key');
    expect(key.body).toMatchObject({ curveName: 'prime256v1', keySize: 256, keyType: 'ec-private', mode: 33_184 });
    expect(cert.text + key.text + JSON.stringify(client.emulator.dump())).not.toContain('BEGIN');
  });

  it('take a new content by PUT of the same body, and count revisions', async () => {
    const client = await startTest();
    await install(client, 'a', pair);
    await upload(client, 'a.crt', other.cert);
    const body = { sourcePath: 'file:/var/config/rest/downloads/a.crt' };
    const { body: changed } = await client.put('sys/file/ssl-cert/~Common~a.crt', body);
    expect(changed).toMatchObject({ revision: 2, subject: 'CN=b.example.com', mode: 33_188 });
    await upload(client, 'bundle', pair.cert + other.cert);
    const bundle = { name: 'bundle.crt', sourcePath: 'file:/var/config/rest/downloads/bundle' };
    expect((await client.post('sys/file/ssl-cert', bundle)).body).toMatchObject({ isBundle: 'true' });
  });

  it('are opened by their passphrase, which nobody sees again', async () => {
    const client = await startTest();
    const locked = createPrivateKey(pair.key).export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'hunter2',
    });
    await upload(client, 'k', String(locked));
    const body = { name: 'k.key', sourcePath: 'file:/var/config/rest/downloads/k' };
    expect(words(await client.post('sys/file/ssl-key', body))).toBe(
      '400 01070712:3: unable to validate private key, unable to load private key from file (/var/config/rest/downloads/k)',
    );
    const made = await client.post('sys/file/ssl-key', { ...body, passphrase: 'hunter2' });
    expect(made.body).toMatchObject({ securityType: 'password', keySize: 256 });
    expect(made.body.passphrase).toMatch(/^\$M\$/v);
    expect(made.text + JSON.stringify(client.emulator.dump())).not.toContain('hunter2');
  });

  it('that are none are refused, and nothing is left', async () => {
    const client = await startTest();
    const before = JSON.stringify(client.emulator.dump());
    await upload(client, 'x', 'no certificate');
    const sourcePath = 'file:/var/config/rest/downloads/x';
    expect(words(await client.post('sys/file/ssl-cert', { name: 'x.crt', sourcePath }))).toBe(
      '400 01070712:3: unable to validate certificate, unable to load certificate from file (/var/config/rest/downloads/x)',
    );
    expect(words(await client.post('sys/file/ssl-key', { name: 'x.key', sourcePath }))).toMatch(/^400 01070712/v);
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
  });

  it('are installed by sys crypto, which appends the extension, and again in place', async () => {
    const client = await startTest();
    await upload(client, 'up', pair.cert);
    await upload(client, 'upkey', pair.key);
    const cert = { command: 'install', name: 'a', 'from-local-file': '/var/config/rest/downloads/up' };
    const reply = await client.post('sys/crypto/cert', cert);
    expect(reply.body).toEqual({ kind: 'tm:sys:crypto:cert:installstate', ...cert });
    await client.post('sys/crypto/cert', cert);
    expect((await client.get('sys/file/ssl-cert/~Common~a.crt')).body.revision).toBe(2);
    await client.post('sys/crypto/key', { ...cert, 'from-local-file': '/var/config/rest/downloads/upkey' });
    expect((await client.get('sys/file/ssl-key/~Common~a.key')).status).toBe(200);
    const { body: keys } = await client.get('sys/crypto/key');
    expect(keys.items).toMatchObject([
      { kind: 'tm:sys:crypto:key:keystate', name: 'a.key', keySize: 256, keyType: 'ec-private' },
      { name: 'default.key', keySize: 2048, keyType: 'rsa-private' },
    ]);
    expect((await client.get('sys/crypto/cert')).body.items[0]).toMatchObject({ commonName: 'a.example.com' });
    expect(words(await client.post('sys/crypto/key', { command: 'install', name: 'b' }))).toMatch(/^400 one of the/v);
  });
});

describe('profiles and their files', () => {
  const item = { name: 'a', cert: '/Common/a.crt', key: '/Common/a.key', chain: 'none' };

  it('client-ssl links to them, and mirrors the first in cert and key up to 16', async () => {
    const client = await startTest({ tmos: '16.1' });
    await install(client, 'a', pair);
    const { body } = await client.post('ltm/profile/client-ssl', { name: 's', certKeyChain: [item] });
    const certReference = { link: 'https://localhost/mgmt/tm/sys/file/ssl-cert/~Common~a.crt?ver=16.1.0' };
    expect(body).toMatchObject({ cert: '/Common/a.crt', certReference, inheritCertkeychain: 'false' });
    expect(Object.keys(body.certKeyChain[0])).toEqual([
      'name',
      'appService',
      'cert',
      'certReference',
      'chain',
      'key',
      'keyReference',
    ]);
    const single = { name: 't', cert: '/Common/a.crt', key: '/Common/a.key' };
    expect((await client.post('ltm/profile/client-ssl', single)).body.certKeyChain[0]).toMatchObject(item);
    const newest = await startTest({ tmos: '17.1' });
    expect((await newest.get('ltm/profile/client-ssl/~Common~clientssl')).body).not.toHaveProperty('cert');
  });

  it('are refused without them, in the order of the device: key, then certificate, then whether they fit', async () => {
    const client = await startTest();
    await install(client, 'a', pair);
    await install(client, 'b', other);
    const cases: readonly (readonly [object, string])[] = [
      [{ key: '/Common/x.key' }, '400 010717e3:3: Client SSL profile must have RSA certificate/key pair.'],
      [{ key: 'x.key', cert: 'x.crt' }, '400 010717e3:3: Client SSL profile must have RSA certificate/key pair.'],
      [{ cert: '/Common/x.crt' }, '400 0107134a:3: File object by name (/Common/x.crt) is missing.'],
      [{ chain: '/Common/x.crt' }, '400 0107134a:3: File object by name (/Common/x.crt) is missing.'],
      [
        { key: '/Common/b.key' },
        "400 01070317:3: profile /Common/s's key (/Common/b.key) and certificate (/Common/a.crt) do not match.",
      ],
    ];
    for (const [change, text] of cases) {
      const body = { name: 's', certKeyChain: [{ ...item, ...change }] };
      expect(words(await client.post('ltm/profile/client-ssl', body))).toBe(text);
    }
    expect(words(await client.post('ltm/profile/server-ssl', { name: 's', cert: '/Common/x.crt' }))).toBe(
      '400 0107134a:3: File object by name (/Common/x.crt) is missing.',
    );
  });

  it('keep them in use', async () => {
    const client = await startTest();
    await install(client, 'a', pair);
    await client.post('ltm/profile/client-ssl', { name: 's', certKeyChain: [item] });
    expect(words(await client.delete('sys/file/ssl-cert/~Common~a.crt'))).toBe(
      '400 01071349:3: File object by name (/Common/a.crt) is in use.',
    );
    expect(words(await client.delete('sys/file/ssl-key/~Common~a.key'))).toBe(
      '400 01071349:3: File object by name (/Common/a.key) is in use.',
    );
    expect(
      (
        await client.transact(
          ['DELETE', 'sys/file/ssl-cert/~Common~a.crt'],
          ['DELETE', 'ltm/profile/client-ssl/~Common~s'],
          ['DELETE', 'sys/file/ssl-key/~Common~a.key'],
        )
      ).body,
    ).toMatchObject({ state: 'COMPLETED' });
  });

  it('come in one transaction with them, or not at all', async () => {
    const client = await startTest();
    await upload(client, 'c', pair.cert);
    await upload(client, 'k', pair.key);
    const before = JSON.stringify(client.emulator.dump());
    const files = [
      ['POST', 'sys/file/ssl-key', { name: 'a.key', sourcePath: 'file:/var/config/rest/downloads/k' }],
      ['POST', 'sys/file/ssl-cert', { name: 'a.crt', sourcePath: 'file:/var/config/rest/downloads/c' }],
    ] as const;
    const profile = ['POST', 'ltm/profile/client-ssl', { name: 's', certKeyChain: [item] }] as const;
    const missing = ['POST', 'ltm/profile/server-ssl', { name: 's2', caFile: '/Common/x' }] as const;
    const failed = await client.transact(profile, ...files, missing);
    expect(failed.body.message).toBe('transaction failed:0107134a:3: File object by name (/Common/x) is missing.');
    expect(JSON.stringify(client.emulator.dump())).toBe(before);
    expect((await client.transact(profile, ...files)).body).toMatchObject({ state: 'COMPLETED' });
  });

  it('external data-groups need their file', async () => {
    const client = await startTest();
    const group = { name: 'g', type: 'string', externalFileName: '/Common/f' };
    expect(words(await client.post('ltm/data-group/external', group))).toBe(
      '400 0107134a:3: File object by name (/Common/f) is missing.',
    );
    await upload(client, 'f', '"a" := "b",\n');
    await client.post('sys/file/data-group', { name: 'f', sourcePath: 'file:/var/config/rest/downloads/f' });
    expect((await client.post('ltm/data-group/external', group)).body).toMatchObject({
      externalFileNameReference: { link: 'https://localhost/mgmt/tm/sys/file/data-group/~Common~f?ver=17.1.0' },
    });
    expect(words(await client.delete('sys/file/data-group/~Common~f'))).toMatch(/^400 01071349/v);
  });
});

describe.runIf(existsSync(folder))('file objects as devices printed them', () => {
  function recorded(file: string): Record<string, unknown> {
    const body = JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
    return body.items?.[0] ?? body;
  }

  it('the bundle of an empty box is printed alike, in the same order', async () => {
    const client = await startTest({ tmos: '14.1' });
    const expected = recorded('f5-telemetry-streaming/mgmt_tm_sys_file_ssl-cert.json');
    const { body } = await client.get('sys/file/ssl-cert/~Common~ca-bundle.crt');
    expect(JSON.stringify(body)).toBe(JSON.stringify(expected));
  });

  /** The values are those of the recorded files, whose content is not known; what is compared is which are printed. */
  it('an RSA certificate and its key have the recorded properties, in the same order', async () => {
    const client = await startTest({ tmos: '13.1' });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    await install(client, 'a', { cert: pair.cert, key: String(privateKey.export({ type: 'pkcs1', format: 'pem' })) });
    const cert = await client.get('sys/file/ssl-cert/~Common~a.crt');
    expect(Object.keys(cert.body)).toEqual(
      Object.keys(recorded('f5-ansible/load_tm_sys_file_ssl_cert_no_password.json')),
    );
    const key = await client.get('sys/file/ssl-key/~Common~a.key');
    expect(key.body).toMatchObject({
      curveName: 'none',
      keySize: 2048,
      keyType: 'rsa-private',
      securityType: 'normal',
    });
    const common = 'kind name partition fullPath generation selfLink checksum createTime createdBy';
    const own = 'curveName keySize keyType lastUpdateTime mode revision securityType size sourcePath updatedBy';
    expect(Object.keys(key.body).join(' ')).toBe(`${common} ${own}`);
  });
});
