import { fieldFor } from '../fields/from-defaults.ts';
import { flags } from '../fields/flags.ts';
import { integer, readOnly, text, toggle, word } from '../fields/scalars.ts';
import { defineKind, type StockObject } from '../kind.ts';

function port(name: string, number: number, speed: string): StockObject {
  const macAddress = `02:00:00:00:00:${number.toString(16).padStart(2, '0')}`;
  return { name, values: { ifIndex: 32 + number * 16, macAddress, mediaActive: speed } };
}

/** Interfaces of the box: they can be changed, not made or deleted (fact sheet 8.12). */
export const interfaceKind = defineKind({
  path: 'net/interface',
  type: 'interface',
  naming: 'flat',
  fixed: true,
  fields: [
    word('bundle', ['not-supported', 'enabled', 'disabled']),
    text('bundleSpeed', { default: 'not-supported' }),
    text('description'),
    flags(['enabled', 'disabled'], { default: 'enabled' }),
    word('flowControl', ['tx-rx', 'tx', 'rx', 'none']),
    toggle('forceGigabitFiber'),
    text('forwardErrorCorrection', { default: 'not-supported' }),
    readOnly('ifIndex', 0),
    word('lldpAdmin', ['txonly', 'rxonly', 'txrx', 'disable']),
    integer('lldpTlvmap', 130_943),
    readOnly('macAddress', undefined),
    readOnly('mediaActive', 'none'),
    text('mediaFixed', { default: '10000T-FD' }),
    readOnly('mediaMax', 'auto'),
    text('mediaSfp', { default: 'auto' }),
    readOnly('mtu', 9198),
    word('portFwdMode', ['l3', 'passive', 'virtual-wire'], { since: '13.0' }),
    word('preferPort', ['sfp', 'fixed']),
    text('qinqEthertype', { default: '0x8100' }),
    fieldFor('sflow', { pollInterval: 0, pollIntervalGlobal: 'yes' }),
    toggle('stp', 'enabled'),
    toggle('stpAutoEdgePort', 'enabled'),
    word('stpEdgePort', ['true', 'false']),
    word('stpLinkType', ['auto', 'p2p', 'shared']),
  ],
  stock: [
    port('1.1', 1, '10000T-FD'),
    port('1.2', 2, '10000T-FD'),
    port('1.3', 3, '10000T-FD'),
    port('mgmt', 0, '100TX-FD'),
  ],
});
