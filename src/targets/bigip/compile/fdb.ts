import type { FdbRecord, TunnelFdb } from '../../../ir/fdb.ts';
import type { Json, RestRequest } from '../request.ts';
import type { Codec, Update } from './codec.ts';
import { printAddress } from '../../../ir/address.ts';
import { refOf } from '../../../ir/ref.ts';
import { objectPath } from '../names.ts';

/**
 * `net fdb tunnel`: there as long as its tunnel is, so that it is never created. Its list of records is replaced as a
 * whole, or changed by one record below `/records` (facts 8.12). The mark stands on the tunnel.
 */
export const fdbCodec: Codec<TunnelFdb> = {
  always: ['records'],
  properties: {
    description: () => ({}),
    records: ({ records = [] }) => ({ records: records.map(encodeRecord) }),
    mark: () => ({}),
  },
  part: oneRecord,
};

function encodeRecord({ mac, endpoint }: FdbRecord): Json {
  return { name: mac, endpoint: printAddress(endpoint) };
}

/** One call below `/records`, if one record is all that changes: a thousand nodes need not be sent again for one. */
function oneRecord({ before, after, fields }: Update): RestRequest | undefined {
  const [item, ...others] = new Set(fields.flatMap(({ field, item }) => (field === 'records' ? [item] : [])));
  if (item === undefined || others.length > 0) return undefined;
  const ref = refOf('fdb', after.path);
  const list = `${objectPath(after)}/records`;
  const record = find(after as TunnelFdb, item);
  const was = find(before as TunnelFdb, item);
  if (record === undefined) return { method: 'DELETE', path: `${list}/${item}`, ref };
  if (was === undefined) return { method: 'POST', path: list, body: encodeRecord(record), ref };
  return { method: 'PATCH', path: `${list}/${item}`, body: { endpoint: printAddress(record.endpoint) }, ref };
}

function find({ records }: TunnelFdb, mac: string): FdbRecord | undefined {
  return records?.find((record) => record.mac === mac);
}
