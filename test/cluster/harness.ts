import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Api } from './api.ts';
import { parseAudit, type AuditedRequest } from './audit.ts';
import { binaryPath } from './build.ts';
import { startProgram, type Program } from './program.ts';

/** The processes of a cluster. */
type Component = 'etcd' | 'kube-apiserver' | 'kube-controller-manager';

/** How a cluster is started. */
export interface ClusterOptions {
  /** Two ranges with a comma make it dual stack; left out: 10.96.0.0/16. */
  readonly serviceCidr?: string;
  /** More flags for kube-apiserver. */
  readonly apiserverFlags?: readonly string[];
}

/** A running cluster. */
export interface Cluster {
  /** A kubeconfig of an administrator, with client certificates inside. */
  readonly kubeconfig: string;
  readonly url: string;
  /** Everything of the cluster: certificates, logs, etcd's data. Goes with {@link stop}. */
  readonly dir: string;
  readonly api: Api;
  /** All requests that the API server has taken so far, oldest first. */
  requests(): readonly AuditedRequest[];
  /** Ends a component in order, and leaves it ended. */
  halt(component: Component): Promise<void>;
  /** Kills a component as a crash would, and leaves it dead. */
  kill(component: Component): Promise<void>;
  /** Starts a component that was ended. The API server is ready then, and its controllers start anew, too. */
  start(component: Component): Promise<void>;
  /** Ends the API server, and starts it again: all connections break, its caches are new. */
  restartApiserver(): Promise<void>;
  /** Kills etcd, and starts it again with its data. */
  killEtcd(): Promise<void>;
  /** Ends everything and removes {@link dir}. */
  stop(): Promise<void>;
}

const AUDIT_POLICY = `apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived]
rules: [{level: Metadata}]
`;

/**
 * Starts a control plane on loopback, in a directory of its own; it takes about four seconds. Throws if the binary was
 * not built, or with the ends of the logs if the start fails. It ends with this process, whatever becomes of it.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<Cluster> {
  const binary = binaryPath();
  if (!existsSync(binary)) throw new Error(`${binary} is not there: run "node test/cluster/build.ts" first`);
  const dir = mkdtempSync(path.join(tmpdir(), 'fairlead-cluster-'));
  const auditLog = path.join(dir, 'audit.jsonl');
  const auditPolicy = path.join(dir, 'audit-policy.yaml');
  writeFileSync(auditPolicy, AUDIT_POLICY);
  const apiserverFlags = [
    `--audit-policy-file=${auditPolicy}`,
    `--audit-log-path=${auditLog}`,
    ...(options.apiserverFlags ?? []),
  ];
  const args = ['up', '--control', '--dir', dir, ...apiserverFlags.flatMap((flag) => ['--api', flag])];
  if (options.serviceCidr !== undefined) args.push('--service-cidr', options.serviceCidr);
  const program = startProgram(binary, args);
  try {
    const ready = await program.answer();
    if (ready.state !== 'ready' || ready.kubeconfig === undefined) throw new Error(JSON.stringify(ready));
    return connect({ dir, kubeconfig: ready.kubeconfig, auditLog, program });
  } catch (error) {
    await program.end();
    throw new Error(`the cluster does not start: ${String(error)}\n${logTails(dir)}`, { cause: error });
  }
}

interface Started {
  readonly dir: string;
  readonly kubeconfig: string;
  readonly auditLog: string;
  readonly program: Program;
}

function connect({ dir, kubeconfig, auditLog, program }: Started): Cluster {
  const api = new Api(kubeconfig);
  const give = async (verb: 'stop' | 'kill' | 'start', component: Component): Promise<void> => {
    const answer = await program.command(`${verb} ${component}`);
    if (answer.state !== 'done') throw new Error(`${verb} ${component}: ${answer.error}\n${logTails(dir)}`);
  };
  const start = async (component: Component): Promise<void> => {
    await give('start', component);
    if (component !== 'kube-apiserver') return;
    // Controllers that missed the API server wait up to half a minute before they try again; new ones do not.
    await give('kill', 'kube-controller-manager');
    await give('start', 'kube-controller-manager');
  };
  return {
    kubeconfig,
    url: api.url,
    dir,
    api,
    requests: () => parseAudit(readFileSync(auditLog, 'utf8')),
    halt: (component) => give('stop', component),
    kill: (component) => give('kill', component),
    start,
    restartApiserver: async () => {
      await give('stop', 'kube-apiserver');
      await start('kube-apiserver');
    },
    killEtcd: async () => {
      await give('kill', 'etcd');
      await give('start', 'etcd');
    },
    stop: async () => {
      await api.close();
      await program.end();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The last lines of each log, for an error message. */
function logTails(dir: string): string {
  const names: readonly Component[] = ['etcd', 'kube-apiserver', 'kube-controller-manager'];
  return names
    .map((name) => path.join(dir, 'logs', `${name}.log`))
    .filter((file) => existsSync(file))
    .map((file) => `--- ${file}\n${readFileSync(file, 'utf8').trimEnd().split('\n').slice(-15).join('\n')}`)
    .join('\n');
}
