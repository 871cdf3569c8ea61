import type { Config } from '../config/schema.ts';
import { isCluster } from '../config/source-schema.ts';
import type { SourceConfig } from '../config/source-schema.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Finding } from '../report/check-view.ts';
import type { Source } from '../sources/source.ts';
import type { Lane } from './assemble.ts';
import type { CommonFlags } from './flags.ts';
import type { Deps, Session } from './session.ts';
import { checkDocument, checkText } from '../report/check-view.ts';
import { plural } from '../report/plan-view.ts';
import { networkSourceName } from '../sources/pod-network/options.ts';
import { terminalWidth } from './io.ts';
import { kubernetesOptions } from './kubernetes-options.ts';
import { EXIT, printJson, withLanes } from './session.ts';
import { secretsOf } from './cluster-secret.ts';
import { sqlOptions } from './sql-options.ts';
import { ReachBook } from '../sync/reach-book.ts';
import type { Target } from '../targets/target.ts';

/** `fairlead check`: config, connections, rights and versions; each line ok, or what to do. Changes nothing. */
export async function checkVerb(deps: Deps, flags: CommonFlags): Promise<number> {
  return await withLanes(deps, flags, async (session, lanes) => {
    const reach = new ReachBook();
    const findings = [
      configFinding(session),
      ...(await checkSources(session, lanes, reach)),
      ...(await checkTargets(session, lanes, reach)),
    ];
    session.progress.clear();
    if (flags.output === 'json') printJson(checkDocument(findings), session.io);
    else session.io.stdout.write(checkText(findings, session.palette, terminalWidth(session.io.stdout)));
    return findings.every(({ ok }) => ok) ? EXIT.ok : EXIT.error;
  });
}

function configFinding({ config, flags }: Session): Finding {
  const text = `${flags.config}: instance ${config.instance}, ${countOf(config)}`;
  return { subject: 'config', ok: true, text };
}

function countOf({ sources, targets, addressPools }: Config): string {
  return [
    plural(sources.length, 'source'),
    plural(targets.length, 'target'),
    plural(addressPools.length, 'address pool'),
  ].join(', ');
}

/** Lanes have the same sources but for the partition. What devices are to have learned a route to goes into `reach`. */
async function checkSources(session: Session, lanes: readonly Lane[], reach: ReachBook): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const config of session.config.sources) {
    session.progress.step(`checking source ${config.name}`);
    const lines = await checkConnection(session, config);
    findings.push(...lines);
    const sources = lanes[0]?.options.sources ?? [];
    const source = sources.find(({ name }) => name === config.name);
    const connected = lines.every(({ ok }) => ok);
    // First: members may be reached through it.
    const network = sources.find(({ name }) => name === networkSourceName(config.name));
    if (network !== undefined && connected)
      findings.push(await checkNetwork(network, { name: config.name, reach, signal: session.signal }));
    if (source !== undefined && connected) findings.push(await checkContent(source, config, session.signal));
  }
  return findings;
}

async function checkConnection(session: Session, source: SourceConfig): Promise<readonly Finding[]> {
  const { config, signal } = session;
  const [target] = config.targets;
  if (target === undefined) return [];
  if (source.sql !== undefined) {
    const { checkSql } = await import('../sources/sql/index.ts');
    const secrets = { sql: source.sql, readSecret: secretsOf(config, session.io.env) };
    const lines = await checkSql(sqlOptions(config, { source, target, lentPools: new Set() }, secrets), signal);
    return lines.map(({ subject, ok, text }) => ({ subject: `source ${source.name}: ${subject}`, ok, text }));
  }
  if (!isCluster(source)) return [];
  const { checkKubernetes } = await import('../sources/kubernetes/index.ts');
  const lines = await checkKubernetes(kubernetesOptions(config, { source, target }), signal);
  return lines.map(({ subject, ok, text }) => ({ subject: `source ${subject}`, ok, text }));
}

