import type { TcpProfile } from '../../../ir/tcp-profile.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { describe, frontPath } from './names.ts';
import { tcpProfileOf } from './profiles.ts';

/** The TCP profile of a front: its name, and the objects of it. */
export interface FrontTcp {
  /** Undefined: that of the defaults. */
  readonly path: FullPath | undefined;
  readonly objects: readonly TcpProfile[];
}

/**
 * LTM keeps timeouts in the TCP profile, which holds for both sides: one of its own, made from the one that is named or usual.
 * The oldest that asks for any decides; all that ask for the same give it, so that none of them depends on another.
 */
export function frontTcp(scope: IngressScope, front: Front): FrontTcp {
  const { annotations, options, record } = scope;
  const named = annotations.get('tcp-profile');
  const idleTimeout = annotations.get('idle-timeout');
  if (idleTimeout === undefined) return { path: named, objects: [] };
  const path = frontPath(front.name, options, '_tcp');
  const parent = named ?? tcpProfileOf(options.defaults.profiles.http);
  const profile: TcpProfile = {
    kind: 'tcp-profile',
    path,
    description: describe(record, options),
    ...(parent === undefined || parent === '/Common/tcp' ? {} : { defaultsFrom: parent }),
    idleTimeout,
  };
  return { path, objects: [profile] };
}
