import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { Policy } from '../../../ir/policy.ts';
import type { ProfileUse, VirtualServer } from '../../../ir/virtual.ts';
import type { Read } from '../../cells.ts';
import type { FullPath, Ref } from '../../../ir/ref.ts';
import type { ObjectKey } from '../model.ts';
import { compareText } from '../../../ir/compare-text.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import type { AnnotationName } from './annotations.ts';
import type { ExtractOptions } from './options.ts';
import { printAddress } from '../../../ir/address.ts';
import { canonical } from '../../../ir/canonical.ts';
import { refOf } from '../../../ir/ref.ts';
import { sinceOf } from './age.ts';
import { annotationField } from './annotation-reader.ts';
import { wantsIngressHosts } from './dns/hosts.ts';
import { reportIdleDns } from './dns/idle.ts';
import { frontsOf, ingressScope } from './ingress-scope.ts';
import { frontRule } from './ingress-irule.ts';
import { frontTcp } from './ingress-tcp.ts';
import { reportPaths } from './ingress-paths.ts';
import { rulesOf } from './ingress-rules.ts';
import { frontPorts } from './ingress-wish.ts';
import { backendTlsOf } from './ingress-backend-tls.ts';
import { YIELDING, defaultProfile, reportTls, tlsProfiles } from './ingress-tls.ts';
import { persistenceOf } from './ingress-affinity.ts';
import { isPolicyAlone } from './codeshare.ts';
import { describe, frontPath, ingressPolicyPath, originOf } from './names.ts';
import { frontProfiles } from './profiles.ts';

/** Kinds of objects that Ingresses which share a front give together. */
const JOINED: ReadonlySet<string> = new Set(['virtual', 'policy', 'irule', 'client-ssl']);

/**
 * An Ingress: its part of the virtual server and of the policy of each of its fronts, and what there is to say to its
 * owner. What cannot be understood leaves all of it as it is on the device; a backend or Secret that is missing costs no
 * more than itself.
 */
export function extractIngress(
  { cell, key }: { readonly cell: CellKey; readonly key: ObjectKey },
  read: Read,
  options: ExtractOptions,
): Contribution | undefined {
  const scope = ingressScope(key, read, options);
  if (scope === undefined) return undefined;
  const { record, problems, decision } = scope;
  scope.annotations.reportUnknown();
  reportRefused(scope);
  reportIdleDns(scope, wantsIngressHosts(scope.record, options));
  reportNoHttp(scope);
  reportNoPort(scope);
  reportPaths(scope);
  problems.take(decision?.diagnostics ?? [], decision?.frozen === true);
  reportTls(scope);
  const isAlone = isPolicyAlone(record, options);
  const objects = isAlone ? [policyAlone(scope)] : frontsOf(scope).flatMap((front) => objectsOf(scope, front));
  const given = problems.frozen ? [] : distinct(objects);
  const joined = isAlone ? [] : given.filter(({ kind }) => JOINED.has(kind));
  const joins = joined.map(({ kind, path }) => refOf(kind, path));
  const yields = yieldsOf(scope);
  const expects = expectedOf(given, options);
  return {
    cell,
    origin: originOf(record, options),
    since: sinceOf(record),
    objects: given,
    ...(joins.length === 0 ? {} : { joins }),
    ...(joins.length === 0 || yields.length === 0 ? {} : { yields }),
    ...(expects.length === 0 ? {} : { expects }),
    ...(problems.frozen ? { frozen: true } : {}),
    diagnostics: problems.list,
  };
}

/** Pools and profiles that Services, Secrets and other Ingresses give: our names, and none of what is given here. */
function expectedOf(given: readonly BigipObject[], { partition }: ExtractOptions): readonly Ref[] {
  const own = new Set(given.map(({ kind, path }) => refOf(kind, path)));
  const pools = given.flatMap((object) =>
    object.kind !== 'policy'
      ? []
      : object.rules.flatMap(({ actions }) =>
          actions.flatMap((action) => (action.type === 'forward' ? [refOf('pool', action.pool)] : [])),
        ),
  );
  const profiles = given.flatMap((object) =>
    object.kind !== 'virtual'
      ? []
      : object.profiles.flatMap(({ path, context }) =>
          path.startsWith(`/${partition}/Ingress_`) && context === 'clientside' ? [refOf('client-ssl', path)] : [],
        ),
  );
  return [...new Set([...pools, ...profiles])].filter((ref) => !own.has(ref)).sort(compareText);
}

/** What nobody asked for of a virtual server, and of the default certificate. */
function yieldsOf({ annotations }: IngressScope): readonly string[] {
  const isUnsaid = (...names: readonly AnnotationName[]) =>
    names.every((name) => annotations.field(name) === undefined);
  return [
    ...(isUnsaid('snat') ? ['sourceAddressTranslation'] : []),
    ...(isUnsaid('tcp-profile', 'idle-timeout') ? ['profiles tcp'] : []),
    ...(isUnsaid('http-profile') ? ['profiles http'] : []),
    ...YIELDING,
  ];
}

