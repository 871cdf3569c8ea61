"""The rows that are more than a name and a description, by the path of the collection."""

from sys_tables import ROWS as SYS
from gtm_tables import ROWS as GTM

POOL = ('ltm.pools.pool', {'name': 'needed', 'partition': 'Common'})
NO_PARTITION = {'partition': None}

LTM = {
    'ltm/data-group/internal': dict(create={'type': 'string', 'records': [{'name': 'a', 'data': 'b'}]}),
    'ltm/data-group/external': dict(create={'externalFileName': '/Common/needed'}, needs=[
        ('sys.file.data_groups.data_group', {'name': 'needed', 'partition': 'Common', 'type': 'string',
                                             'sourcePath': 'file:/var/config/rest/downloads/records'})]),
    'ltm/node': dict(create={'address': '192.0.2.20'}, stats=True),
    'ltm/nat': dict(create={'originatingAddress': '192.0.2.21', 'translationAddress': '192.0.2.22'}),
    'ltm/pool': dict(stats=True),
    'ltm/pool/members': dict(name='192.0.2.23:80', stats=True),
    'ltm/policy': dict(create={'strategy': 'first-match', 'subPath': 'Drafts'}, unchecked=('strategy',),
                       load={'subPath': 'Drafts'}),
    'ltm/policy/rules': dict(partition=None),
    'ltm/policy/rules/actions': dict(name='0', partition=None, create={'forward': True, 'pool': '/Common/needed'},
                                     needs=[POOL], modify={}),
    'ltm/policy/rules/conditions': dict(name='0', partition=None, modify={'values': ['b.example.com']},
                                        create={'httpHost': True, 'host': True, 'values': ['a.example.com']}),
    'ltm/rule': dict(stats=True, create={'apiAnonymous': 'when HTTP_REQUEST { pool none }'}, unchecked=('apiAnonymous',),
                     modify={'apiAnonymous': 'when CLIENT_ACCEPTED { }'}),
    'ltm/snat': dict(create={'origins': [{'name': '192.0.2.0/24'}], 'automap': True}, modify={'description': 'changed'}),
    'ltm/snatpool': dict(create={'members': ['192.0.2.24']}),
    'ltm/snat-translation': dict(create={'address': '192.0.2.25'}),
    'ltm/traffic-class': dict(create={'classification': 'gold'}),
    'ltm/virtual': dict(create={'destination': '192.0.2.26:80', 'ipProtocol': 'tcp', 'profiles': [{'name': 'tcp'}]}, unchecked=('destination',),
                        stats=True),
    'ltm/virtual/profiles': dict(name='http', modify={'context': 'all'}),
    'ltm/virtual/policies': dict(name='needed', modify={}, needs=[
        ('ltm.policys.policy', {'name': 'needed', 'partition': 'Common', 'strategy': 'first-match', 'legacy': True})]),
    'ltm/virtual-address': dict(create={'address': '192.0.2.27'}, stats=True),
    'ltm/auth/crldp-server': dict(create={'host': 'crldp.example.com'}),
    'ltm/auth/kerberos-delegation': dict(create={'serverPrincipal': 'HTTP/s.example.com@EXAMPLE.COM',
                                                 'clientPrincipal': 'HTTP/c.example.com@EXAMPLE.COM'}),
    'ltm/auth/ldap': dict(create={'servers': ['192.0.2.30']}),
    'ltm/auth/profile': dict(create={'defaultsFrom': '/Common/ldap', 'configuration': '/Common/needed'}, needs=[
        ('ltm.auth.ldaps.ldap', {'name': 'needed', 'partition': 'Common', 'servers': ['192.0.2.30']})]),
    'ltm/auth/radius-server': dict(create={'secret': 'a-secret', 'server': '192.0.2.31'}, unchecked=('secret',)),
    'ltm/auth/ssl-cc-ldap': dict(create={'servers': ['192.0.2.32'], 'userKey': 'uid'}),
    'ltm/auth/tacacs': dict(create={'secret': 'a-secret', 'servers': ['192.0.2.33'], 'service': 'ppp'},
                            unchecked=('secret',)),
    'ltm/ifile': dict(create={'fileName': '/Common/needed'}, needs=[
        ('sys.file.ifiles.ifile', {'name': 'needed', 'partition': 'Common',
                                   'sourcePath': 'file:/var/config/rest/downloads/records'})]),
    'ltm/monitor/dns': dict(create={'qname': 'www.example.com'}),
    'ltm/monitor/module-score': dict(create={'snmpIpAddress': '192.0.2.34'}),
    'ltm/monitor/sasp': dict(create={'primaryAddress': '192.0.2.35'}),
    'ltm/monitor/virtual-location': dict(create={'pool': '/Common/needed'}, needs=[POOL]),
    'ltm/monitor/external': dict(create={'run': '/Common/arg_example'}),
    'ltm/monitor/firepass': dict(create={'username': 'a', 'password': 'b'}, unchecked=('password',)),
    'ltm/monitor/smb': dict(create={'server': 'files', 'service': 'a', 'username': 'a', 'password': 'b'},
                            unchecked=('password',)),
    'ltm/default-node-monitor': dict(modify={'rule': '/Common/icmp'}, unchecked=('rule',)),
    'ltm/profile/socks': dict(create={'dnsResolver': '/Common/needed'}, needs=[
        ('net.dns_resolvers.dns_resolver', {'name': 'needed', 'partition': 'Common'})]),
    'ltm/profile/ocsp-stapling-params': dict(
        create={'dnsResolver': '/Common/needed', 'trustedCa': '/Common/ca-bundle.crt', 'useProxyServer': 'disabled'},
        modify={'timeout': 9}, needs=[('net.dns_resolvers.dns_resolver', {'name': 'needed', 'partition': 'Common'})]),
    'ltm/profile/dns-logging': dict(create={'logPublisher': '/Common/local-db-publisher'}),
    'ltm/profile/rewrite': dict(create={'rewriteMode': 'uri-translation'}),
    'ltm/profile/rewrite/uri-rules': dict(partition=None, create={
        'client': {'host': 'www.example.com', 'path': '/', 'scheme': 'http', 'port': 'none'},
        'server': {'host': 'in.example.com', 'path': '/', 'scheme': 'http', 'port': 'none'}}, modify={'type': 'both'}),
    'ltm/lsn-log-profile': dict(),
    'ltm/profile/analytics/alerts': dict(empty=True),
    'ltm/profile/analytics/traffic-capture': dict(empty=True),
    'ltm/profile/classification': dict(existing={'name': 'classification', 'partition': 'Common'}),
    'ltm/profile/web-security': dict(existing={'name': 'websecurity', 'partition': 'Common'}, modify={}),
}

