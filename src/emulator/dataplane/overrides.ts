import type { PersistenceConfig, VirtualConfig } from './model.ts';

/** Where the source address of a connection to a member comes from. */
export interface SourceTranslation {
  readonly type: VirtualConfig['sourceAddressTranslation'];
  /** Full path of the SNAT pool. */
  readonly pool?: string;
  readonly address?: string;
}

/** What a rule or a policy puts in the place of the configuration, for one connection or request. */
export interface Overrides {
  readonly persistence?: PersistenceConfig | 'none';
  readonly snat?: SourceTranslation;
  /** Whether members are reached over TLS, if the virtual server has a profile for it. */
  readonly serverSsl?: boolean;
}

/**
 * The configuration with what rules and policies want. A persistence of the same type as the virtual server's keeps the
 * profile's settings where nothing else is said; the fallback stays, unless there is to be no persistence at all (K).
 */
export function overridden(config: VirtualConfig, { persistence, snat, serverSsl }: Overrides): VirtualConfig {
  const profiles = serverSsl === false ? config.profiles.filter(({ type }) => type !== 'server-ssl') : config.profiles;
  const translated = {
    ...config,
    profiles,
    ...(snat === undefined ? {} : { sourceAddressTranslation: snat.type, snat }),
  };
  if (persistence === undefined) return translated;
  const { persistence: own, fallbackPersistence: fallback, ...rest } = translated;
  if (persistence === 'none') return rest;
  const settings = own?.type === persistence.type ? { ...own.settings, ...persistence.settings } : persistence.settings;
  return { ...rest, persistence: { ...persistence, settings }, ...(fallback ? { fallbackPersistence: fallback } : {}) };
}
