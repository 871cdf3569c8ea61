import type { Neighbour } from '../../../ir/neighbour.ts';
import type { Pool, PoolMember } from '../../../ir/pool.ts';
import type { Vteps } from '../overlay.ts';
import type { Scope } from './scope.ts';
import { familyOf } from '../../../ir/address.ts';
import { memberName } from '../../../ir/pool.ts';
import { keys } from '../model.ts';
import { isInOverlay, vtepBucket, vtepOf } from '../overlay.ts';
import { describe } from './names.ts';
import { fitName } from '../../values/names.ts';

/**
 * A pool whose members are reached through an overlay, and an entry (ARP, of IPv6 a neighbour) for each of them: the hardware address of the
 * machine that the pod is on. A pod on a machine that is not known yet is no member until it is: the record of the machine
 * has to be on the device before.
 */
export function withOverlay(scope: Scope, pool: Pool): readonly (Pool | Neighbour)[] {
  const { overlay } = scope.options;
  if (overlay === undefined || pool.members === undefined) return [pool];
  const entries = new Map<string, Neighbour>();
  const members = pool.members.filter((member) => {
    if (!isInOverlay(member.address, overlay)) return true;
    const vteps = scope.read(keys.vteps(vtepBucket(member.address))) as Vteps | undefined;
    const mac = vteps === undefined ? undefined : vtepOf(member.address, vteps);
    if (mac === undefined) reportUnreachable(scope, member, vteps?.ready === true);
    else if (overlay.arp) entries.set(member.address.ip, entryOf(scope, member, mac));
    return mac !== undefined;
  });
  return [{ ...pool, members }, ...entries.values()];
}

function entryOf({ record, options }: Scope, { address }: PoolMember, mac: string): Neighbour {
  const path = `/${options.partition}/${fitName(`${options.source}_${address.ip}`)}`;
  const kind = familyOf(address) === 6 ? 'ndp' : 'arp';
  return { kind, path, description: describe(record, options), address, mac };
}

function reportUnreachable({ problems }: Scope, member: PoolMember, isKnown: boolean): void {
  if (isKnown) {
    problems.add({
      code: 'vtep-missing',
      severity: 'warning',
      text: `member ${memberName(member)} is left out: of no machine of the pod network is it known that it has its address and a VtepMAC`,
    });
    return;
  }
  problems.freeze({
    code: 'pod-network-unread',
    text: 'its members stay as they are: the pod network that they are reached through was not read yet',
  });
}
