import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { extractOptions } from '../../src/sources/kubernetes/extract/index.ts';
import { checkKubernetes, createKubernetesSource, type ApiServerOptions } from '../../src/sources/kubernetes/index.ts';
import type { SourceResult } from '../../src/sources/source.ts';
import { createService, exposed } from './fixtures.ts';
import { SOURCE_RULES } from './follower.ts';
import { startCluster, type Cluster } from './harness.ts';
import { createUser, type RestrictedUser } from './rbac.ts';

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, unknown>> }[];
  readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, unknown>> }[];
  readonly 'current-context': string;
  readonly contexts: readonly { readonly name: string; readonly context: Readonly<Record<string, unknown>> }[];
}

/** The ways in that a kubeconfig knows. */
describe('the Kubernetes source and its credentials', () => {
  let cluster: Cluster;
  let user: RestrictedUser;
  let token: string;
  let base: Kubeconfig;
  let files = 0;

  beforeAll(async () => {
    cluster = await startCluster();
    user = await createUser(cluster, 'fairlead', { rules: SOURCE_RULES });
    base = parse(readFileSync(user.kubeconfig, 'utf8')) as Kubeconfig;
    token = String(base.users[0]?.user['token']);
    await createService(cluster.api, exposed('default', 'web', '10.1.0.1'));
  });

  afterAll(async () => {
    await cluster?.stop();
  });

  function options(kubeconfig: string, more: Partial<ApiServerOptions> = {}) {
    const from = { kind: 'api', kubeconfig, timing: { readRetries: 0 }, ...more } as const;
    return { from, extract: extractOptions({ source: 'east', partition: 'kubernetes', members: 'cluster' }) };
  }

  async function readWith(kubeconfig: string, more: Partial<ApiServerOptions> = {}): Promise<SourceResult> {
    const source = createKubernetesSource(options(kubeconfig, more));
    const result = await source.read({ signal: AbortSignal.timeout(30_000) });
    await source.close?.();
    return result;
  }

  /** Writes a kubeconfig like the user's, with other parts. */
  function kubeconfigWith(parts: Partial<Kubeconfig>): string {
    files += 1;
    const file = path.join(cluster.dir, `variant-${files}.kubeconfig`);
    writeFileSync(file, stringify({ ...base, ...parts }), { mode: 0o600 });
    return file;
  }

  const withUser = (entry: Readonly<Record<string, unknown>>): string =>
    kubeconfigWith({ users: base.users.map(({ name }) => ({ name, user: entry })) });

  /** Who asked last, by the API server's own log. */
  const lastUser = () => cluster.requests().at(-1)?.user;

  it('comes in with a client certificate', async () => {
    expect(await readWith(cluster.kubeconfig)).toMatchObject({ complete: true, diagnostics: [] });
    expect(lastUser()).toBe('admin');
  });

  it('comes in with a token', async () => {
    expect(await readWith(user.kubeconfig)).toMatchObject({ complete: true, diagnostics: [] });
    expect(lastUser()).toBe(user.user);
  });

  it('comes in with a token that stands in a file', async () => {
    expect(await readWith(user.kubeconfigWithFile)).toMatchObject({ complete: true, diagnostics: [] });
    expect(lastUser()).toBe(user.user);
  });

  it('comes in with what a credential command prints', async () => {
    const credential = { apiVersion: 'client.authentication.k8s.io/v1', kind: 'ExecCredential', status: { token } };
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      interactiveMode: 'Never',
      command: process.execPath,
      args: ['-e', `console.log(${JSON.stringify(JSON.stringify(credential))})`],
    };
    expect(await readWith(withUser({ exec }))).toMatchObject({ complete: true, diagnostics: [] });
    expect(lastUser()).toBe(user.user);
  });

  it('takes the context that it is told to', async () => {
    const [context] = base.contexts;
    const away = { name: 'away', cluster: { server: 'https://127.0.0.1:1' } };
    const file = kubeconfigWith({
      clusters: [...base.clusters, away],
      contexts: [
        { ...context, name: 'here' } as never,
        { name: 'away', context: { ...context?.context, cluster: 'away' } },
      ],
      'current-context': 'away',
    });
    expect(await readWith(file)).toMatchObject({ complete: false });
    expect(await readWith(file, { context: 'here' })).toMatchObject({ complete: true, diagnostics: [] });
  });

  it('is incomplete, and prints no secret, when the token is not accepted', async () => {
    const forged = `${token.slice(0, -12)}AAAAAAAAAAAA`;
    const result = await readWith(withUser({ token: forged }));
    expect(result).toMatchObject({ complete: false, contributions: [] });
    expect(result.diagnostics[0]?.code).toBe('kubernetes-unauthorized');
    expect(JSON.stringify(result)).not.toContain(forged.slice(0, 20));
  });

  it('does not talk to a server whose certificate it cannot verify', async () => {
    const stranger = base.clusters.map(({ name, cluster: { server } }) => ({ name, cluster: { server } }));
    const before = cluster.requests().length;
    const result = await readWith(kubeconfigWith({ clusters: stranger }));
    expect(result).toMatchObject({ complete: false, contributions: [] });
    expect(JSON.stringify(result.diagnostics)).toMatch(/certificate/i);
    expect(
      cluster
        .requests()
        .slice(before)
        .filter((one) => one.userAgent === 'fairlead'),
    ).toEqual([]);
  });

  it('checks reach, version and rights, and names the right that is missing', async () => {
    const { signal } = new AbortController();
    const good = await checkKubernetes(options(user.kubeconfig), signal);
    expect(good.filter(({ ok }) => !ok)).toEqual([]);
    expect(good[0]?.text).toContain('v1.36.3');

    await user.setRules(SOURCE_RULES.filter(({ resources }) => !resources.includes('endpointslices')));
    const lines = await checkKubernetes(options(user.kubeconfig), signal);
    const bad = lines.filter(({ ok }) => !ok);
    expect(bad.map(({ subject, text }) => `${subject} ${text}`)).toEqual([
      expect.stringMatching(/list.*endpointslices/),
      expect.stringMatching(/watch.*endpointslices/),
    ]);
    await user.setRules(SOURCE_RULES);
  });
});
