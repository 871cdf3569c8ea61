import { applicationScriptKinds } from './application/scripts.ts';
import { serviceKind } from './application/service.ts';
import { templateKind } from './application/template.ts';
import { partitionKind } from './auth-partition.ts';
import { userKind } from './auth/user.ts';
import { cliScriptKind } from './cli-script.ts';
import { deviceGroupKind } from './cm-device-group.ts';
import { deviceKind } from './cm-device.ts';
import { trafficGroupKind } from './cm-traffic-group.ts';
import { gtmKinds } from './gtm/all.ts';
import { externalDataGroupKind } from './data-group/external.ts';
import { internalDataGroupKind } from './data-group/internal.ts';
import { dataGroupFileKind } from './files/data-group-file.ts';
import { sslCertKind } from './files/ssl-cert.ts';
import { sslKeyKind } from './files/ssl-key.ts';
import { cryptoArchiveKind, cryptoCertKind, cryptoCsrKind, cryptoKeyKind } from './files/crypto.ts';
import type { Kind } from './kind.ts';
import { nodeKind } from './ltm-node.ts';
import { poolKind } from './ltm-pool.ts';
import { ruleKind } from './ltm-rule.ts';
import { snatTranslationKind } from './ltm-snat-translation.ts';
import { snatpoolKind } from './ltm-snatpool.ts';
import { virtualAddressKind } from './ltm-virtual-address.ts';
import { virtualKind } from './ltm-virtual.ts';
import { gatewayIcmpMonitorKind } from './monitors/gateway-icmp.ts';
import { httpMonitorKind } from './monitors/http.ts';
import { httpsMonitorKind } from './monitors/https.ts';
import { icmpMonitorKind } from './monitors/icmp.ts';
import { inbandMonitorKind } from './monitors/inband.ts';
import { tcpEchoMonitorKind } from './monitors/tcp-echo.ts';
import { tcpHalfOpenMonitorKind } from './monitors/tcp-half-open.ts';
import { tcpMonitorKind } from './monitors/tcp.ts';
import { udpMonitorKind } from './monitors/udp.ts';
import { arpKind, ndpKind } from './net/arp.ts';
import { fdbTunnelKind, fdbVlanKind } from './net/fdb.ts';
import { interfaceKind } from './net/interface.ts';
import { addressListKind, firewallAddressListKind, firewallPortListKind, portListKind } from './net/lists.ts';
import { routeDomainKind } from './net/route-domain.ts';
import { routeKind } from './net/route.ts';
import { selfKind } from './net/self.ts';
import { trunkKind } from './net/trunk.ts';
import { tunnelProfileKinds } from './net/tunnel-profiles.ts';
import { tunnelKind } from './net/tunnel.ts';
import { vlanKind } from './net/vlan.ts';
import { policyKind } from './policy/policy.ts';
import { policyStrategyKind } from './policy/strategy.ts';
import { cookiePersistenceKind } from './persistence/cookie.ts';
import { destAddrPersistenceKind } from './persistence/dest-addr.ts';
import { hashPersistenceKind } from './persistence/hash.ts';
import { msrdpPersistenceKind } from './persistence/msrdp.ts';
import { sipPersistenceKind } from './persistence/sip.ts';
import { sourceAddrPersistenceKind } from './persistence/source-addr.ts';
import { sslPersistenceKind } from './persistence/ssl.ts';
import { universalPersistenceKind } from './persistence/universal.ts';
import { clientSslProfileKind } from './profiles/client-ssl.ts';
import { dnsProfileKind } from './profiles/dns.ts';
import { fasthttpProfileKind } from './profiles/fasthttp.ts';
import { fastl4ProfileKind } from './profiles/fastl4.ts';
import { httpRouterProfileKind } from './profiles/http-router.ts';
import { httpCompressionProfileKind } from './profiles/http-compression.ts';
import { httpProfileKind } from './profiles/http.ts';
import { http2ProfileKind } from './profiles/http2.ts';
import { oneConnectProfileKind } from './profiles/one-connect.ts';
import { sctpProfileKind } from './profiles/sctp.ts';
import { serverSslProfileKind } from './profiles/server-ssl.ts';
import { tcpProfileKind } from './profiles/tcp.ts';
import { udpProfileKind } from './profiles/udp.ts';
import { webSecurityProfileKind } from './profiles/web-security.ts';
import { websocketProfileKind } from './profiles/websocket.ts';
import { folderKind } from './sys-folder.ts';
import { dbKind } from './sys/db.ts';
import { globalSettingsKind } from './sys/global-settings.ts';
import { provisionKind } from './sys/provision.ts';
import { cipherKinds } from './ltm-cipher.ts';
import { ltmGlobalSettingsKinds } from './ltm-global-settings.ts';
import { dnsMonitorKind } from './monitors/dns.ts';
import { externalMonitorKind } from './monitors/external.ts';
import { ftpMonitorKind } from './monitors/ftp.ts';
import { ldapMonitorKind } from './monitors/ldap.ts';
import { mailMonitorKinds } from './monitors/mail.ts';
import { snmpDcaMonitorKinds } from './monitors/snmp-dca.ts';
import { sqlMonitorKinds } from './monitors/sql.ts';
import { externalMonitorFileKind } from './files/external-monitor.ts';
import { analyticsProfileKind } from './profiles/analytics.ts';
import { ftpProfileKind } from './profiles/ftp.ts';
import { sipProfileKind } from './profiles/sip.ts';
import { dnsCacheKinds } from './dns/caches.ts';
import { dnsZoneKinds } from './dns/zones.ts';
import { genericMessageKinds } from './message-routing/generic.ts';
import { logDestinationKinds } from './log-config/destinations.ts';
import { logPublisherKind } from './log-config/publisher.ts';
import { remoteAuthKinds } from './auth/remote.ts';
import { remoteRoleKind, remoteRoleSettingsKind } from './auth/remote-role.ts';
import { netGlobalsKinds } from './net/globals.ts';
import { ipsecKinds } from './net/ipsec.ts';
import { netDnsResolverKind } from './net/dns-resolver.ts';
import { cliAliasKinds } from './sys/cli-alias.ts';
import { daemonLogKinds, daemonLogTmmKind } from './sys/daemon-log.ts';
import { sysDnsKind } from './sys/dns.ts';
import { haGroupKind } from './sys/ha-group.ts';
import { sysHttpdKind } from './sys/httpd.ts';
import { managementRouteKind } from './sys/management-route.ts';
import { ntpRestrictKind, sysNtpKind } from './sys/ntp.ts';
import { ocspKind } from './sys/ocsp.ts';
import { smtpServerKind } from './sys/smtp-server.ts';
import { sysSshdKind } from './sys/sshd.ts';
import { sysSyslogKind } from './sys/syslog.ts';
import { portMisusePolicyKind, servicePolicyKind, timerPolicyKind } from './net/timer-policy.ts';
import { snmpCommunityKind, snmpTrapKind, snmpUserKind, sysSnmpKind } from './sys/snmp.ts';
import { messageProfileKinds } from './profiles/message.ts';
import { sipSessionKind } from './message-routing/sip.ts';
import { ltmAuthKinds } from './ltm-auth/all.ts';
import { natKind } from './ltm-nat.ts';
import { snatKind } from './ltm-snat.ts';
import { ifileKind } from './ltm-ifile.ts';
import { trafficClassKind } from './ltm-traffic-class.ts';
import { defaultNodeMonitorKind } from './ltm-default-node-monitor.ts';
import { lsnLogProfileKind, lsnPoolKind } from './ltm-lsn.ts';
import { plainFileKinds } from './files/plain-files.ts';
import { icallKinds } from './sys/icall.ts';
import { sflowKinds } from './sys/sflow.ts';
import { softwareKinds } from './sys/software.ts';
import { logicalDiskKind } from './sys/disk.ts';
import { managementIpKind } from './sys/management-ip.ts';
import { featureModuleKind } from './sys/feature-module.ts';
import { certLdapKind } from './auth/cert-ldap.ts';
import { trustDomainKind } from './cm/trust-domain.ts';
import { adaptProfileKinds } from './profiles/adapt.ts';
import { contentProfileKinds } from './profiles/content.ts';
import { rewriteProfileKind } from './profiles/rewrite.ts';
import { protocolProfileKinds } from './profiles/protocols.ts';
import { logProfileKinds, ocspStaplingKind } from './profiles/logs.ts';
import { logFilterKind } from './log-config/filter.ts';
import { serviceMonitorKinds } from './monitors/services.ts';

