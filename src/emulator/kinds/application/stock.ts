import type { StockObject } from '../kind.ts';
import { httpImplementation, httpPresentation } from './f5-http.ts';

/** Templates that devices come with (names K). */
const names = [
  'f5.bea_weblogic',
  'f5.cifs',
  'f5.diameter',
  'f5.dns',
  'f5.ftp',
  'f5.http',
  'f5.ip_forwarding',
  'f5.ldap',
  'f5.microsoft_exchange_2010',
  'f5.microsoft_exchange_owa_2007',
  'f5.microsoft_iis',
  'f5.microsoft_lync_server_2010',
  'f5.microsoft_ocs_2007_r2',
  'f5.microsoft_sharepoint_2007',
  'f5.microsoft_sharepoint_2010',
  'f5.npath',
  'f5.oracle_as_10g',
  'f5.oracle_ebs',
  'f5.peoplesoft_9',
  'f5.radius',
  'f5.replication',
  'f5.sap_enterprise_portal',
  'f5.sap_erp',
];

/** F5's scripts are F5's: only `f5.http` has one of our own, the others say so when they are deployed. */
function implementation(name: string): string {
  return name === 'f5.http' ? httpImplementation : `error "the emulator has no script for ${name}"`;
}

/** The templates of an empty box. */
export const stockTemplates: readonly StockObject[] = names.map((name) => ({
  name,
  values: { requiresModules: ['ltm'] },
}));

/** Their actions. */
export const stockActions: readonly StockObject[] = names.map((name) => ({
  name: 'definition',
  scope: `/Common/${name}`,
  values: {
    implementation: implementation(name),
    ...(name === 'f5.http' ? { presentation: httpPresentation } : {}),
    roleAcl: ['admin', 'manager', 'resource-admin'],
  },
}));
