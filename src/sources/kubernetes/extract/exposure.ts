import type { ServicePort, ServiceRecord } from '../model.ts';
import type { ExtractOptions } from './options.ts';
import type { Protocol } from '../../values/defaults.ts';
import { annotations } from './annotations.ts';
import { asksForPool } from './named-pool.ts';
import { aliasOf, isOfAnotherClass } from './codeshare.ts';

/**
 * What is to become of a Service. `yes`: it gets virtual servers. `no`: nothing of it concerns us. `refused`: it asks
 * for what cannot be (ExternalName). `unclear`: the annotation that decides is invalid, so all stays as it is. `idle`:
 * it carries our annotations, but none that exposes it; its owner is told. `members`: it gets no
 * virtual servers, and gives members to pools by name.
 */
export type Exposure = 'yes' | 'no' | 'refused' | 'unclear' | 'idle' | 'members';

/** Decides from the Service alone. */
export function exposureOf(record: ServiceRecord, options: ExtractOptions): Exposure {
  if (record.deleting === true || isForeign(record, options)) return 'no';
  const text = record.annotations[`${options.annotationPrefix}expose`];
  const expose = text === undefined ? undefined : annotations.expose.parse(text);
  if (expose === 'false') return asksForPool(record, options) ? pooled(record) : 'no';
  if (text !== undefined && expose === undefined) return 'unclear';
  const alias = aliasOf('address', options);
  const addressed = [`${options.annotationPrefix}address`, ...(alias === undefined ? [] : [alias])];
  const asks = expose === 'true' || addressed.some((key) => record.annotations[key] !== undefined);
  if (asks) return record.type === 'ExternalName' ? 'refused' : 'yes';
  if (isOurLoadBalancer(record, options)) return 'yes';
  if (asksForPool(record, options)) return pooled(record);
  const hasOurs = Object.keys(record.annotations).some((key) => key.startsWith(options.annotationPrefix));
  return hasOurs ? 'idle' : 'no';
}

function pooled({ type }: ServiceRecord): Exposure {
  return type === 'ExternalName' ? 'refused' : 'members';
}

/** Whether a Service has, or may have, addresses of its own. */
export function isExposed(exposure: Exposure): boolean {
  return exposure === 'yes' || exposure === 'unclear';
}

/** Another load balancer's: its class says so, whatever the annotations. */
function isForeign(record: ServiceRecord, options: ExtractOptions): boolean {
  if (isOfAnotherClass(record.annotations, options)) return true;
  if (record.type !== 'LoadBalancer' || record.loadBalancerClass === undefined) return false;
  return record.loadBalancerClass !== options.loadBalancerClass;
}

function isOurLoadBalancer(record: ServiceRecord, options: ExtractOptions): boolean {
  if (record.type !== 'LoadBalancer') return false;
  return record.loadBalancerClass === undefined ? options.claimUnclassed : true;
}

/** The protocol of a port; undefined: none that a BIG-IP balances, or the number is no port. */
export function protocolOf(port: ServicePort): Protocol | undefined {
  if (!Number.isInteger(port.port) || port.port < 1 || port.port > 65_535) return undefined;
  const protocol = port.protocol.toLowerCase();
  return protocol === 'tcp' || protocol === 'udp' || protocol === 'sctp' ? protocol : undefined;
}
