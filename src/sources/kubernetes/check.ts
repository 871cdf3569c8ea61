import { accessProvider } from './api/access.ts';
import { ApiClient } from './api/client.ts';
import { describeScope, rbacRule, resources } from './api/resources.ts';
import { rightsOf } from './rights.ts';
import type { Right } from './rights.ts';
import { ManifestFeed } from './manifests/feed.ts';
import { defaultTiming, otherAnnotations } from './options.ts';
import type { ApiServerOptions, KubernetesOptions, ManifestOptions } from './options.ts';

/** One line of `fairlead check`. */
export interface CheckLine {
  readonly subject: string;
  readonly ok: boolean;
  /** What was found, or what to do. */
  readonly text: string;
}

/** discovery.k8s.io/v1 came with 1.21. */
const OLDEST_MINOR = 21;

/** Looks whether a source can work: reach, version, rights; or the folder. Never rejects, unless the signal aborts. */
export async function checkKubernetes(options: KubernetesOptions, signal: AbortSignal): Promise<readonly CheckLine[]> {
  const { from } = options;
  return from.kind === 'manifests' ? checkFolder(options, from, signal) : checkServer(options, from, signal);
}

async function checkFolder(
  options: KubernetesOptions,
  from: ManifestOptions,
  signal: AbortSignal,
): Promise<readonly CheckLine[]> {
  let objects = 0;
  const problems: string[] = [];
  const feed = new ManifestFeed({
    from,
    context: {
      source: options.extract.source,
      annotationPrefixes: otherAnnotations,
      ...(options.extract.ingress === undefined ? {} : { keep: () => '' }),
    },
    host: {
      changed: (changes) => {
        for (const change of changes) {
          if (change.type === 'put') objects += 1;
          if (change.type === 'unreadable') problems.push(change.diagnostic.summary);
        }
      },
      known: () => [],
      stateChanged: () => undefined,
    },
  });
  await feed.load(signal);
  const all = [...new Set([...feed.problems.map(({ summary }) => summary), ...problems])];
  const subject = `${options.extract.source}: folder ${from.folder}`;
  if (all.length === 0) return [{ subject, ok: true, text: `${objects} objects` }];
  return all.map((text) => ({ subject, ok: false, text }));
}

async function checkServer(
  options: KubernetesOptions,
  from: ApiServerOptions,
  signal: AbortSignal,
): Promise<readonly CheckLine[]> {
  const name = options.extract.source;
  const client = new ApiClient(accessProvider(from), { ...defaultTiming, ...from.timing });
  try {
    const reach = await checkVersion(client, name, signal);
    if (!reach.ok) return [reach];
    const rights = await Promise.all(rightsOf(options).map((right) => checkRight(client, { name, right }, signal)));
    return [reach, ...rights];
  } finally {
    await client.close();
  }
}

async function checkVersion(client: ApiClient, name: string, signal: AbortSignal): Promise<CheckLine> {
  const subject = `${name}: API server`;
  try {
    const { gitVersion, minor } = (await client.json({ path: '/version', signal })) as Record<string, unknown>;
    const version = `Kubernetes ${String(gitVersion)}`;
    const isOld = Number.parseInt(String(minor), 10) < OLDEST_MINOR;
    return { subject, ok: !isOld, text: isOld ? `${version}; expected 1.${OLDEST_MINOR} or newer` : version };
  } catch (error) {
    signal.throwIfAborted();
    return { subject, ok: false, text: messageOf(error) };
  }
}

async function checkRight(
  client: ApiClient,
  { name, right }: { readonly name: string; readonly right: Right },
  signal: AbortSignal,
): Promise<CheckLine> {
  const resource = right.subresource === undefined ? right.resource : `${right.resource}/${right.subresource}`;
  const of = Object.values(resources).find((one) => one.group === right.group && one.plural === right.resource);
  const { namespace, name: only } = right;
  const place = {
    resource: { kind: of?.kind ?? 'Service', group: right.group, plural: resource, base: '' },
    ...(namespace === undefined ? {} : { namespace }),
    ...(only === undefined ? {} : { name: only }),
  };
  const subject = `${name}: ${right.verb} ${describeScope(place)}`;
  const body = {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: right },
  };
  try {
    const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const { status } = (await client.json({ method: 'POST', path, body, signal })) as {
      status?: { allowed?: boolean };
    };
    if (status?.allowed === true) return { subject, ok: true, text: 'allowed' };
    return {
      subject,
      ok: false,
      text: `not allowed; add the RBAC rule ${rbacRule({ ...right, resource, verbs: [right.verb] })}`,
    };
  } catch (error) {
    signal.throwIfAborted();
    return { subject, ok: false, text: messageOf(error) };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}
