import { texts } from './fields/lists.ts';
import { flags } from './fields/flags.ts';
import { fieldFor } from './fields/from-defaults.ts';
import { reference, references } from './fields/references.ts';
import { appService } from './fields/app-service.ts';
import { integer, text, toggle, word } from './fields/scalars.ts';
import { defineKind } from './kind.ts';

/** What carrier-grade NAT logs (defaults K). */
export const lsnLogProfileKind = defineKind({
  path: 'ltm/lsn-log-profile',
  type: 'LSN log profile',
  fields: [
    appService(),
    toggle('csvFormat'),
    text('description'),
    fieldFor('endInboundSession', { action: 'enabled' }),
    fieldFor('endOutboundSession', { action: 'enabled' }),
    fieldFor('errors', { action: 'enabled' }),
    fieldFor('quotaExceeded', { action: 'enabled' }),
    fieldFor('startInboundSession', { action: 'enabled' }),
    fieldFor('startOutboundSession', { action: 'disabled' }),
  ],
  stock: [{ name: 'lsn_log_profile' }],
});

/** Pools of addresses of carrier-grade NAT, as recorded on 12.1. */
export const lsnPoolKind = defineKind({
  path: 'ltm/lsn-pool',
  type: 'LSN pool',
  fields: [
    texts('backupMembers', { tail: true }),
    integer('clientConnectionLimit', 0),
    text('description'),
    references('egressInterfaces', { target: 'net/vlan' }),
    flags(['egressInterfacesDisabled', 'egressInterfacesEnabled'], { default: 'egressInterfacesDisabled' }),
    toggle('hairpinMode'),
    toggle('icmpEcho'),
    word('inboundConnections', ['disabled', 'explicit', 'automatic']),
    reference('logProfile', { target: 'ltm/lsn-log-profile' }),
    reference('logPublisher', { target: 'sys/log-config/publisher' }),
    texts('members', { tail: true }),
    word('mode', ['napt', 'deterministic', 'pba']),
    fieldFor('pcp', {}),
    fieldFor('persistence', { mode: 'none', timeout: 300 }),
    fieldFor('portBlockAllocation', {
      blockIdleTimeout: 3600,
      blockLifetime: 0,
      blockSize: 64,
      clientBlockLimit: 1,
      zombieTimeout: 0,
    }),
    toggle('routeAdvertisement'),
    text('translationPortRange', { default: '1025-65535' }),
  ],
});
