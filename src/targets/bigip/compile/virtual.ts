import type { SourceTranslation, VirtualServer, VlanChoice } from '../../../ir/virtual.ts';
import type { Json } from '../request.ts';
import type { Codec, CompileEnv } from './codec.ts';
import { familyOf } from '../../../ir/address.ts';
import { withPort } from '../names.ts';
import { NONE } from './codec.ts';
import { encodeDescription, encodeMetadata } from './metadata.ts';
import { maskOf } from './virtual-address.ts';

/**
 * `ltm virtual`. Lists (profiles, rules, policies, VLANs, persistence) are replaced as a whole. Exclusive flags come in pairs of
 * which one is sent, always `true` (facts 3.3).
 */
export const virtualCodec: Codec<VirtualServer> = {
  always: ['source'],
  properties: {
    description: encodeDescription,
    destination,
    virtualAddress: destination,
    source: (virtual) => ({ source: sourceOf(virtual) }),
    ipProtocol: ({ ipProtocol }) => ({ ipProtocol }),
    pool: ({ pool }) => ({ pool: pool ?? NONE }),
    profiles: ({ profiles }) => ({ profiles: profiles.map(({ path, context }) => ({ name: path, context })) }),
    persistence: ({ persistence }) => ({
      persist: persistence === undefined ? [] : [{ name: persistence, tmDefault: 'yes' }],
    }),
    fallbackPersistence: ({ fallbackPersistence }) => ({ fallbackPersistence: fallbackPersistence ?? NONE }),
    sourceAddressTranslation: (virtual) => ({
      sourceAddressTranslation: encodeTranslation(virtual.sourceAddressTranslation),
    }),
    rules: ({ rules }) => ({ rules: rules ?? [] }),
    policies: ({ policies }) => ({ policies: (policies ?? []).map((name) => ({ name })) }),
    vlans: ({ vlans }) => encodeVlans(vlans),
    connectionLimit: ({ connectionLimit }) => ({ connectionLimit: connectionLimit ?? 0 }),
    enabled: ({ enabled }) => (enabled === false ? { disabled: true } : { enabled: true }),
    mark: ({ mark }, { otherMetadata }) => encodeMetadata({ mark, other: otherMetadata }),
  },
};

/** Named after the virtual address, whoever's it is: `/P/10.0.0.1:80`, `/P/2001:db8::1.80`, `/Common/web:443`. */
function destination(virtual: VirtualServer, { before }: CompileEnv<VirtualServer>): Json {
  const { address, port } = virtual.destination;
  const to = { destination: withPort(virtual.virtualAddress, port), mask: maskOf(address) };
  const was = before?.destination.address;
  const moved = was !== undefined && (familyOf(was) !== familyOf(address) || was.routeDomain !== address.routeDomain);
  // `source` must be of the destination's family (facts 8.5) and route domain, also where it is the default.
  return moved ? { ...to, source: sourceOf(virtual) } : to;
}

/** Clients are those of the destination's route domain: the IR does not repeat it, the device wants it. */
function sourceOf({ source, destination: { address } }: VirtualServer): string {
  const text = source ?? (familyOf(address) === 4 ? '0.0.0.0/0' : '::/0');
  if (address.routeDomain === undefined || text.includes('%')) return text;
  return text.replace(/(?=\/|$)/, `%${address.routeDomain}`);
}

/** The pool is named `none` too: a PATCH to automap alone leaves the old SNAT pool referenced (facts 8.5). */
function encodeTranslation(translation: SourceTranslation | undefined): Json {
  if (translation?.type === 'snat') return { type: 'snat', pool: translation.pool };
  return { type: translation?.type ?? 'none', pool: NONE };
}

function encodeVlans(choice: VlanChoice | undefined): Json {
  const flag = choice?.mode === 'only' ? { vlansEnabled: true } : { vlansDisabled: true };
  return { ...flag, vlans: choice?.vlans ?? [] };
}
