"""The rows of `gtm`."""

DATACENTER = ('gtm.datacenters.datacenter', {'name': 'needed', 'partition': 'Common'})
SERVER = {'datacenter': '/Common/needed', 'product': 'generic-host', 'virtualServerDiscovery': 'disabled',
          'addresses': [{'name': '192.0.2.70', 'deviceName': 'owner'}],
          'devices': [{'name': 'owner', 'addresses': [{'name': '192.0.2.70'}]}]}
TARGET = ('gtm.servers.server', dict(SERVER, name='needed', partition='Common',
                                     virtualServers=[{'name': 'vs1', 'destination': '192.0.2.71:80'}]))
HOST = dict(name='a.example.com')

ROWS = {
    'gtm/global-settings/general': dict(modify={'synchronization': 'yes'}),
    'gtm/global-settings/load-balancing': dict(modify={'verifyVsAvailability': 'yes'}),
    'gtm/global-settings/metrics': dict(modify={'maxSynchronousMonitorRequests': 40}),
    'gtm/listener': dict(create={'address': '192.0.2.72', 'profiles': ['/Common/udp', '/Common/dns']}),
    'gtm/listener/profiles': dict(existing={'name': 'dns', 'partition': 'Common'}, modify={}),
    'gtm/rule': dict(create={'apiAnonymous': 'when DNS_REQUEST { }'}, unchecked=('apiAnonymous',),
                     modify={'apiAnonymous': 'when DNS_REQUEST { host 192.0.2.1 }'}),
    'gtm/server': dict(create=SERVER, needs=[DATACENTER]),
    'gtm/server/virtual-servers': dict(create={'destination': '192.0.2.73:80'}, partition=None),
    'gtm/topology': dict(name='ldns: subnet 10.0.0.0/8 server: datacenter /Common/needed', partition=None,
                         needs=[DATACENTER], modify={}),
    'gtm/pool/a/members': dict(name='needed:vs1', stats=True, needs=[DATACENTER, TARGET]),
    'gtm/pool/aaaa/members': dict(name='needed:vs6', stats=True, needs=[DATACENTER, ('gtm.servers.server', dict(
        SERVER, name='needed', partition='Common', virtualServers=[{'name': 'vs6', 'destination': '2001:db8::1.80'}]))]),
    'gtm/pool/cname/members': dict(name='c.example.com', partition=None, modify={'ratio': 5}),
    'gtm/pool/mx/members': dict(name='needed.example.com', partition=None, modify={'priority': 5}, needs=[
        ('gtm.wideips.a_s.a', {'name': 'needed.example.com', 'partition': 'Common'})]),
    'gtm/pool/naptr/members': dict(name='needed.example.com', partition=None, create={'flags': 'a', 'service': 'http'},
                                   modify={'preference': 5}, needs=[
        ('gtm.wideips.a_s.a', {'name': 'needed.example.com', 'partition': 'Common'})]),
    'gtm/pool/srv/members': dict(name='needed.example.com', partition=None, create={'port': 80}, modify={'weight': 5},
                                 needs=[('gtm.wideips.a_s.a', {'name': 'needed.example.com', 'partition': 'Common'})]),
    'gtm/monitor/external': dict(create={'run': '/Common/arg_example'}),
}
for _kind in ('a', 'aaaa', 'cname', 'mx', 'naptr', 'srv'):
    ROWS['gtm/pool/' + _kind] = dict(stats=True)
    ROWS['gtm/wideip/' + _kind] = dict(HOST, stats=True)
