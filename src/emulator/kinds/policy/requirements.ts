import { mcpError } from '../../errors/device-error.ts';
import type { Session } from '../../session/session.ts';
import { textOf, type ConfigObject } from '../../store/object.ts';
import { atLeast } from '../../version/version.ts';
import { virtualPolicyKind, virtualProfileKind } from '../ltm-virtual-profiles.ts';
import { effectiveNeeds, type PolicyNeeds } from './needs.ts';

/** Types of profile that fulfil what a policy requires, and what it controls. Others need no profile. */
const fulfilling: Readonly<Record<string, readonly string[]>> = {
  http: ['http', 'fasthttp'],
  tcp: ['tcp'],
  'client-ssl': ['client-ssl'],
  asm: ['web-security'],
};
/** The names by which errors call them, where they differ. */
const spoken: Readonly<Record<string, string>> = { asm: 'websecurity' };

function profileTypes(virtual: ConfigObject, session: Session): ReadonlySet<string> {
  const types = new Set<string>();
  for (const item of session.store.collection(virtualProfileKind, virtual.fullPath).list()) {
    const profile = session.store.lookup('profile', item.fullPath);
    if (profile !== undefined) {
      types.add(profile.kind.path.slice('ltm/profile/'.length));
    }
  }
  return types;
}

function typeInError(need: string, session: Session): string {
  if (need === 'http' && atLeast(session.device.version, '15.1')) {
    return 'http or http-connect';
  }
  return spoken[need] ?? need;
}

/** The needs of a policy, read once for all the virtual servers that it is on. */
interface KnownNeeds {
  readonly policy: ConfigObject;
  readonly needs: PolicyNeeds;
}

/** What mcpd checks between a virtual server and its policies: published, and with the profiles that they need. */
export function checkPolicies(virtual: ConfigObject, session: Session, known?: KnownNeeds): void {
  const types = profileTypes(virtual, session);
  const controlled = new Map<string, string>();
  for (const item of session.store.collection(virtualPolicyKind, virtual.fullPath).list()) {
    const policy = session.store.lookup('ltm/policy', item.fullPath);
    if (policy === undefined) {
      continue;
    }
    if (textOf(policy, 'status') === 'draft') {
      throw mcpError(`01071726:3: Cannot deploy draft policy '${policy.fullPath}'. It must be published.`);
    }
    const { controls, requires } = known?.policy === policy ? known.needs : effectiveNeeds(policy, session.store);
    const unmet = [...controls, ...requires].find(
      (need) => fulfilling[need]?.some((type) => types.has(type)) === false,
    );
    if (unmet !== undefined) {
      throw mcpError(
        `010716d9:3: Virtual server ${virtual.fullPath} requires a profile of type ${typeInError(unmet, session)} for ltm policy ${policy.fullPath}.`,
      );
    }
    for (const control of controls) {
      const other = controlled.get(control);
      if (other !== undefined) {
        throw mcpError(
          `010716d8:3: Virtual server ${virtual.fullPath} has policies ${other} and ${policy.fullPath} that both control ${control}.`,
        );
      }
      controlled.set(control, policy.fullPath);
    }
  }
}

/** The same for every virtual server that a policy is on. */
export function checkAttached(policy: ConfigObject, session: Session): void {
  const known = { policy, needs: effectiveNeeds(policy, session.store) };
  for (const item of session.store.find('ref:ltm/policy', policy.fullPath)) {
    const virtual = session.store.lookup('ltm/virtual', item.scope);
    if (virtual !== undefined) {
      checkPolicies(virtual, session, known);
    }
  }
}