/** Every kind of object that the emulator has. A new one is a file and a line here. Order: what is pointed at first. */
export const allKinds: readonly Kind[] = [
  folderKind,
  trafficGroupKind,
  deviceKind,
  trustDomainKind,
  deviceGroupKind,
  provisionKind,
  dbKind,
  cliScriptKind,
  ...applicationScriptKinds,
  templateKind,
  serviceKind,
  globalSettingsKind,
  sysDnsKind,
  sysNtpKind,
  sysSshdKind,
  sysHttpdKind,
  sysSyslogKind,
  sysSnmpKind,
  snmpCommunityKind,
  snmpUserKind,
  snmpTrapKind,
  daemonLogTmmKind,
  ...cliAliasKinds,
  smtpServerKind,
  managementRouteKind,
  partitionKind,
  certLdapKind,
  ...softwareKinds,
  logicalDiskKind,
  managementIpKind,
  featureModuleKind,
  ...icallKinds,
  ...sflowKinds,
  ...daemonLogKinds,
  ntpRestrictKind,
  userKind,
  remoteRoleSettingsKind,
  remoteRoleKind,
  ...remoteAuthKinds,
  ...netGlobalsKinds,
  timerPolicyKind,
  portMisusePolicyKind,
  servicePolicyKind,
  ...ipsecKinds,
  interfaceKind,
  trunkKind,
  fdbVlanKind,
  fdbTunnelKind,
  ...tunnelProfileKinds,
  vlanKind,
  tunnelKind,
  routeDomainKind,
  selfKind,
  routeKind,
  arpKind,
  ndpKind,
  addressListKind,
  portListKind,
  firewallAddressListKind,
  firewallPortListKind,
  sslCertKind,
  sslKeyKind,
  dataGroupFileKind,
  externalMonitorFileKind,
  cryptoCertKind,
  cryptoKeyKind,
  cryptoCsrKind,
  cryptoArchiveKind,
  ...plainFileKinds,
  ifileKind,
  nodeKind,
  httpMonitorKind,
  httpsMonitorKind,
  tcpMonitorKind,
  udpMonitorKind,
  icmpMonitorKind,
  gatewayIcmpMonitorKind,
  tcpHalfOpenMonitorKind,
  tcpEchoMonitorKind,
  inbandMonitorKind,
  dnsMonitorKind,
  externalMonitorKind,
  ftpMonitorKind,
  ldapMonitorKind,
  ...mailMonitorKinds,
  ...snmpDcaMonitorKinds,
  ...sqlMonitorKinds,
  ...serviceMonitorKinds,
  defaultNodeMonitorKind,
  poolKind,
  haGroupKind,
  netDnsResolverKind,
  ocspKind,
  ...logDestinationKinds,
  logPublisherKind,
  logFilterKind,
  ...dnsZoneKinds,
  ...dnsCacheKinds,
  ...cipherKinds,
  ...ltmGlobalSettingsKinds,
  analyticsProfileKind,
  ftpProfileKind,
  sipProfileKind,
  ...messageProfileKinds,
  sipSessionKind,
  ...genericMessageKinds,
  clientSslProfileKind,
  dnsProfileKind,
  fasthttpProfileKind,
  fastl4ProfileKind,
  httpCompressionProfileKind,
  httpRouterProfileKind,
  httpProfileKind,
  http2ProfileKind,
  oneConnectProfileKind,
  sctpProfileKind,
  serverSslProfileKind,
  tcpProfileKind,
  udpProfileKind,
  webSecurityProfileKind,
  websocketProfileKind,
  ...adaptProfileKinds,
  ...contentProfileKinds,
  rewriteProfileKind,
  ...protocolProfileKinds,
  ...logProfileKinds,
  ocspStaplingKind,
  cookiePersistenceKind,
  destAddrPersistenceKind,
  hashPersistenceKind,
  msrdpPersistenceKind,
  sipPersistenceKind,
  sourceAddrPersistenceKind,
  sslPersistenceKind,
  universalPersistenceKind,
  snatTranslationKind,
  snatpoolKind,
  internalDataGroupKind,
  externalDataGroupKind,
  ...ltmAuthKinds,
  ruleKind,
  policyStrategyKind,
  policyKind,
  virtualAddressKind,
  virtualKind,
  natKind,
  snatKind,
  trafficClassKind,
  lsnLogProfileKind,
  lsnPoolKind,
  ...gtmKinds,
];
