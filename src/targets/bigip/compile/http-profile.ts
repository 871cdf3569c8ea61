import type { HttpProfile, Hsts } from '../../../ir/http-profile.ts';
import type { CookiePersistence, SourceAddrPersistence } from '../../../ir/persistence.ts';
import type { TcpProfile } from '../../../ir/tcp-profile.ts';
import type { Json } from '../request.ts';
import type { Codec } from './codec.ts';
import { NONE } from './codec.ts';
import { parentOr, profileDescription } from './ssl-profile.ts';

/** `ltm profile http`. */
export const httpProfileCodec: Codec<HttpProfile> = {
  properties: {
    description: profileDescription,
    defaultsFrom: parentOr('/Common/http'),
    insertXForwardedFor: ({ insertXForwardedFor }) => ({ insertXforwardedFor: switched(insertXForwardedFor) }),
    acceptXForwardedFor: ({ acceptXForwardedFor }) => ({ acceptXff: switched(acceptXForwardedFor) }),
    xffAlternativeNames: ({ xffAlternativeNames }) => ({ xffAlternativeNames: xffAlternativeNames ?? [] }),
    hsts: ({ hsts }) => ({ hsts: encodeHsts(hsts) }),
    redirectRewrite: ({ redirectRewrite }) => ({ redirectRewrite: redirectRewrite ?? NONE }),
    serverAgentName: ({ serverAgentName }) => ({ serverAgentName: serverAgentName ?? 'BigIP' }),
    headerInsert: ({ headerInsert }) => ({ headerInsert: headerInsert ?? NONE }),
    headerErase: ({ headerErase }) => ({ headerErase: headerErase ?? NONE }),
    fallbackHost: ({ fallbackHost }) => ({ fallbackHost: fallbackHost ?? NONE }),
    mark: profileDescription,
  },
};

/** `preload` is not sent unless it is asked for: versions before 13.1 do not know it. */
function encodeHsts(hsts: Hsts | undefined): Json {
  if (hsts === undefined) return { mode: 'disabled' };
  const { maximumAge, includeSubdomains, preload } = hsts;
  return {
    mode: 'enabled',
    maximumAge,
    includeSubdomains: switched(includeSubdomains),
    ...(preload === undefined ? {} : { preload: switched(preload) }),
  };
}

/** `ltm profile tcp`. */
export const tcpProfileCodec: Codec<TcpProfile> = {
  properties: {
    description: profileDescription,
    defaultsFrom: parentOr('/Common/tcp'),
    idleTimeout: ({ idleTimeout }) => ({ idleTimeout: String(idleTimeout ?? 300) }),
    mark: profileDescription,
  },
};

/** `ltm persistence cookie`. */
export const cookiePersistenceCodec: Codec<CookiePersistence> = {
  properties: {
    description: profileDescription,
    defaultsFrom: parentOr('/Common/cookie'),
    method: ({ method }) => ({ method: method ?? 'insert' }),
    cookieName: ({ cookieName }) => ({ cookieName: cookieName ?? NONE }),
    expiration: ({ expiration }) => ({ expiration: expiration ?? '0' }),
    httpOnly: ({ httpOnly }) => (httpOnly === undefined ? {} : { httponly: switched(httpOnly) }),
    secure: ({ secure }) => (secure === undefined ? {} : { secure: switched(secure) }),
    mark: profileDescription,
  },
};

/** `ltm persistence source-addr`. */
export const sourceAddrPersistenceCodec: Codec<SourceAddrPersistence> = {
  properties: {
    description: profileDescription,
    defaultsFrom: parentOr('/Common/source_addr'),
    timeout: ({ timeout }) => ({ timeout: String(timeout ?? 180) }),
    mask: ({ mask }) => ({ mask: mask ?? NONE }),
    mark: profileDescription,
  },
};

function switched(on: boolean | undefined): string {
  return on === true ? 'enabled' : 'disabled';
}
