import type { FullPath } from '../../../ir/ref.ts';
import type { ClientSsl, ServerSsl } from '../../../ir/ssl-profile.ts';
import type { Json } from '../request.ts';
import type { Codec } from './codec.ts';
import { nameOf } from '../../../ir/ref.ts';
import { NONE } from './codec.ts';
import { encodeMarkedDescription } from './metadata.ts';

/** What all profiles have: a parent, and the mark in the description. */
interface Profile {
  readonly description?: string;
  readonly mark?: Parameters<typeof encodeMarkedDescription>[1];
}

/** The `description` of a profile. */
export function profileDescription({ description, mark }: Profile): Json {
  return encodeMarkedDescription(description, mark);
}

/** `defaultsFrom`, with the device's own parent where there is none. */
export function parentOr(root: FullPath): (profile: { readonly defaultsFrom?: FullPath }) => Json {
  return ({ defaultsFrom }) => ({ defaultsFrom: defaultsFrom ?? root });
}

/** Options cannot be told from those of the parent once they are set: nothing is sent for "unset". */
function optionsOf({ options }: { readonly options?: readonly string[] }): Json {
  return options === undefined ? {} : { tmOptions: options };
}

/** `ltm profile client-ssl`. One certificate with its key and chain, in the list that all versions since 11.5 have. */
export const clientSslCodec: Codec<ClientSsl> = {
  properties: {
    description: profileDescription,
    defaultsFrom: parentOr('/Common/clientssl'),
    ciphers: ({ ciphers }) => ({ ciphers: ciphers ?? 'DEFAULT' }),
    options: optionsOf,
    cert: chainOf,
    key: chainOf,
    chain: chainOf,
    serverName: ({ serverName }) => ({ serverName: serverName ?? NONE }),
    sniDefault: ({ sniDefault }) => ({ sniDefault: String(sniDefault === true) }),
    mark: profileDescription,
  },
};

function chainOf({ cert, key, chain }: ClientSsl): Json {
  const name = nameOf(cert).replace(/\.[^.]*$/, '');
  return { certKeyChain: [{ name, cert, key, chain: chain ?? NONE }] };
}

/** `ltm profile server-ssl`. */
export const serverSslCodec: Codec<ServerSsl> = {
  properties: {
    description: profileDescription,
    defaultsFrom: parentOr('/Common/serverssl'),
    ciphers: ({ ciphers }) => ({ ciphers: ciphers ?? 'DEFAULT' }),
    options: optionsOf,
    caFile: ({ caFile }) => ({ caFile: caFile ?? NONE }),
    peerCertMode: ({ peerCertMode }) => ({ peerCertMode: peerCertMode ?? 'ignore' }),
    authenticateName: ({ authenticateName }) => ({ authenticateName: authenticateName ?? NONE }),
    serverName: ({ serverName }) => ({ serverName: serverName ?? NONE }),
    cert: ({ cert }) => ({ cert: cert ?? NONE }),
    key: ({ key }) => ({ key: key ?? NONE }),
    mark: profileDescription,
  },
};
