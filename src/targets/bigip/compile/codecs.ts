import type { BigipObject, Kind } from '../../../ir/objects.ts';
import type { Codec, Codecs } from './codec.ts';
import { monitorCodec } from './monitor.ts';
import { nodeCodec } from './node.ts';
import { partitionCodec } from './partition.ts';
import { poolCodec } from './pool.ts';
import { virtualAddressCodec } from './virtual-address.ts';
import { virtualCodec } from './virtual.ts';

const codecs: Codecs = {
  partition: partitionCodec,
  monitor: monitorCodec,
  node: nodeCodec,
  pool: poolCodec,
  'virtual-address': virtualAddressCodec,
  virtual: virtualCodec,
};

/** The codec of a kind, seen as one for any object: what generic code works with. */
export function codecOf(kind: Kind): Codec<BigipObject> {
  return codecs[kind] as unknown as Codec<BigipObject>;
}