/**
 * The virtual address stands under all ports of it. Of a virtual server what is asked for counts also where it is the device's
 * own default (no SNAT): it is given together with others.
 */
function distinct(objects: readonly BigipObject[]): readonly BigipObject[] {
  const all = objects.map((object): readonly [Ref, BigipObject] => {
    const { sourceAddressTranslation, connectionLimit } = object.kind === 'virtual' ? object : {};
    const asked = {
      ...(sourceAddressTranslation === undefined ? {} : { sourceAddressTranslation }),
      ...(connectionLimit === undefined ? {} : { connectionLimit }),
    };
    return [refOf(object.kind, object.path), { ...canonical(object), ...asked }];
  });
  return [...new Map(all).values()];
}

/** What a Service attaches. Its rules do not depend on where that listens. */
function policyAlone(scope: IngressScope): Policy {
  const { record, options } = scope;
  const front = { address: { ip: '0.0.0.0' }, port: 80, name: '', isSecure: false } as const;
  const path = ingressPolicyPath(record, options);
  return { kind: 'policy', path, description: describe(record, options), rules: rulesOf(scope, front) };
}

function objectsOf(scope: IngressScope, front: Front): readonly BigipObject[] {
  const { record, options } = scope;
  const tls = backendTlsOf(scope, front);
  const affinity = persistenceOf(scope, front);
  const tcp = frontTcp(scope, front);
  const policy: Policy = {
    kind: 'policy',
    path: frontPath(front.name, options),
    description: describe(record, options),
    rules: rulesOf(scope, front),
  };
  const { address } = front;
  return [
    {
      kind: 'virtual-address',
      path: `/${options.partition}/${printAddress(address)}`,
      description: describe(record, options),
      address,
    },
    policy,
    frontRule(scope, front),
    ...(front.isSecure ? [defaultProfile(scope, front)] : []),
    ...tcp.objects,
    ...tls.objects,
    ...affinity.objects,
    { ...virtualOf(scope, front, [...profilesOf(scope, front, tcp.path), ...tls.profiles]), ...affinity.fields },
  ];
}

function profilesOf(scope: IngressScope, front: Front, tcp: FullPath | undefined): readonly ProfileUse[] {
  const http = scope.annotations.get('http-profile');
  const base = frontProfiles(scope.options.defaults.profiles.http, { tcp, http });
  return front.isSecure ? [...base, ...tlsProfiles(scope, front)] : base;
}

/** What holds for all that share a front is the oldest's to say that says something. */
function virtualOf(scope: IngressScope, front: Front, profiles: readonly ProfileUse[]): VirtualServer {
  const { record, options, annotations } = scope;
  const { address, port } = front;
  const snat = annotations.get('snat') ?? options.defaults.snat;
  const rules = annotations.get('rules') ?? [];
  const vlans = annotations.get('vlans');
  const connectionLimit = annotations.get('connection-limit');
  return {
    kind: 'virtual',
    path: frontPath(front.name, options),
    description: describe(record, options),
    destination: { address, port },
    virtualAddress: `/${options.partition}/${printAddress(address)}`,
    ipProtocol: 'tcp',
    profiles,
    policies: [frontPath(front.name, options)],
    sourceAddressTranslation: snat,
    rules: [...rules, frontPath(front.name, options)],
    ...(vlans === undefined ? {} : { vlans }),
    ...(connectionLimit === undefined ? {} : { connectionLimit }),
  };
}

function reportNoPort({ record, options, problems }: IngressScope): void {
  const { http, https } = frontPorts(record, options);
  if (http !== undefined || https !== undefined || isPolicyAlone(record, options)) return;
  const key = `${options.annotationPrefix}http-port`;
  problems.add({
    code: 'ingress-without-port',
    text: `annotation ${key} is none and spec.tls is empty, so nothing is served; expected a port, or an entry in spec.tls`,
    field: annotationField(key),
  });
}

/** Hosts and paths are read by an HTTP profile. */
function reportNoHttp({ options, problems, annotations }: IngressScope): void {
  const key = `${options.annotationPrefix}http-profile`;
  if (annotations.get('http-profile') !== 'none') return;
  problems.freeze({
    code: 'annotation-invalid',
    text: `annotation ${key} is "none", expected the full path of an HTTP profile: without one no host and path can be read`,
    field: annotationField(key),
  });
}

/** A limit that is not there must not be taken for granted: beside a policy that stands alone is no iRule of ours. */
function reportRefused({ record, options, problems, annotations }: IngressScope): void {
  const key = `${options.annotationPrefix}max-body-size`;
  if (annotations.get('max-body-size') === undefined || !isPolicyAlone(record, options)) return;
  problems.add({
    code: 'annotation-refused',
    text: `annotation ${key} has no effect on an Ingress without an address of its own: expected one, or an iRule on the virtual server of the Service`,
    field: annotationField(key),
  });
}
