import type { Address } from '../../../ir/address.ts';
import type { IRule } from '../../../ir/irule.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { Scope } from './scope.ts';
import { CLIENTS_RULE } from '../../../ir/irule.ts';
import { fitName } from '../../values/names.ts';
import { virtualSuffix } from './families.ts';
import { describe } from './names.ts';

/** `/<partition>/Clients_<namespace>_<name>`, and `_v6` in the second family: all ports of an address share it. */
export function clientsRulePath({ record, options, stack }: Scope, address: Address): FullPath {
  const parts = [record.namespace, record.name, virtualSuffix(stack, address)].filter((part) => part !== undefined);
  return `/${options.partition}/${fitName(`${CLIENTS_RULE}${parts.join('_')}`)}`;
}

/**
 * The iRule that lets clients of these networks in, all of the address's family, and resets the others. A virtual server
 * has one source network; this is for more than one. It runs on all types of virtual servers, before the iRules of people.
 */
export function clientsRule(scope: Scope, address: Address, networks: readonly string[]): IRule {
  // Addresses of clients carry their route domain; networks do not.
  const text = `when CLIENT_ACCEPTED priority 100 {
  set fairlead_client [getfield [IP::client_addr] "%" 1]
  foreach fairlead_network { ${networks.join(' ')} } {
    if { [IP::addr $fairlead_client equals $fairlead_network] } {
      return
    }
  }
  reject
}`;
  const path = clientsRulePath(scope, address);
  return {
    kind: 'irule',
    path,
    description: describe(scope.record, scope.options),
    sections: [{ name: 'clients', text }],
  };
}
