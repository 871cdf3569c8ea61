import type { EndpointRecord, EndpointSliceRecord } from './model.ts';

/**
 * Marks the endpoints of a new version of a slice that terminate without having been members: a pod that never became
 * ready and is deleted must not be added to be drained. What was known before is in `known`, the slices of the Service so
 * far; an endpoint that is not there (after a restart) counts as a member.
 */
export function withHistory(slice: EndpointSliceRecord, known: readonly EndpointSliceRecord[]): EndpointSliceRecord {
  if (!slice.endpoints.some(isSuspect)) return slice;
  const before = new Map<string, EndpointRecord>();
  for (const { endpoints } of known) {
    for (const endpoint of endpoints) {
      const [address = ''] = endpoint.addresses;
      if (!before.has(address) || !wasNoMember(endpoint)) before.set(address, endpoint);
    }
  }
  const endpoints = slice.endpoints.map((endpoint) => {
    const last = isSuspect(endpoint) ? before.get(endpoint.addresses[0] ?? '') : undefined;
    return last !== undefined && wasNoMember(last) ? { ...endpoint, neverMember: true as const } : endpoint;
  });
  return { ...slice, endpoints };
}

function isSuspect({ ready, serving, terminating }: EndpointRecord): boolean {
  return terminating === true && serving !== true && ready !== true;
}

function wasNoMember({ ready, terminating, neverMember }: EndpointRecord): boolean {
  return neverMember === true || (ready === false && terminating !== true);
}
