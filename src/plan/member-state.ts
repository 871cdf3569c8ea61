import type { Pool, PoolMember } from '../ir/pool.ts';
import { printAddress } from '../ir/address.ts';

type WithState = Pick<PoolMember, 'adminState'>;

/** A member that the device shows as disabled or offline stays so; one that we want disabled is disabled. */
export function keepState<T extends WithState>(member: T, before: WithState | undefined): T {
  const state = before?.adminState;
  return state === undefined || member.adminState !== undefined ? member : { ...member, adminState: state };
}

/** {@link keepState} for all members of a pool. */
export function keepStates(pool: Pool, before: Pool): Pool {
  const states = new Map(before.members?.map((member) => [printAddress(member.address) + member.port, member]));
  const members = pool.members?.map((member) =>
    keepState(member, states.get(printAddress(member.address) + member.port)),
  );
  return members === undefined ? pool : { ...pool, members };
}
