import type { LoneMember } from '../../../ir/pool-member.ts';
import type { Json } from '../request.ts';
import type { Codec, CompileEnv } from './codec.ts';
import { poolOfLoneMember } from '../../../ir/pool-member.ts';
import { refOf } from '../../../ir/ref.ts';
import { encodeMarkedDescription, encodeOwner } from './metadata.ts';
import { MEMBER_SETTINGS } from './pool.ts';

/** One member below `ltm pool <pool> members`. Address, port and node are its name. */
export const loneMemberCodec: Codec<LoneMember> = {
  properties: {
    description: describe,
    address: () => ({}),
    port: () => ({}),
    node: () => ({}),
    ...MEMBER_SETTINGS,
    mark: describe,
    origin: describe,
  },
  alongside: application,
};

/** In a pool of ours the origin stands there as if the pool was written as a whole. */
function describe({ description, mark, origin }: LoneMember): Json {
  return origin === undefined ? encodeMarkedDescription(description, mark) : { description: encodeOwner(origin) };
}

/**
 * What is in a pool that an iApp made belongs to the iApp, and a write of it must say so from 12.1 on (go-bigip, pull
 * request 47).
 */
function application({ path }: LoneMember, { snapshot }: CompileEnv<LoneMember>): Json {
  const owner = snapshot.get(refOf('pool', poolOfLoneMember(path)))?.application;
  return owner === undefined ? {} : { appService: owner.path };
}