/** Whether the pod network can be read, and whether what is read makes sense. */
async function checkNetwork(
  network: Source,
  { name, reach, signal }: { readonly name: string; readonly reach: ReachBook; readonly signal: AbortSignal },
): Promise<Finding> {
  const subject = `source ${name}: pod network`;
  const { contributions, complete, diagnostics } = await network.read({ signal });
  const problems = [...diagnostics, ...contributions.flatMap((contribution) => contribution.diagnostics)];
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (!complete || errors.length > 0) return { subject, ok: false, text: problems.map(textOf).join('; ') };
  for (const contribution of contributions) reach.take(contribution);
  const machines = contributions.filter(({ objects, reaches = [] }) => objects.length + reaches.length > 0).length;
  const left = problems.length === 0 ? '' : `; ${problems.map(textOf).join('; ')}`;
  return { subject, ok: true, text: `${plural(machines, 'part')} for us${left}` };
}

function textOf({ summary }: Diagnostic): string {
  return summary;
}

/** Most problems that a line names. */
const NAMED = 5;

function textsOf(problems: readonly Diagnostic[]): string {
  const texts = [...new Set(problems.map(textOf))];
  const more = texts.length > NAMED ? [`and ${texts.length - NAMED} more`] : [];
  return [...texts.slice(0, NAMED), ...more].join('; ');
}

/** Whether there is anything for us: the commonest surprise of a first run is that there is not. */
async function checkContent(source: Source, config: SourceConfig, signal: AbortSignal): Promise<Finding> {
  const subject = `source ${source.name}: ${config.state === undefined ? 'Services' : 'objects'}`;
  const { contributions, complete, diagnostics } = await source.read({ signal });
  const frozen = contributions.filter((contribution) => contribution.frozen === true);
  const problems = frozen.flatMap((contribution) => contribution.diagnostics);
  if (!complete) return { subject, ok: false, text: textsOf([...diagnostics, ...problems]) };
  const origins = new Set(contributions.map(({ origin }) => origin)).size;
  const left = new Set(frozen.map(({ origin }) => origin)).size;
  const stuck = left === 0 ? '' : `, of which ${left} cannot be understood: ${textsOf(problems)}`;
  if (!isCluster(config)) return { subject, ok: true, text: `${origins} for us${stuck}` };
  const hint = `; give one spec.loadBalancerClass: ${config.loadBalancerClass} or an annotation ${config.annotationPrefix}...`;
  return { subject, ok: true, text: `${origins} for us${origins === 0 ? hint : ''}` };
}

async function checkTargets(session: Session, lanes: readonly Lane[], reach: ReachBook): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, options } of lanes) {
    session.progress.step(`checking target ${name}`);
    const lines = await options.target.check({ signal: session.signal });
    session.signal.throwIfAborted();
    findings.push(
      ...lines.map(({ subject, ok, text }) => {
        return { subject: `target ${name}: ${subject}`, ok, text: ok ? text : withAdvice(text) };
      }),
    );
    if (reach.size > 0 && lines.every(({ ok }) => ok)) {
      findings.push(await checkRoutes(options.target, { name, reach, signal: session.signal }));
    }
  }
  return findings;
}

/** Whether the device has learned the routes that nobody writes for it. */
async function checkRoutes(
  target: Target,
  { name, reach, signal }: { readonly name: string; readonly reach: ReachBook; readonly signal: AbortSignal },
): Promise<Finding> {
  const subject = `target ${name}: learned routes`;
  await reach.read(target, signal);
  const { problems } = reach;
  if (problems.length > 0) return { subject, ok: false, text: problems.map(textOf).join('; ') };
  return { subject, ok: true, text: `there is one to each of ${plural(reach.size, 'block')} of the pod networks` };
}

/** What to do about findings that only say what happened, because they come from the network or the system. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^cannot connect to /, 'check bigip.url, whether the device is up, and firewalls on the way'],
  [/^the connection was cut/, 'check whether bigip.url has the scheme and the port of the management interface'],
  [/environment variable \S+ is not set$/, 'set it where fairlead runs, or change bigip.password'],
  [/file \S+ cannot be read \(\w+\)$/, 'check the path, which starts at the config file, and who may read it'],
];

/** The finding with what to do, where it does not say so itself. */
export function withAdvice(text: string): string {
  const advice = ADVICE.find(([pattern]) => pattern.test(text))?.[1];
  return advice === undefined ? text : `${text}; ${advice}`;
}
