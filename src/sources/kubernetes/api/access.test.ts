import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { checkKubernetes, readKubernetesSecret } from '../index.ts';
import type { ApiServerOptions } from '../options.ts';
import { ApiBed } from '../testing/harness.ts';
import { serviceObject, sliceObject } from '../testing/objects.ts';
import { inClusterAccess } from './access.ts';
import { kubeconfigProvider } from './kubeconfig-access.ts';

const { signal } = new AbortController();
const TOKEN = 'geheim-token-1234';
let bed: ApiBed;
let folder = '';

beforeEach(async () => {
  bed = await new ApiBed().start();
  folder = await mkdtemp(join(tmpdir(), 'fairlead-access-'));
  bed.api.token = TOKEN;
  bed.api.put(serviceObject('default/web'), sliceObject('default/web', ['10.244.1.5']));
});

afterEach(async () => {
  await bed.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A credential plug-in: a script that prints what is given, or fails loudly. */
async function plugin(script: string): Promise<object> {
  const path = join(folder, 'plugin.sh');
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o700);
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: path, interactiveMode: 'Never' } };
}

function credential(token: string, expires = ''): string {
  const expirationTimestamp = expires === '' ? {} : { expirationTimestamp: expires };
  return JSON.stringify({ kind: 'ExecCredential', status: { token, ...expirationTimestamp } });
}

describe('credentials', () => {
  it('may be a token in a file; a newline at its end does no harm', async () => {
    await writeFile(join(folder, 'token'), `${TOKEN}\n`);
    await bed.kubeconfig({ tokenFile: join(folder, 'token') });
    expect((await bed.source().read({ signal })).complete).toBe(true);
  });

  it('may come from a plug-in, which is told how to answer', async () => {
    const script = `echo "$KUBERNETES_EXEC_INFO" > ${folder}/info; echo '${credential(TOKEN)}'`;
    await bed.kubeconfig(await plugin(script));
    expect((await bed.source().read({ signal })).complete).toBe(true);
    const { readFile } = await import('node:fs/promises');
    expect(JSON.parse(await readFile(join(folder, 'info'), 'utf8'))).toMatchObject({ kind: 'ExecCredential' });
  });

  it('are asked for again after 401', async () => {
    await writeFile(join(folder, 'now'), credential('old-token'));
    await bed.kubeconfig(await plugin(`echo run >> ${folder}/runs; cat ${folder}/now`));
    const source = bed.source();
    bed.api.token = 'old-token';
    expect((await source.read({ signal })).complete).toBe(true);
    bed.api.token = TOKEN;
    await writeFile(join(folder, 'now'), credential(TOKEN));
    expect((await source.read({ signal })).complete).toBe(true);
    const { readFile } = await import('node:fs/promises');
    expect((await readFile(join(folder, 'runs'), 'utf8')).trim().split('\n')).toHaveLength(2);
  });

  it('of an auth-provider go through the client library', async () => {
    await writeFile(join(folder, 'token'), `${TOKEN}\n`);
    await bed.kubeconfig({ 'auth-provider': { name: 'tokenFile', config: { tokenFile: join(folder, 'token') } } });
    expect((await bed.source().read({ signal })).complete).toBe(true);
  });

  it('that do not work make an incomplete result that says so', async () => {
    await bed.kubeconfig({ token: 'wrong-token' });
    const { complete, diagnostics } = await bed.source().read({ signal });
    expect(complete).toBe(false);
    expect(diagnostics.every(({ code }) => code === 'kubernetes-unauthorized')).toBe(true);
  });

  it('of a pod come from its service account', async () => {
    await writeFile(join(folder, 'token'), `${TOKEN}\n`);
    await writeFile(join(folder, 'ca.crt'), 'CA');
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    expect(await inClusterAccess(folder, env)).toEqual({
      server: 'https://[fd00::1]:443',
      headers: { authorization: `Bearer ${TOKEN}` },
      tls: { ca: 'CA', rejectUnauthorized: true },
    });
    await expect(inClusterAccess(folder, {})).rejects.toThrow(/KUBERNETES_SERVICE_HOST/);
    await expect(inClusterAccess(join(folder, 'none'), env)).rejects.toThrow(/ENOENT/);
  });
});

