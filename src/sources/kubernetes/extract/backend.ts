import type { CellKey, Contribution } from '../../../desired/contribution.ts';
import type { BigipObject } from '../../../ir/objects.ts';
import type { Family } from './ip-range.ts';
import type { Pool } from '../../../ir/pool.ts';
import type { Exposure } from './exposure.ts';
import type { Watch } from './monitors.ts';
import type { Listening, Scope } from './scope.ts';
import { memberFamily, poolSuffix } from './families.ts';
import { membersOf } from './members.ts';
import { watchOf } from './monitors.ts';
import { describeService, poolPathOf } from './names.ts';
import { addressesOfPort, contribution, decisionOf } from './scope.ts';

/**
 * The backend of one port: its pools, one for each family that it has an address of, and its monitor. A port without an
 * address has none. Problems of the whole Service are told by the front.
 */
export function extractBackend(
  cell: CellKey,
  scope: Scope,
  of: { readonly listening: Listening; readonly exposure: Exposure },
): Contribution {
  const decision = decisionOf(scope);
  const isUnclear = of.exposure === 'unclear' || decision?.frozen === true;
  const addresses = addressesOfPort(decision, of.listening);
  if (addresses.length === 0) {
    if (isUnclear) scope.problems.take([], true);
    return contribution(cell, scope, []);
  }
  const families = new Set(addresses.map((address) => memberFamily(scope.stack, address)));
  return contribution(cell, scope, poolsOf(scope, of.listening, families));
}

function poolsOf(scope: Scope, listening: Listening, families: ReadonlySet<Family>): readonly BigipObject[] {
  const watch = watchOf(scope, listening);
  const pools = [...families].map((family) => poolOf(scope, listening, { family, watch }));
  return watch.own === undefined ? pools : [watch.own, ...pools];
}

function poolOf(scope: Scope, listening: Listening, { family, watch }: { family: Family; watch: Watch }): Pool {
  const { annotations, options, record, stack } = scope;
  const { port } = listening;
  const mode = annotations.get('load-balancing-mode', port) ?? options.defaults.loadBalancingMode;
  const serviceDownAction = annotations.get('service-down-action', port);
  const slowRampTime = annotations.get('slow-ramp-time', port);
  return {
    kind: 'pool',
    path: poolPathOf(record, port, { options, suffix: poolSuffix(stack, family) }),
    description: describeService(record, options),
    ...(mode === undefined ? {} : { loadBalancingMode: mode }),
    ...(watch.rule === undefined ? {} : { monitor: watch.rule }),
    ...(serviceDownAction === undefined ? {} : { serviceDownAction }),
    ...(slowRampTime === undefined ? {} : { slowRampTime }),
    members: membersOf(scope, listening, family),
  };
}
