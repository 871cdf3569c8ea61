import type { NamespaceRecord, NodeRecord } from '../model.ts';
import type { Fields } from './fields.ts';
import { cutNodeNetwork } from './network.ts';

const EXCLUDE = 'node.kubernetes.io/exclude-from-external-load-balancers';
const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler';

/**
 * Cuts a core/v1 Node: addresses, readiness, whether load balancers leave it out, and whether it is about to go. With
 * `network` also its part of the pod network, with annotations of these prefixes.
 */
export function cutNode(object: Fields, name: string, network?: readonly string[]): NodeRecord {
  const status = object.child('status');
  const addresses = status.objects('addresses').map((entry) => ({
    type: entry.string('type') ?? '',
    address: entry.string('address') ?? '',
  }));
  const ready = status
    .objects('conditions')
    .some((entry) => entry.raw('type') === 'Ready' && entry.raw('status') === 'True');
  const spec = object.child('spec');
  const leaving =
    spec.raw('unschedulable') === true || spec.objects('taints').some((entry) => entry.raw('key') === TO_BE_DELETED);
  const excluded = object.child('metadata').child('labels').raw(EXCLUDE) !== undefined;
  return {
    kind: 'Node',
    name,
    addresses,
    ready,
    excluded,
    ...(leaving ? { leaving } : {}),
    ...(network === undefined ? {} : { network: cutNodeNetwork(object, network) }),
  };
}

/** Cuts a core/v1 Namespace: its labels. */
export function cutNamespace(object: Fields, name: string): NamespaceRecord {
  return { kind: 'Namespace', name, labels: object.child('metadata').stringMap('labels', () => true) };
}
