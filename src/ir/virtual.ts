import type { Endpoint } from './address.ts';
import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath, Ref } from './ref.ts';
import { isClientsRule, isFrontRule } from './irule.ts';
import { printEndpoint } from './address.ts';
import { persistenceRefs, profileRefs } from './profile-refs.ts';
import { refOf } from './ref.ts';

/** Which side of the virtual server a profile works on. */
export type ProfileContext = 'all' | 'clientside' | 'serverside';

/** A profile in use. */
export interface ProfileUse {
  readonly path: FullPath;
  readonly context: ProfileContext;
}

/**
 * A profile with what it is for, where a virtual server has one of that alone and several origins may name it. The merge of what
 * they give takes it off: the device does not say it.
 */
export interface ProfileFor extends ProfileUse {
  readonly purpose: 'tcp' | 'http';
}

/** How the client's address is translated. */
export type SourceTranslation =
  | { readonly type: 'none' }
  | { readonly type: 'automap' }
  | { readonly type: 'snat'; readonly pool: FullPath };

/** On which VLANs it listens: only on these, or on all but these. */
export interface VlanChoice {
  readonly mode: 'only' | 'except';
  readonly vlans: readonly FullPath[];
}

/** `ltm virtual`. */
export interface VirtualServer {
  readonly kind: 'virtual';
  readonly path: FullPath;
  readonly description?: string;
  readonly destination: Endpoint;
  /** The virtual address that the destination belongs to. Sources leave it to the plan: it may be somebody else's. */
  readonly virtualAddress: FullPath;
  /** Clients that it serves, as CIDR in the destination's route domain; left out: all. */
  readonly source?: string;
  readonly ipProtocol: 'tcp' | 'udp' | 'sctp' | 'any';
  readonly pool?: FullPath;
  /** Sorted by path. Each profile once. */
  readonly profiles: readonly ProfileUse[];
  /** The default persistence profile. */
  readonly persistence?: FullPath;
  readonly fallbackPersistence?: FullPath;
  /** Left out: none. */
  readonly sourceAddressTranslation?: SourceTranslation;
  /** iRules in order of priority. */
  readonly rules?: readonly FullPath[];
  /** Policies, each once. They may not control the same thing (010716d8). */
  readonly policies?: readonly FullPath[];
  /** Left out: listens on all VLANs. */
  readonly vlans?: VlanChoice;
  /** Left out: 0, no limit. */
  readonly connectionLimit?: number;
  /** Left out: enabled. */
  readonly enabled?: boolean;
  readonly mark?: Mark;
}

/** How virtual servers are read, compared and ordered. */
export const virtualDescriptor: Descriptor<VirtualServer> = {
  kind: 'virtual',
  noun: 'virtual server',
  order: 50,
  marked: 'metadata',
  fields: {
    description: { compare: 'value' },
    destination: { compare: 'value' },
    virtualAddress: { compare: 'value' },
    source: { compare: 'value' },
    ipProtocol: { compare: 'value' },
    pool: { compare: 'value' },
    profiles: {
      compare: 'keyed',
      required: true,
      key: (item) => (item as ProfileUse).path,
      // Those of one side alone are of names (SNI) or of some; of TCP and HTTP there is one.
      parts: {
        purpose: 'purpose',
        instead: (item) => (item as ProfileUse).context === 'all',
        references: (item) => profileRefs((item as ProfileUse).path),
      },
    },
    persistence: { compare: 'value' },
    fallbackPersistence: { compare: 'value' },
    sourceAddressTranslation: { compare: 'value', default: { type: 'none' } },
    rules: {
      compare: 'keyed',
      ordered: true,
      key: String,
      parts: {
        apart: (item) => !isFrontRule(item as FullPath),
        references: (item) => ruleRefs(item as FullPath),
      },
    },
    policies: {
      compare: 'set',
      key: String,
      parts: { references: (item) => [refOf('policy', item as FullPath)] },
    },
    vlans: { compare: 'value', sortItems: ['vlans'] },
    connectionLimit: { compare: 'value', default: 0 },
    enabled: { compare: 'value', default: true },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: virtualReferences,
  follows: ({ rules = [] }) => rules.map((path) => refOf('irule', path)),
  arrange: ownRulesLast,
  mapAddresses: (virtual, map) => ({
    ...virtual,
    destination: { ...virtual.destination, address: map(virtual.destination.address) },
  }),
  endpoint: ({ destination: { address, port } }) => printEndpoint({ address: { ip: address.ip }, port }),
  exclusive: ({ destination, ipProtocol, source }) => `${printEndpoint(destination)} ${ipProtocol} ${source ?? 'all'}`,
};

/** What people name runs first, whoever named it. */
function ownRulesLast(virtual: VirtualServer): VirtualServer {
  const { rules = [] } = virtual;
  if (!rules.some(isFrontRule)) return virtual;
  return { ...virtual, rules: [...rules.filter((path) => !isFrontRule(path)), ...rules.filter(isFrontRule)] };
}

/** iRules that people name are theirs: whether they are there is the device's to say. */
function ruleRefs(path: FullPath): readonly Ref[] {
  return isFrontRule(path) ? [refOf('irule', path)] : [];
}

function virtualReferences(virtual: VirtualServer): readonly Ref[] {
  const refs: Ref[] = [refOf('virtual-address', virtual.virtualAddress)];
  if (virtual.pool !== undefined) refs.push(refOf('pool', virtual.pool));
  for (const { path } of virtual.profiles) refs.push(...profileRefs(path));
  refs.push(...persistenceRefs(virtual.persistence), ...persistenceRefs(virtual.fallbackPersistence));
  // Without the iRule that keeps clients out, the whole would be open to all: it is no part that could be left out.
  for (const rule of virtual.rules ?? [])
    refs.push(...ruleRefs(rule), ...(isClientsRule(rule) ? [refOf('irule', rule)] : []));
  for (const policy of virtual.policies ?? []) refs.push(refOf('policy', policy));
  return refs;
}
