import type { EtcdOptions } from './client.ts';
import type { EtcdChanges, EtcdList, EtcdStore } from './store.ts';
import { EtcdClient, EtcdError, jsonOf } from './client.ts';
import { EtcdV2 } from './v2.ts';
import { EtcdV3 } from './v3.ts';

/** A store of the API that the options name. Opens no connection yet. */
export function openEtcd(options: EtcdOptions): EtcdStore {
  if (options.api === 'auto') return new EtcdAuto(options);
  return options.api === 'v2' ? new EtcdV2(options) : new EtcdV3(options);
}

/** Asks the server for its version before the first list: 2 has the v2 API alone; later ones are read by v3. */
class EtcdAuto implements EtcdStore {
  readonly #options: EtcdOptions;
  #store: EtcdStore | undefined;

  constructor(options: EtcdOptions) {
    this.#options = options;
  }

  async list(signal: AbortSignal): Promise<EtcdList> {
    this.#store ??= openEtcd({ ...this.#options, api: await apiOf(this.#options, signal) });
    return await this.#store.list(signal);
  }

  async *watch(
    position: string,
    options: { readonly signal: AbortSignal; readonly onOpen: () => void },
  ): AsyncIterable<EtcdChanges> {
    if (this.#store !== undefined) yield* this.#store.watch(position, options);
  }

  async close(): Promise<void> {
    await this.#store?.close();
  }
}

async function apiOf(options: EtcdOptions, signal: AbortSignal): Promise<'v2' | 'v3'> {
  const client = new EtcdClient(options);
  try {
    const answer = await client.send({ method: 'GET', path: '/version', signal });
    const { etcdserver } = await jsonOf(answer);
    if (answer.statusCode === 200 && typeof etcdserver === 'string') return etcdserver.startsWith('2.') ? 'v2' : 'v3';
    throw new EtcdError(`it answered ${answer.statusCode} to /version and named no etcdserver; set api to v3 or v2`);
  } finally {
    await client.close();
  }
}
