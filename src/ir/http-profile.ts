import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { hasOwnParent, inheritedValue } from './inherited.ts';

/** HTTP Strict Transport Security: the header that keeps browsers on HTTPS. */
export interface Hsts {
  /** Seconds. */
  readonly maximumAge: number;
  readonly includeSubdomains?: boolean;
  /** From 13.1. */
  readonly preload?: boolean;
}

/** `ltm profile http`. What is left out comes from the profile that it is made from. */
export interface HttpProfile {
  readonly kind: 'http-profile';
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: `/Common/http`. */
  readonly defaultsFrom?: FullPath;
  /** Whether servers are told the client's address in `X-Forwarded-For`. */
  readonly insertXForwardedFor?: boolean;
  /** Whether the client's address is taken from `X-Forwarded-For`, or from `xffAlternativeNames`. */
  readonly acceptXForwardedFor?: boolean;
  readonly xffAlternativeNames?: readonly string[];
  /** Left out: none is sent. */
  readonly hsts?: Hsts;
  /** Which redirects of servers are changed from http to https; left out: `none`. */
  readonly redirectRewrite?: 'none' | 'all' | 'matching' | 'nodes';
  /** The `Server` header of answers that the device makes; left out: `BigIP`. */
  readonly serverAgentName?: string;
  /** A header that each request gets: `X-Scheme: https`. */
  readonly headerInsert?: string;
  /** The name of a header that each request loses. */
  readonly headerErase?: string;
  /** Where clients are redirected if no server answers. */
  readonly fallbackHost?: string;
  readonly mark?: Mark;
}

/** How HTTP profiles are read, compared and ordered. Defaults: recorded from 13.1. */
export const httpProfileDescriptor: Descriptor<HttpProfile> = {
  kind: 'http-profile',
  noun: 'HTTP profile',
  order: 20,
  marked: 'description',
  shared: true,
  fields: {
    description: { compare: 'value' },
    defaultsFrom: { compare: 'value' },
    insertXForwardedFor: inheritedValue(false),
    acceptXForwardedFor: inheritedValue(false),
    xffAlternativeNames: { compare: 'list', inherited: hasOwnParent },
    hsts: { compare: 'value', inherited: hasOwnParent },
    redirectRewrite: inheritedValue('none'),
    serverAgentName: inheritedValue('BigIP'),
    headerInsert: { compare: 'value', inherited: hasOwnParent },
    headerErase: { compare: 'value', inherited: hasOwnParent },
    fallbackHost: { compare: 'value', inherited: hasOwnParent },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
