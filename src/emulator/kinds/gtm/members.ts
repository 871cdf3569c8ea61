import { apiErrors, grammarError, icrdError, mcpError } from '../../errors/device-error.ts';
import { identityOf, qualify, type Identity } from '../../names/full-path.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { nameIn } from '../../verbs/identify.ts';
import { atLeast } from '../../version/version.ts';
import type { Field } from '../field.ts';
import { integer, text, word } from '../fields/scalars.ts';
import { defineKind, type Draft, type Kind } from '../kind.ts';
import { enabledFlags, gtmMonitorRule, trafficLimits } from './fields.ts';

/** The types of pools and wide IPs. */
export type RecordType = 'a' | 'aaaa' | 'cname' | 'mx' | 'naptr' | 'srv';

/** The next place in the pool. */
function placeLast({ kind, scope, values, before }: Draft, session: Session): void {
  if (before === undefined && values['memberOrder'] === undefined) {
    const orders = [...session.store.collection(kind, scope).list()].map((each) => Number(each.values['memberOrder']));
    values['memberOrder'] = Math.max(-1, ...orders) + 1;
  }
}

/** A member's server and virtual server: `server:vs`, `server:/Common/vs`, `/Common/server:vs`. */
export function partsOf(name: string): { readonly server: string; readonly virtual: string } | undefined {
  const colon = name.indexOf(':');
  const server = name.slice(0, colon);
  const virtual = name.slice(colon + 1);
  return colon <= 0 || virtual === '' ? undefined : { server: qualify(server, '/Common'), virtual };
}

function identifyTerminal(body: Readonly<Record<string, unknown>>): Identity {
  const given = nameIn(body);
  const name = given.replace(/^\/Common\//v, '');
  if (partsOf(name) === undefined) {
    throw grammarError(`"${given}" must be of the form server:virtual-server`);
  }
  return identityOf('Common', undefined, name);
}

function checkTerminal(type: RecordType): (member: ConfigObject, session: Session) => void {
  return (member, session) => {
    const { server = '', virtual = '' } = partsOf(member.name) ?? {};
    const virtuals = session.device.kinds.byPath.get('gtm/server/virtual-servers');
    if (virtuals === undefined || session.store.get(virtuals, virtual, server) === undefined) {
      throw mcpError(
        `01070224:3: Pool Member on Pool ${member.scope} of type ${type.toUpperCase()} must contain a valid Virtual Server name because it is a terminal member.`,
      );
    }
  };
}

function terminalKind(type: RecordType): Kind {
  return defineKind({
    path: `gtm/pool/${type}/members`,
    type: 'pool member',
    inline: 'members',
    fields: [
      text('description'),
      enabledFlags(),
      ...trafficLimits(),
      integer('memberOrder', 0),
      gtmMonitorRule(true),
      integer('ratio', 1, { max: 65_535 }),
    ],
    hooks: {
      identify: identifyTerminal,
      prepare: placeLast,
      check: checkTerminal(type),
      misleadingReply: (member, device) =>
        atLeast(device.version, '13.0')
          ? undefined
          : icrdError(404, `Object not found - ${member.fullPath}`, apiErrors.icrd),
      indexes: (member) => {
        const { server = '', virtual = '' } = partsOf(member.name) ?? {};
        return [
          ['gtm-member-on', `${server} ${virtual}`],
          ['gtm-member-of', server],
        ];
      },
    },
  });
}

const extras: Readonly<Record<Exclude<RecordType, 'a' | 'aaaa'>, readonly Field[]>> = {
  cname: [word('staticTarget', ['no', 'yes'])],
  mx: [integer('priority', 0, { max: 65_535 })],
  naptr: [text('flags'), integer('preference', 0, { max: 65_535 }), text('service')],
  srv: [
    integer('port', 0, { max: 65_535 }),
    integer('priority', 0, { max: 65_535 }),
    integer('weight', 0, { max: 65_535 }),
  ],
};

function namedKind(type: Exclude<RecordType, 'a' | 'aaaa'>): Kind {
  return defineKind({
    path: `gtm/pool/${type}/members`,
    type: 'pool member',
    naming: 'flat',
    inline: 'members',
    fields: [
      text('description'),
      enabledFlags(),
      ...extras[type],
      integer('memberOrder', 0),
      integer('ratio', 1, { max: 65_535 }),
    ],
    hooks: { prepare: placeLast },
  });
}

/**
 * The members of pools of a type (fact sheet 8.13): a virtual server of a server for `a` and `aaaa`, a domain name for
 * the others. 12.1 answers 404 to a POST that it carries out (ID610441).
 */
export function poolMemberKind(type: RecordType): Kind {
  return type === 'a' || type === 'aaaa' ? terminalKind(type) : namedKind(type);
}
