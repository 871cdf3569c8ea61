import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Source } from '../../source.ts';
import { extractOptions } from '../extract/index.ts';
import type { ExtractOptions } from '../extract/index.ts';
import { createKubernetesSource } from '../index.ts';
import type { KubernetesOptions, Timing } from '../options.ts';
import { FakeApi } from './fake-api.ts';

/** Options of extraction for tests: one address pool, members are pods. */
export function testExtract(given: Partial<ExtractOptions> = {}): ExtractOptions {
  return extractOptions({
    source: 'east',
    partition: 'kubernetes',
    members: 'cluster',
    addressPools: [{ name: 'main', ranges: ['10.1.10.50-10.1.10.250'] }],
    ...given,
  });
}

/** Short waits, so that tests see what happens after them. */
const quickTiming: Partial<Timing> = { backoffMs: 10, backoffCapMs: 100, deniedMs: 50, readRetries: 1 };

/** A kubeconfig for a server without TLS. `user` holds the credentials. */
function kubeconfigText(server: string, user: object = { token: 'test-token' }): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'test', context: { cluster: 'c', user: 'u' } }],
  });
}

/** A fake API server with sources on it. */
export class ApiBed {
  readonly api = new FakeApi();
  readonly #sources: Source[] = [];
  #folder = '';
  url = '';

  async start(): Promise<this> {
    this.url = await this.api.start();
    this.#folder = await mkdtemp(join(tmpdir(), 'fairlead-kubeconfig-'));
    await this.kubeconfig({ token: 'test-token' });
    return this;
  }

  /** Writes the kubeconfig anew with these credentials; gives its path. */
  async kubeconfig(user: object): Promise<string> {
    const path = join(this.#folder, 'config');
    await writeFile(path, kubeconfigText(this.url, user));
    return path;
  }

  options(
    given: Partial<KubernetesOptions> & { readonly timing?: Partial<Timing>; readonly pageSize?: number } = {},
  ): KubernetesOptions {
    const { timing, pageSize, ...rest } = given;
    const kubeconfig = join(this.#folder, 'config');
    return {
      extract: testExtract(),
      from: { kind: 'api', kubeconfig, pageSize: pageSize ?? 500, timing: { ...quickTiming, ...timing } },
      ...rest,
    };
  }

  source(given: Parameters<ApiBed['options']>[0] = {}): Source {
    const source = createKubernetesSource(this.options(given));
    this.#sources.push(source);
    return source;
  }

  async stop(): Promise<void> {
    for (const source of this.#sources) await source.close?.();
    await this.api.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
