import type { Descriptor } from './descriptor.ts';
import type { Mark } from './mark.ts';
import type { FullPath } from './ref.ts';
import { hasOwnParent, inheritedValue } from './inherited.ts';

/** `ltm persistence cookie`: a client that shows the cookie goes to the server that it names. */
export interface CookiePersistence {
  readonly kind: 'persistence-cookie';
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: `/Common/cookie`. */
  readonly defaultsFrom?: FullPath;
  /** Left out: `insert`. */
  readonly method?: 'insert' | 'rewrite' | 'passive' | 'hash';
  /** Left out: the device makes one up of the pool's name. */
  readonly cookieName?: string;
  /** As the device prints it: `0` (until the browser ends), seconds, or `days:hours:minutes:seconds`. */
  readonly expiration?: string;
  /** Whether scripts in the browser may not see it; left out: as the parent has it, which differs by version. */
  readonly httpOnly?: boolean;
  /** Whether it is sent over HTTPS alone; left out: as the parent has it, which differs by version. */
  readonly secure?: boolean;
  readonly mark?: Mark;
}

/** `ltm persistence source-addr`: a client's address goes to the same server for a while. */
export interface SourceAddrPersistence {
  readonly kind: 'persistence-source-addr';
  readonly path: FullPath;
  readonly description?: string;
  /** Left out: `/Common/source_addr`. */
  readonly defaultsFrom?: FullPath;
  /** Seconds; left out: 180. */
  readonly timeout?: number;
  /** Clients of one network count as one: `255.255.255.0`. */
  readonly mask?: string;
  readonly mark?: Mark;
}

/** How cookie persistence profiles are read, compared and ordered. Defaults: recorded from 13.1. */
export const cookiePersistenceDescriptor: Descriptor<CookiePersistence> = {
  kind: 'persistence-cookie',
  noun: 'cookie persistence profile',
  order: 20,
  marked: 'description',
  shared: true,
  fields: {
    description: { compare: 'value' },
    defaultsFrom: { compare: 'value' },
    method: inheritedValue('insert'),
    cookieName: { compare: 'value', inherited: hasOwnParent },
    expiration: inheritedValue('0'),
    httpOnly: { compare: 'value', inherited: () => true },
    secure: { compare: 'value', inherited: () => true },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};

/** How source address persistence profiles are read, compared and ordered. Defaults: recorded from 13.1. */
export const sourceAddrPersistenceDescriptor: Descriptor<SourceAddrPersistence> = {
  kind: 'persistence-source-addr',
  noun: 'source address persistence profile',
  order: 20,
  marked: 'description',
  shared: true,
  fields: {
    description: { compare: 'value' },
    defaultsFrom: { compare: 'value' },
    timeout: inheritedValue(180),
    mask: { compare: 'value', inherited: hasOwnParent },
    mark: { compare: 'value', sortItems: ['origins'] },
  },
  references: () => [],
};