describe('a kubeconfig', () => {
  const config = (cluster: object) =>
    JSON.stringify({
      clusters: [{ name: 'c', cluster }],
      users: [
        { name: 'u', user: { 'client-certificate-data': 'Q0VSVA==', 'client-key-data': 'S0VZ', as: 'somebody' } },
      ],
      contexts: [
        { name: 'one', context: { cluster: 'c', user: 'u' } },
        { name: 'lost', context: { cluster: 'x', user: 'u' } },
      ],
      'current-context': 'one',
    });
  const access = async (cluster: object, context?: string) => {
    const path = join(folder, 'config');
    await writeFile(path, config(cluster));
    return kubeconfigProvider(path, context)(false);
  };

  it('gives client certificate, CA and server name; TLS is verified unless the file says otherwise by name', async () => {
    const cluster = {
      server: 'https://h:6443/k8s/c1',
      'certificate-authority-data': 'Q0E=',
      'tls-server-name': 'api.local',
    };
    expect(await access(cluster)).toMatchObject({
      server: 'https://h:6443/k8s/c1',
      tls: {
        ca: Buffer.from('CA'),
        cert: Buffer.from('CERT'),
        key: Buffer.from('KEY'),
        servername: 'api.local',
        rejectUnauthorized: true,
      },
    });
    const insecure = await access({ server: 'https://h', 'insecure-skip-tls-verify': true });
    expect(insecure.tls.rejectUnauthorized).toBe(false);
  });

  it('without the context or its cluster names what there is', async () => {
    await expect(access({ server: 'https://h' }, 'two')).rejects.toThrow(/has no context "two"; it has: one, lost/);
    await expect(access({ server: '' })).rejects.toThrow(/cluster c has no server/);
    await expect(access({ server: 'https://h' }, 'lost')).rejects.toThrow(/names the cluster x, which is not there/);
    await expect(kubeconfigProvider(join(folder, 'none'), undefined)(false)).rejects.toThrow(/ENOENT/);
  });
});

describe('secrets never appear', () => {
  const everything = async (): Promise<string> => {
    const { diagnostics } = await bed.source().read({ signal });
    const lines = await checkKubernetes(bed.options(), signal);
    return JSON.stringify([diagnostics, lines]);
  };

  it('when the server quotes the token', async () => {
    await bed.kubeconfig({ token: TOKEN });
    bed.api.quote = `invalid bearer token ${TOKEN}`;
    bed.api.faults.push({ status: 403 });
    const said = await everything();
    expect(said).toContain('invalid bearer token [secret]');
    expect(said).not.toContain(TOKEN);
  });

  it.each([
    ['fails and prints', `echo '${TOKEN}' >&2; echo '${TOKEN}'; exit 3`],
    ['prints something else than a credential', `echo '{"status": {"token": "${TOKEN}"'`],
    ['prints a token that is no header', `echo '{"status": {"token": "${TOKEN}\\nx: y"}}'`],
  ])('when a plug-in %s', async (_, script) => {
    await bed.kubeconfig(await plugin(script));
    const said = await everything();
    expect(said.length).toBeGreaterThan(100);
    expect(said).not.toContain(TOKEN);
  });

  it('when the kubeconfig cannot be parsed', async () => {
    const path = await bed.kubeconfig({});
    await writeFile(path, `users:\n- user:\n    token: ${TOKEN}\n   bad: [\n`);
    const said = await everything();
    expect(said).toContain('cannot be read');
    expect(said).not.toContain(TOKEN);
  });

  it('when the server cannot be reached', async () => {
    await bed.kubeconfig({ token: TOKEN });
    await bed.api.stop();
    const said = await everything();
    expect(said).toContain('ECONNREFUSED');
    expect(said).not.toContain(TOKEN);
  });
});

describe('a Secret', () => {
  const from = (): ApiServerOptions => bed.options().from as ApiServerOptions;
  const secret = { namespace: 'default', name: 'bigip', key: 'password' };

  it('is read by entry; what is missing is named', async () => {
    await bed.kubeconfig({ token: TOKEN });
    const data = { password: Buffer.from('geheim').toString('base64') };
    bed.api.put({ apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'default', name: 'bigip' }, data });
    expect(await readKubernetesSecret(from(), secret, signal)).toBe('geheim');
    await expect(readKubernetesSecret(from(), { ...secret, key: 'x' }, signal)).rejects.toThrow(
      /default\/bigip has no key x/,
    );
    await expect(readKubernetesSecret(from(), { ...secret, name: 'y' }, signal)).rejects.toThrow(
      /default\/y cannot be read/,
    );
  });
});
