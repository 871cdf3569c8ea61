import { mcpError } from '../errors/device-error.ts';
import { configurationError } from '../errors/mcp.ts';
import type { Session } from '../session/session.ts';
import { textOf, type ConfigObject } from '../store/object.ts';
import { atLeast } from '../version/version.ts';
import { virtualProfileKind } from './ltm-virtual-profiles.ts';
import { checkPolicies } from './policy/requirements.ts';

/** A profile on a virtual server: its kind's last path segment and the side it serves. */
interface Attached {
  readonly type: string;
  readonly context: string;
}

const transports = new Set(['tcp', 'udp', 'sctp']);
const fast = new Set(['fastl4', 'fasthttp']);
/** The transport profile of a protocol. */
const protocols: Readonly<Record<string, string>> = { tcp: 'tcp', udp: 'udp', sctp: 'sctp' };

function attachedTo(virtual: ConfigObject, session: Session): readonly Attached[] {
  const attached: Attached[] = [];
  for (const item of session.store.collection(virtualProfileKind, virtual.fullPath).list()) {
    const profile = session.store.lookup('profile', item.fullPath);
    if (profile !== undefined) {
      attached.push({
        type: profile.kind.path.slice('ltm/profile/'.length),
        context: textOf(item, 'context') ?? 'all',
      });
    }
  }
  return attached;
}

function checkProtocol(virtual: ConfigObject, attached: readonly Attached[]): void {
  const protocol = textOf(virtual, 'ipProtocol') ?? 'any';
  const wrong = attached.some(({ type }) => transports.has(type) && protocols[protocol] !== type);
  const fastHttp = attached.some(({ type }) => type === 'fasthttp') && protocol !== 'tcp';
  if (wrong || fastHttp) {
    throw mcpError(`01070096:3: Virtual server ${virtual.fullPath} lists profiles incompatible with its protocol.`);
  }
}

function checkCombination(virtual: ConfigObject, attached: readonly Attached[]): void {
  const others = attached.filter(({ type }) => !fast.has(type));
  if (others.length < attached.length && others.length > 0) {
    throw configurationError(
      `Found disallowed profile on ${virtual.fullPath}: Not Any Of (FastL4 Profile, FastHTTP Profile)`,
    );
  }
  const clientside = others.filter(({ type, context }) => transports.has(type) && context !== 'serverside');
  if (others.length > 0 && clientside.length !== 1) {
    const bound = clientside.length === 0 ? 'Less than the required minimum' : 'More than the allowed maximum';
    throw configurationError(
      `${bound} number of profiles found on ${virtual.fullPath}: Exactly 1 of (UDP Profile (clientside), TCP Profile (clientside), SCTP Profile (clientside))`,
    );
  }
}

function checkPersistence(virtual: ConfigObject, attached: readonly Attached[], session: Session): void {
  const persist = virtual.values['persist'];
  const name: unknown = Array.isArray(persist)
    ? (persist[0] as { fullPath?: unknown } | undefined)?.fullPath
    : undefined;
  const found = typeof name === 'string' ? session.store.lookup('ltm/persistence', name) : undefined;
  const isHttp = attached.some(({ type }) => type === 'http' || type === 'fasthttp');
  if (found?.kind.path === 'ltm/persistence/cookie' && !isHttp) {
    throw mcpError(
      '01070309:3: Cookie persistence requires an HTTP or FastHTTP profile to be associated with the virtual server',
    );
  }
}

function checkRules(virtual: ConfigObject, attached: readonly Attached[], session: Session): void {
  const rules: unknown = virtual.values['rules'];
  if (!Array.isArray(rules) || attached.some(({ type }) => type === 'http' || type === 'fasthttp')) {
    return;
  }
  for (const path of rules) {
    const rule = session.store.lookup('ltm/rule', String(path));
    const event = /\bwhen\s+(HTTP_[A-Z_]+)/v.exec(rule === undefined ? '' : (textOf(rule, 'apiAnonymous') ?? ''))?.[1];
    if (event !== undefined) {
      const code = atLeast(session.device.version, '17.0') ? '01071912' : '01070394';
      throw mcpError(
        `${code}:3: ${event} event in rule (${String(path)}) requires an associated HTTP or FASTHTTP profile on the virtual-server (${virtual.fullPath}).`,
      );
    }
  }
}

/** What mcpd checks between a virtual server, its protocol, profiles, persistence and iRules (fact sheet 7.2). */
export function checkVirtual(virtual: ConfigObject, session: Session): void {
  const attached = attachedTo(virtual, session);
  checkProtocol(virtual, attached);
  checkCombination(virtual, attached);
  checkPersistence(virtual, attached, session);
  checkRules(virtual, attached, session);
  checkPolicies(virtual, session);
}
