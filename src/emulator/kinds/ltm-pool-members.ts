import { apiErrors, grammarError, icrdError } from '../errors/device-error.ts';
import { configurationError, notFound } from '../errors/mcp.ts';
import { canonicalAddress, parseAddress } from '../names/address.ts';
import { encodeSegment, folderOf, identityOf, splitFullPath, type Identity } from '../names/full-path.ts';
import { formatEndpoint, parseEndpoint } from '../names/service.ts';
import { defaultRouteDomain, type Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import { atLeast } from '../version/version.ts';
import { folderIdentity } from '../verbs/identify.ts';
import { linkHost, versioned } from '../view/links.ts';
import { address } from './fields/addresses.ts';
import { appService } from './fields/app-service.ts';
import { fqdn, keepFqdn } from './fields/fqdn.ts';
import { metadata } from './fields/lists.ts';
import { monitorRule } from './fields/monitor-rule.ts';
import { integer, numberOrWord, readOnly, text, toggle, word } from './fields/scalars.ts';
import { defineKind, type Draft } from './kind.ts';
import { nodeKind } from './ltm-node.ts';
import { nodePathOf } from './member-node.ts';
import { memberSession, memberState } from './member-status.ts';

/** The host part as it is stored: IPv6 in its short form, `%rd` left out when it is the partition's default. */
function normalHost(host: string, routeDomain: number): string {
  const parsed = parseAddress(host, routeDomain);
  if (parsed === undefined) {
    return host;
  }
  return parsed.routeDomain === routeDomain ? parsed.ip : canonicalAddress(parsed);
}

/** A member's name with its port as a number: `10.0.0.1:http` is `10.0.0.1:80`. */
function normalIdentity(identity: Identity, session: Session): Identity {
  const endpoint = parseEndpoint(identity.name);
  if (endpoint === undefined) {
    throw grammarError('invalid or ambiguous service');
  }
  const host = normalHost(endpoint.host, session.routeDomainOf(identity.partition));
  return identityOf(identity.partition ?? 'Common', identity.subPath, formatEndpoint(host, endpoint.port));
}

function identifyMember(body: Readonly<Record<string, unknown>>, session: Session, scope: string): Identity {
  const pool = splitFullPath(scope);
  return normalIdentity(folderIdentity(body, pool.partition), session);
}

/** A member as errors print it: `/P/pool /P/10.0.0.1 80`. */
function shown(scope: string, member: Identity): string {
  return `${scope} ${nodePathOf(member)} ${parseEndpoint(member.name)?.port ?? 0}`;
}

function createNode(draft: Draft, session: Session): ConfigObject {
  const host = parseEndpoint(draft.identity.name)?.host ?? '';
  const { partition = 'Common', subPath } = draft.identity;
  const named = parseAddress(host, session.routeDomainOf(partition));
  const stored = draft.values['address'] ?? (named === undefined ? undefined : canonicalAddress(named));
  const name = draft.values['fqdn'];
  if (stored === undefined && (name === undefined || typeof name !== 'object')) {
    throw notFound('node', nodePathOf(draft.identity));
  }
  const identity = identityOf(partition, subPath, host);
  const values: Record<string, unknown> = {};
  if (stored === undefined) {
    values['fqdn'] = {
      addressFamily: 'ipv4',
      autopopulate: 'disabled',
      downInterval: 5,
      interval: '3600',
      ...(name as object),
    };
  } else {
    values['address'] = stored;
  }
  const node: Draft = { kind: nodeKind, scope: '', identity, values, given: new Set(), before: undefined };
  nodeKind.hooks.prepare?.(node, session);
  return session.save(node);
}

function prepareMember(draft: Draft, session: Session): void {
  keepFqdn(draft);
  if (draft.before !== undefined) {
    return;
  }
  if (!session.hasFolder(folderOf(draft.identity))) {
    throw configurationError(
      `Can't associate Pool Member (${shown(draft.scope, draft.identity)}) folder does not exist`,
    );
  }
  const path = nodePathOf(draft.identity);
  const node = session.store.get(nodeKind, path) ?? createNode(draft, session);
  const given = draft.values['address'];
  if (given !== undefined && given !== node.values['address']) {
    throw configurationError(
      `Pool Member (${shown(draft.scope, draft.identity)}) address does not match that of its node`,
    );
  }
  draft.values['address'] = node.values['address'];
}

/** Members of a pool. Each has a node, made along when it is not there (fact sheet 8.3). */
export const memberKind = defineKind({
  path: 'ltm/pool/members',
  type: 'Pool Member',
  inline: 'members',
  fields: [
    address('address', { createOnly: true }),
    appService(),
    integer('connectionLimit', 0),
    text('description'),
    integer('dynamicRatio', 1),
    readOnly('ephemeral', 'false'),
    fqdn({ autopopulate: 'disabled' }),
    toggle('inheritProfile', 'enabled'),
    toggle('logging'),
    monitorRule(true),
    integer('priorityGroup', 0, { max: 65_535 }),
    numberOrWord('rateLimit', 'disabled', { words: ['disabled'] }),
    integer('ratio', 1, { min: 1, max: 65_535 }),
    {
      ...word('session', ['user-enabled', 'user-disabled']),
      print: (_value, { device }, member) => memberSession(member, device),
    },
    {
      ...word('state', ['user-up', 'user-down']),
      print: (_value, { device }, member) => memberState(member, device),
    },
    metadata(),
  ],
  hooks: {
    identify: identifyMember,
    alias: (fullPath, session) => {
      const identity = splitFullPath(fullPath);
      return parseEndpoint(identity.name) === undefined ? undefined : normalIdentity(identity, session).fullPath;
    },
    describe: (scope, identity) => shown(scope, identity),
    missing: (fullPath) => icrdError(404, `Object not found - ${fullPath}`, apiErrors.icrd),
    misleadingReply: (member, device) => {
      const hidden = !atLeast(device.version, '13.0') && defaultRouteDomain(device, member.partition) !== 0;
      return hidden && !member.name.includes('%') ? icrdError(404, `Object not found - ${member.name}`) : undefined;
    },
    prepare: prepareMember,
    decorate: (rendered, member, { device }) => {
      rendered['nameReference'] = { link: versioned(`${linkHost}ltm/node/${encodeSegment(member.fullPath)}`, device) };
      return rendered;
    },
    indexes: (member) => [['ref:ltm/node', nodePathOf(member)]],
  },
});
