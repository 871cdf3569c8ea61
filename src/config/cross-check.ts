import type { Problem } from './explain.ts';
import type { Item } from './raw-items.ts';
import type { ScopeClause } from '../plan/scope.ts';
import { parseClause } from '../plan/scope-text.ts';
import { whatBothWrite } from '../plan/scope-overlap.ts';
import { crossCheckDns } from './cross-check-dns.ts';
import { asItem, itemsOf } from './raw-items.ts';

/** Problems between fields. Works on the raw file, so that they are told together with problems of single fields. */
export function crossCheck(raw: unknown): readonly Problem[] {
  return [
    ...repeated(raw, 'sources', (item) => item['name']),
    ...repeated(raw, 'targets', (item) => item['name']),
    ...repeated(raw, 'addressPools', (item) => item['name']),
    ...samePartitions(raw),
    ...unknownSecretSources(raw),
    ...crossCheckDns(raw),
  ];
}

function repeated(raw: unknown, list: string, nameOf: (item: Item) => unknown): readonly Problem[] {
  const first = new Map<unknown, number>();
  return itemsOf(raw, list).flatMap((item, index) => {
    const name = item === undefined ? undefined : nameOf(item);
    const earlier = first.get(name);
    if (typeof name !== 'string') return [];
    if (earlier === undefined) {
      first.set(name, index);
      return [];
    }
    const text = `found ${JSON.stringify(name)} again, expected a name of its own (${list}[${earlier}] has it)`;
    return [{ code: 'config-duplicate', path: [list, index, 'name'], atKey: false, text }];
  });
}

interface Writer {
  readonly index: number;
  readonly urls: ReadonlySet<string>;
  readonly partition: string;
  readonly only: readonly ScopeClause[] | undefined;
}

/** Two writers of one instance that may write the same objects would delete each other's. */
function samePartitions(raw: unknown): readonly Problem[] {
  const writers = itemsOf(raw, 'targets').map((item, index): Writer => {
    const bigip = asItem(item?.['bigip']);
    const urls = [bigip?.['url'], bigip?.['urls']].flat().filter((url) => typeof url === 'string');
    return {
      index,
      urls: new Set(urls.map((url) => url.replace(/\/$/, '').toLowerCase())),
      partition: partitionOf(bigip),
      only: clausesOf(item?.['only']),
    };
  });
  return writers.flatMap((writer, index) => {
    const problems = writers.slice(0, index).flatMap((earlier) => rivalry(writer, earlier));
    return problems.slice(0, 1);
  });
}

function rivalry(writer: Writer, earlier: Writer): readonly Problem[] {
  if (![...writer.urls].some((url) => earlier.urls.has(url))) return [];
  const common = whatBothWrite(writer, earlier);
  return common === undefined ? [] : [samePartition(writer.index, earlier.index, common)];
}

/** The clauses of `only`; those that cannot be read are told elsewhere, and let in nothing. */
function clausesOf(only: unknown): readonly ScopeClause[] | undefined {
  if (only === undefined) return undefined;
  return [only].flat().flatMap((item) => {
    const result = parseClause(item);
    return 'clause' in result ? [result.clause] : [];
  });
}

function partitionOf(bigip: Item | undefined): string {
  const partition = bigip?.['partition'];
  return typeof partition === 'string' ? partition : 'kubernetes';
}

function samePartition(index: number, earlier: number, common: string): Problem {
  const text = `writes ${common} of the same device as targets[${earlier}]; expected another partition or device, or \`only\` that lets in nothing of that one's`;
  return { code: 'config-duplicate', path: ['targets', index, 'bigip'], atKey: true, text };
}

/** A Kubernetes Secret needs a source with an API server; without a name there must be exactly one. */
function unknownSecretSources(raw: unknown): readonly Problem[] {
  const withApi = itemsOf(raw, 'sources')
    .filter((source) => {
      const kubernetes = asItem(source?.['kubernetes']);
      return kubernetes !== undefined && kubernetes['manifests'] === undefined;
    })
    .map((source) => source?.['name']);
  return passwordsOf(raw).flatMap(([path, password]): readonly Problem[] => {
    const secret = asItem(asItem(password)?.['secret']);
    return secret === undefined ? [] : unknownSource(secret, [...path, 'secret'], withApi);
  });
}

/** Where references to secrets stand in sources and targets. */
const SECRETS = {
  sources: [
    ['sql', 'password'],
    ['etcd', 'password'],
    ['http', 'password'],
    ['http', 'bearerToken'],
  ],
  targets: [['bigip', 'password']],
} as const;

type Placed = readonly [readonly (string | number)[], unknown];

/** All references to secrets, with where they stand. */
function passwordsOf(raw: unknown): readonly Placed[] {
  const own = (['sources', 'targets'] as const).flatMap((list) =>
    itemsOf(raw, list).flatMap((item, index) =>
      SECRETS[list].map(([place, field]): Placed => [[list, index, place, field], asItem(item?.[place])?.[field]]),
    ),
  );
  return [...own, ...itemsOf(raw, 'sources').flatMap(deeperSecrets)];
}

/** Those in headers, and that of the etcd of a pod network. */
function deeperSecrets(source: Item | undefined, index: number): readonly Placed[] {
  const headers = Object.entries(asItem(asItem(source?.['http'])?.['headers']) ?? {});
  const etcd = asItem(asItem(asItem(source?.['podNetwork'])?.['flannel'])?.['etcd']);
  return [
    ...headers.map(([name, value]): Placed => [['sources', index, 'http', 'headers', name], value]),
    [['sources', index, 'podNetwork', 'flannel', 'etcd', 'password'], etcd?.['password']],
  ];
}

function unknownSource(
  secret: Item,
  path: readonly (string | number)[],
  withApi: readonly unknown[],
): readonly Problem[] {
  const choices = `one of the sources with an API server: ${withApi.join(', ') || 'there is none'}`;
  if (secret['source'] === undefined) {
    const text = `names no source; expected \`source\`, ${choices}`;
    return withApi.length === 1 ? [] : [{ code: 'config-invalid', path: [...path], atKey: true, text }];
  }
  if (withApi.includes(secret['source'])) return [];
  const text = `is no source that can read Secrets; expected ${choices}`;
  return [{ code: 'config-invalid', path: [...path, 'source'], atKey: false, text }];
}
