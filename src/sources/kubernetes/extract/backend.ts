import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { AnnotationName } from './annotations.ts';
import type { Family } from './ip-range.ts';
import type { Pool } from '../../../ir/pool.ts';
import type { Exposure } from './exposure.ts';
import type { Watch } from './monitors.ts';
import type { Listening, Scope } from './scope.ts';
import type { ServicePort } from '../model.ts';
import { refOf } from '../../../ir/ref.ts';
import { portOfUse } from './cells.ts';
import { isExposed } from './exposure.ts';
import { familyName, memberFamily, poolSuffix } from './families.ts';
import { membersOf } from './members.ts';
import { isDefaultWatch, watchOf } from './monitors.ts';
import { readNamedPool } from './named-pool.ts';
import { describe, poolPathOf } from './names.ts';
import { addressesOfPort, contribution, decisionOf, jointContribution, usesOf } from './scope.ts';
import { withOverlay } from './overlay-members.ts';

/**
 * The backend of one port: its pools, one for each family that it has an address of or that an Ingress wants, and its
 * monitor. A port that nobody needs has none. Problems of the whole Service are told by the front.
 */
export function extractBackend(
  cell: CellKey,
  scope: Scope,
  of: { readonly listening: Listening; readonly exposure: Exposure },
): Contribution {
  // What a Service that is not exposed once had is no longer its own.
  const decision = isExposed(of.exposure) ? decisionOf(scope) : undefined;
  const isUnclear = of.exposure === 'unclear' || decision?.frozen === true;
  const { listening } = of;
  const named = readNamedPool(scope, listening.port);
  const used = familiesUsed(scope, listening.port).map((family) => memberFamily(scope.stack, family));
  if (named !== undefined && (isExposed(of.exposure) || of.exposure === 'members' || used.length > 0)) {
    return poolTogether(cell, scope, { listening, path: named });
  }
  const own = addressesOfPort(decision, listening).map((address) => memberFamily(scope.stack, familyName(address)));
  const families = new Set([...own, ...used]);
  if (families.size === 0) {
    if (isUnclear) scope.problems.take([], true);
    return contribution(cell, scope, []);
  }
  return contribution(cell, scope, poolsOf(scope, listening, families));
}

/** Members of all families for a pool that others give members to, too, and what the Service says of it. */
function poolTogether(
  cell: CellKey,
  scope: Scope,
  { listening, path }: { readonly listening: Listening; readonly path: FullPath },
): Contribution {
  const watch = watchOf(scope, listening);
  const members = scope.stack.families.flatMap((family) => membersOf(scope, listening, family));
  const pool: Pool = { ...poolFields(scope, listening, watch), monitor: watch.rule ?? { monitors: [] }, path, members };
  const reached = withOverlay(scope, pool);
  const objects = watch.own === undefined ? reached : [watch.own, ...reached];
  const isUnsaid = (name: AnnotationName) => scope.annotations.field(name, listening.port) === undefined;
  const yields = [
    ...(isUnsaid('load-balancing-mode') ? ['loadBalancingMode'] : []),
    ...(isDefaultWatch(scope, listening) ? ['monitor'] : []),
  ];
  return jointContribution(cell, scope, { objects, joins: [refOf('pool', path)], yields });
}

/** The families in which Ingresses want a port. */
function familiesUsed(scope: Scope, port: ServicePort): readonly Family[] {
  const uses = usesOf(scope).filter((use) => portOfUse(scope.record, use.port) === port);
  return uses.flatMap(({ families }) => families);
}

function poolsOf(scope: Scope, listening: Listening, families: ReadonlySet<Family>): readonly BigipObject[] {
  const watch = watchOf(scope, listening);
  const pools = [...families].map((family) => poolOf(scope, listening, { family, watch }));
  const reached = pools.flatMap((pool) => withOverlay(scope, pool));
  return watch.own === undefined ? reached : [watch.own, ...reached];
}

function poolOf(scope: Scope, listening: Listening, { family, watch }: { family: Family; watch: Watch }): Pool {
  const { options, record, stack } = scope;
  return {
    ...poolFields(scope, listening, watch),
    path: poolPathOf(record, listening.port, { options, suffix: poolSuffix(stack, family) }),
    members: membersOf(scope, listening, family),
  };
}

function poolFields(scope: Scope, { port }: Listening, watch: Watch): Omit<Pool, 'path' | 'members'> {
  const { annotations, options, record } = scope;
  const mode = annotations.get('load-balancing-mode', port) ?? options.defaults.loadBalancingMode;
  const serviceDownAction = annotations.get('service-down-action', port);
  const slowRampTime = annotations.get('slow-ramp-time', port);
  const minActiveMembers = annotations.get('min-active-members', port);
  return {
    kind: 'pool',
    description: describe(record, options),
    ...(mode === undefined ? {} : { loadBalancingMode: mode }),
    ...(watch.rule === undefined ? {} : { monitor: watch.rule }),
    ...(serviceDownAction === undefined ? {} : { serviceDownAction }),
    ...(slowRampTime === undefined ? {} : { slowRampTime }),
    ...(minActiveMembers === undefined ? {} : { minActiveMembers }),
  };
}
