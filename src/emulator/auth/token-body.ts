import type { Token } from './tokens.ts';

function zoned(time: number): string {
  return new Date(time).toISOString().replace('Z', '-0000');
}

/** A token as the device prints it (fact sheet 1.2). */
export function tokenBody(token: Token): Record<string, unknown> {
  const { token: text, userName, timeout, start, address, generation, updated } = token;
  return {
    token: text,
    name: text,
    userName,
    authProviderName: 'tmos',
    user: { link: `https://localhost/mgmt/shared/authz/users/${userName}` },
    timeout,
    startTime: zoned(start),
    address,
    partition: '[All]',
    generation,
    lastUpdateMicros: updated * 1000,
    expirationMicros: (start + timeout * 1000) * 1000,
    kind: 'shared:authz:tokens:authtokenitemstate',
    selfLink: `https://localhost/mgmt/shared/authz/tokens/${text}`,
  };
}

/** The reply to a login. */
export function loginBody(token: Token): Record<string, unknown> {
  return {
    username: token.userName,
    loginReference: {
      link: 'https://localhost/mgmt/cm/system/authn/providers/tmos/1f44a60e-11a7-3c51-a49f-82983026b41b/login',
    },
    loginProviderName: 'tmos',
    token: tokenBody(token),
    generation: 0,
    lastUpdateMicros: 0,
  };
}
