import type { EndpointRecord, EndpointSliceRecord } from '../model.ts';
import type { Identity } from '../records.ts';
import type { Fields } from './fields.ts';
import { given, intern } from './intern.ts';

type SlicePort = EndpointSliceRecord['ports'][number];

/** Cuts a discovery.k8s.io/v1 EndpointSlice. A slice without the label of a Service belongs to none (`service` empty). */
export function cutSlice(object: Fields, identity: Identity): EndpointSliceRecord {
  const addressType = object.string('addressType');
  if (addressType === undefined) object.problem('addressType', undefined, 'IPv4, IPv6 or FQDN');
  return {
    kind: 'EndpointSlice',
    namespace: intern(identity.namespace),
    name: identity.name,
    service: identity.service?.slice(identity.namespace.length + 1) ?? '',
    addressType: intern(addressType ?? ''),
    ports: object.objects('ports').map((port) => cutPort(port)),
    endpoints: object.objects('endpoints').map((endpoint) => cutEndpoint(endpoint)),
  };
}

function cutPort(port: Fields): SlicePort {
  const name = port.string('name');
  const protocol = port.string('protocol');
  return given<SlicePort>({
    name: name ? intern(name) : undefined,
    port: port.port('port'),
    protocol: protocol === undefined ? undefined : intern(protocol),
  });
}

// The usual shape is built in one go: objects that grow field by field take twice the memory.
function cutEndpoint(endpoint: Fields): EndpointRecord {
  const conditions = endpoint.child('conditions');
  const addresses = endpoint.strings('addresses') ?? [];
  const node = endpoint.string('nodeName');
  const nodeName = node === undefined ? undefined : intern(node);
  const ready = conditions.boolean('ready');
  const serving = conditions.boolean('serving');
  const terminating = conditions.boolean('terminating');
  if (ready !== undefined && serving !== undefined && terminating !== undefined && nodeName !== undefined) {
    return { addresses, ready, serving, terminating, nodeName };
  }
  return { addresses, ...given<Partial<EndpointRecord>>({ ready, serving, terminating, nodeName }) };
}
