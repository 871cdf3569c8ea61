import type { Session } from '../../session/session.ts';
import { textOf } from '../../store/object.ts';
import { covers, readStored, type Prefix } from './prefix.ts';

/** The networks of the self IPs in some route domains; with `ip` only those that hold it. */
export function connectedNetworks(session: Session, routeDomains: readonly number[], ip?: string): readonly Prefix[] {
  const found: Prefix[] = [];
  for (const id of routeDomains) {
    for (const self of session.store.find('self-route-domain', String(id))) {
      const prefix = readStored(textOf(self, 'address') ?? '');
      if (ip === undefined || covers(prefix, ip)) {
        found.push(prefix);
      }
    }
  }
  return found;
}
