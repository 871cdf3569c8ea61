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

function cutEndpoint(endpoint: Fields): EndpointRecord {
  const conditions = endpoint.child('conditions');
  const nodeName = endpoint.string('nodeName');
  return {
    addresses: endpoint.strings('addresses') ?? [],
    ...given<Partial<EndpointRecord>>({
      ready: conditions.boolean('ready'),
      serving: conditions.boolean('serving'),
      terminating: conditions.boolean('terminating'),
      nodeName: nodeName === undefined ? undefined : intern(nodeName),
    }),
  };
}
