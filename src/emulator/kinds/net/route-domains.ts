import { notFound } from '../../errors/mcp.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';

/** The route domain with an id. */
export function routeDomainById(id: number, session: Session): ConfigObject | undefined {
  return session.store.first('route-domain-id', String(id));
}

/** Refuses a route domain that is not there. No recording of the text (K). */
export function requireRouteDomain(id: number, session: Session): ConfigObject {
  const found = routeDomainById(id, session);
  if (found === undefined) {
    throw notFound('route domain', String(id));
  }
  return found;
}

/** Full paths of the VLANs and tunnels of a route domain. */
export function vlansOf(domain: ConfigObject): readonly string[] {
  const vlans = domain.values['vlans'];
  return Array.isArray(vlans) ? vlans.map(String) : [];
}

/** Takes a VLAN out of its route domain, except out of the one that is `kept`. */
export function leaveRouteDomain(vlan: string, session: Session, kept?: string): void {
  const domains = [...session.store.find('ref:net/vlan', vlan)].filter(
    (object) => object.kind.path === 'net/route-domain' && object.fullPath !== kept,
  );
  for (const domain of domains) {
    const rest = vlansOf(domain).filter((each) => each !== vlan);
    session.change(domain, { vlans: rest.length === 0 ? undefined : rest });
  }
}

/** Puts a new VLAN or tunnel into the default route domain of its partition, unless it is in one. */
export function joinRouteDomain(vlan: ConfigObject, session: Session): void {
  const taken = [...session.store.find('ref:net/vlan', vlan.fullPath)];
  const domain = routeDomainById(session.routeDomainOf(vlan.partition), session);
  if (domain === undefined || taken.some((object) => object.kind.path === 'net/route-domain')) {
    return;
  }
  session.change(domain, { vlans: [...vlansOf(domain), vlan.fullPath] });
}

/** Ids of a route domain and of those above it, nearest first. */
export function withParents(id: number, session: Session): readonly number[] {
  const ids = [id];
  let at = routeDomainById(id, session);
  while (at !== undefined && ids.length < 64) {
    const parent = at.values['parent'];
    at = typeof parent === 'string' ? session.store.lookup('net/route-domain', parent) : undefined;
    if (at !== undefined) {
      ids.push(Number(at.values['id']));
    }
  }
  return ids;
}
