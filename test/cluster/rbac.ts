import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { Api, type ObjectName } from './api.ts';
import type { Cluster } from './harness.ts';
import { until } from './wait.ts';

/** One rule of a role, as Kubernetes writes it. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** A user who may do only what the rules say. */
export interface RestrictedUser {
  /** A kubeconfig with the user's token inside. */
  readonly kubeconfig: string;
  /** The same with `tokenFile`, a reference to a file with the token. */
  readonly kubeconfigWithFile: string;
  /** `system:serviceaccount:default:NAME`, as the audit log shows it. */
  readonly user: string;
  /** Gives other rights from now on; comes back when the API server goes by them. */
  setRules(rules: readonly Rule[]): Promise<void>;
}

/** What a user may do, and where: in the whole cluster, or in one namespace. */
export interface Rights {
  readonly rules: readonly Rule[];
  readonly namespace?: string;
}

/** Makes a service account with these rights, and a token for it. */
export async function createUser(
  cluster: Cluster,
  name: string,
  { rules, namespace }: Rights,
): Promise<RestrictedUser> {
  const { api, dir } = cluster;
  const role: ObjectName = { kind: 'ClusterRole', name };
  const rbac = 'rbac.authorization.k8s.io';
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: 'default', name } });
  await api.create({ apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata: { name }, rules: [] });
  await api.create({
    apiVersion: `${rbac}/v1`,
    kind: namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding',
    metadata: { name, ...(namespace !== undefined && { namespace }) },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
    subjects: [{ kind: 'ServiceAccount', namespace: 'default', name }],
  });
  const token = await requestToken(api, { namespace: 'default', name });
  const tokenFile = path.join(dir, `${name}.token`);
  const [kubeconfig, kubeconfigWithFile] = [`${tokenFile}.kubeconfig`, `${tokenFile}-file.kubeconfig`];
  for (const [file, content] of [
    [tokenFile, token],
    [kubeconfig, withUser(cluster.kubeconfig, { token })],
    [kubeconfigWithFile, withUser(cluster.kubeconfig, { tokenFile })],
  ] as const) {
    writeFileSync(file, content, { mode: 0o600 });
  }
  const setRules = async (next: readonly Rule[]): Promise<void> => {
    const before = await api.get<{ rules: readonly Rule[] | null }>(role);
    await api.patch(role, { rules: next });
    await rightsHold(kubeconfig, { granted: next, revoked: before.rules ?? [], namespace });
  };
  await setRules(rules);
  return { kubeconfig, kubeconfigWithFile, user: `system:serviceaccount:default:${name}`, setRules };
}

/** A token of a service account, for an hour. */
async function requestToken(api: Api, account: { readonly namespace: string; readonly name: string }): Promise<string> {
  const answer = await api.call<{ status: { token: string } }>(
    'POST',
    `/api/v1/namespaces/${account.namespace}/serviceaccounts/${account.name}/token`,
    { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } } },
  );
  return answer.status.token;
}

/** Writes a kubeconfig with a token of an existing service account; gives its path. */
export async function accountKubeconfig(
  cluster: Cluster,
  account: { readonly namespace: string; readonly name: string },
): Promise<string> {
  const file = path.join(cluster.dir, `${account.namespace}-${account.name}.kubeconfig`);
  const token = await requestToken(cluster.api, account);
  writeFileSync(file, withUser(cluster.kubeconfig, { token }), { mode: 0o600 });
  return file;
}

/** The same kubeconfig with other credentials. */
function withUser(kubeconfig: string, user: Readonly<Record<string, string>>): string {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as { users: { name: string }[] };
  return stringify({ ...config, users: config.users.map(({ name }) => ({ name, user })) });
}

/** The API server learns of roles by a watch of its own, so it is asked, as that user, until it knows. */
async function rightsHold(
  kubeconfig: string,
  rules: { granted: readonly Rule[]; revoked: readonly Rule[]; namespace: string | undefined },
): Promise<void> {
  const api = new Api(kubeconfig);
  const granted = new Set(rules.granted.flatMap(rights));
  const expected = new Set([...granted, ...rules.revoked.flatMap(rights)]);
  try {
    for (const right of expected) {
      await until(`${right} is ${granted.has(right) ? 'granted' : 'revoked'}`, async () => {
        return (await allowed(api, right, rules.namespace)) === granted.has(right);
      });
    }
  } finally {
    await api.close();
  }
}

function rights(rule: Rule): string[] {
  return rule.apiGroups.flatMap((group) =>
    rule.resources.flatMap((resource) => rule.verbs.map((verb) => `${verb} ${group} ${resource}`)),
  );
}

async function allowed(api: Api, right: string, namespace: string | undefined): Promise<boolean> {
  const [verb, group, resource = ''] = right.split(' ');
  const [main, subresource] = resource.split('/');
  const review = await api.create<{ status: { allowed: boolean } }>({
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    metadata: { name: '' },
    spec: { resourceAttributes: { verb, group, resource: main, subresource, namespace } },
  });
  return review.status.allowed;
}