VLAN = ('net.vlans.vlan', {'name': 'needed', 'partition': 'Common'})
SELF = ('net.selfips.selfip', {'name': 'needed', 'partition': 'Common', 'address': '198.51.100.1/24',
                               'vlan': '/Common/needed'})
VXLAN = ('net.tunnels.tunnels.tunnel', {'name': 'needed', 'partition': 'Common', 'profile': '/Common/vxlan',
                                        'localAddress': '198.51.100.1', 'key': 9})

NET = {
    'net/arp': dict(create={'ipAddress': '198.51.100.7', 'macAddress': '02:00:00:00:00:07'}, needs=[VLAN, SELF],
                    modify={'macAddress': '02:00:00:00:00:08'}),
    'net/fdb/tunnel': dict(existing={'name': 'http-tunnel', 'partition': 'Common'}, modify={}),
    'net/fdb/tunnel/records': dict(name='02:00:00:00:00:09', partition=None, create={'endpoint': '198.51.100.9'},
                                   modify={'endpoint': '198.51.100.10'}),
    'net/interface': dict(existing={'name': '1.1'}, stats=True),
    'net/route': dict(create={'network': '203.0.113.0/24', 'gw': '198.51.100.2'}, needs=[VLAN, SELF]),
    'net/route-domain': dict(create={'id': 55}),
    'net/self': dict(create={'address': '198.51.100.5/24', 'vlan': '/Common/needed'}, needs=[VLAN]),
    'net/trunk': dict(partition=None),
    'net/tunnels/tunnel': dict(create={'profile': '/Common/vxlan', 'localAddress': '198.51.100.6', 'key': 7}),
    'net/vlan/interfaces': dict(name='1.2', partition=None, create={'untagged': True},
                                modify={'tagged': True, 'tagMode': 'service'}),
    'net/vlan': dict(),
}

AUTH = {
    'auth/partition': dict(NO_PARTITION),
    'auth/user': dict(NO_PARTITION, create={'password': 'a-Password-of-17'}, unchecked=('password',)),
    'auth/radius-server': dict(create={'server': '192.0.2.40', 'secret': 'a-secret'}, unchecked=('secret',),
                               modify={'timeout': 9}),
    'auth/radius': dict(name='system-auth', partition=None, modify={'retries': 5}),
    'auth/ldap': dict(name='system-auth', partition=None, create={'servers': ['192.0.2.41']}, modify={'port': 636}),
    'auth/cert-ldap': dict(name='system-auth', partition=None, create={'servers': ['192.0.2.42']}, modify={'port': 636}),
    'auth/tacacs': dict(name='system-auth', partition=None, modify={'debug': 'enabled'},
                        create={'servers': ['192.0.2.43'], 'secret': 'a-secret', 'service': 'ppp'}, unchecked=('secret',)),
    'auth/remote-role/role-info': dict(partition=None, create={'attribute': 'F5-LTM-User-Info-1=admin', 'lineOrder': 5,
                                                               'role': 'admin', 'userPartition': 'All'}, unchecked=('name',),
                                       load={'partition': 'Common'}),
    'auth/password-policy': dict(modify={'maxDuration': 90}),
    'auth/remote-user': dict(modify={'defaultRole': 'guest'}),
    'auth/source': dict(modify={'fallback': 'true'}),
    'auth/remote-role': dict(modify={'description': 'changed'}),
}

CM = {
    'cm/device': dict(existing={'name': 'bigip1.example.com', 'partition': 'Common'}),
    'cm/device-group': dict(create={'type': 'sync-failover'}),
    'cm/device-group/devices': dict(name='bigip1.example.com', modify={}),
    'cm/traffic-group': dict(stats=True),
    'cm/trust-domain': dict(existing={'name': 'Root', 'partition': 'Common'}, modify={}),
    'cm/failover-status': dict(modify={}),
    'cm/sync-status': dict(modify={}),
}

TABLE = {}
for _rows in (LTM, NET, AUTH, CM, SYS, GTM):
    TABLE.update(_rows)
