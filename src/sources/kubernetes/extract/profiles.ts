import type { FullPath } from '../../../ir/ref.ts';
import type { ProfileFor, ProfileUse } from '../../../ir/virtual.ts';
import type { Protocol } from '../../values/defaults.ts';
import type { Listening, Scope } from './scope.ts';
import { portKey } from './names.ts';

/** What the stock profiles of a device are. Others are known to the device alone, which has the last word. */
const STOCK: ReadonlyMap<FullPath, Protocol | 'l4' | 'http'> = new Map([
  ...[
    'tcp',
    'tcp-lan-optimized',
    'tcp-wan-optimized',
    'tcp-mobile-optimized',
    'tcp-legacy',
    'mptcp-mobile-optimized',
  ].map((name) => [`/Common/${name}`, 'tcp'] as const),
  ...['f5-tcp-lan', 'f5-tcp-wan', 'f5-tcp-mobile', 'f5-tcp-progressive'].map(
    (name) => [`/Common/${name}`, 'tcp'] as const,
  ),
  ...['udp', 'udp_decrement_ttl', 'udp_gtm_dns'].map((name) => [`/Common/${name}`, 'udp'] as const),
  ['/Common/sctp', 'sctp'],
  ['/Common/fastL4', 'l4'],
  ...['http', 'http-explicit', 'http-transparent'].map((name) => [`/Common/${name}`, 'http'] as const),
]);

/** The profiles of a port's virtual server: those named, or those of its type. */
export function profilesOf(scope: Scope, listening: Listening): readonly ProfileUse[] {
  const { annotations } = scope;
  const named = annotations.get('profiles', listening.port);
  const profiles = named ?? profilesOfType(scope, listening);
  const name = named === undefined ? 'type' : 'profiles';
  reportHttpProfileBeside(scope, listening);
  const reason = mismatch(profiles, listening.protocol);
  if (reason !== undefined) {
    const field = annotations.field(name, listening.port);
    scope.problems.freeze({
      code: 'profile-mismatch',
      text: `port ${portKey(listening.port)} (${listening.protocol.toUpperCase()}): ${reason}`,
      ...(field === undefined ? {} : { field }),
    });
  }
  return profiles;
}

/** The profiles of the type; an HTTP profile that is named takes the place of the stock one. */
function profilesOfType({ annotations, options }: Scope, listening: Listening): readonly ProfileUse[] {
  const http = annotations.get('http-profile', listening.port);
  const given = annotations.get('type', listening.port);
  const type = given ?? (http === undefined || http === 'none' ? defaultType(listening) : 'http');
  const profiles = options.defaults.profiles[type === 'standard' ? listening.protocol : type];
  if (http === undefined || type !== 'http') return profiles;
  const others = profiles.filter(({ path }) => STOCK.get(path) !== 'http');
  return http === 'none' ? others : [{ path: http, context: 'all' }, ...others];
}

function reportHttpProfileBeside({ annotations, problems }: Scope, { port }: Listening): void {
  const field = annotations.field('http-profile', port);
  if (field === undefined) return;
  const type = annotations.get('type', port);
  const beside = annotations.field('profiles', port) === undefined ? undefined : 'profiles';
  if (beside === undefined && (type === undefined || type === 'http')) return;
  problems.freeze({
    code: 'annotation-invalid',
    text: `port ${portKey(port)}: annotation http-profile stands beside ${beside ?? `type ${type}`}, expected one of the two`,
    field,
  });
}

function defaultType({ port, protocol }: Listening): 'http' | 'standard' {
  return protocol === 'tcp' && port.appProtocol?.toLowerCase() === 'http' ? 'http' : 'standard';
}

/** Why the device would refuse these together (01070096, 01070734); undefined: nothing is known against them. */
function mismatch(profiles: readonly ProfileUse[], protocol: Protocol): string | undefined {
  const kinds = profiles.map(({ path }) => ({ path, kind: STOCK.get(path) }));
  const l4 = kinds.find(({ kind }) => kind === 'l4');
  if (l4 !== undefined) {
    const other = kinds.find(({ kind }) => kind !== undefined && kind !== 'l4');
    return other === undefined ? undefined : `profile ${other.path} cannot stand beside ${l4.path}`;
  }
  const wrong = kinds.find(
    ({ kind }) => kind !== undefined && kind !== protocol && (kind !== 'http' || protocol !== 'tcp'),
  );
  if (wrong !== undefined) return `profile ${wrong.path} does not fit the protocol, expected one for ${protocol}`;
  const isComplete = kinds.some(({ kind }) => kind === undefined || kind === protocol);
  return isComplete ? undefined : `profile /Common/${protocol} or another one for ${protocol} is missing`;
}

/** The stock TCP profile among these; undefined: there is none. */
export function tcpProfileOf(profiles: readonly ProfileUse[]): FullPath | undefined {
  return profiles.find(({ path }) => STOCK.get(path) === 'tcp')?.path;
}

/** Whether cookies can be read, as far as that can be known. */
export function mayReadHttp(profiles: readonly ProfileUse[]): boolean {
  return profiles.some(({ path }) => !STOCK.has(path) || STOCK.get(path) === 'http');
}

/** Profiles with others for TCP and HTTP in place of theirs, where they are named; these and the stock ones say what they are for. */
export function frontProfiles(
  profiles: readonly ProfileUse[],
  named: { readonly tcp: FullPath | undefined; readonly http: FullPath | undefined },
): readonly (ProfileUse | ProfileFor)[] {
  const usual = profiles.flatMap((use): readonly (ProfileUse | ProfileFor)[] => {
    const kind = STOCK.get(use.path);
    if (kind !== 'tcp' && kind !== 'http') return [use];
    return named[kind] === undefined ? [{ ...use, purpose: kind }] : [];
  });
  const added = (['tcp', 'http'] as const).flatMap((purpose): readonly ProfileFor[] => {
    const path = named[purpose];
    return path === undefined ? [] : [{ path, context: 'all', purpose }];
  });
  return [...usual, ...added];
}
