"""What bigrest makes: collection, body, change, and whether there are statistics."""

COMMON = {'partition': 'Common'}
CHANGED = {'description': 'changed'}
NAMED = dict(COMMON, name='big1')

ROWS = [
    ('ltm/node', dict(NAMED, address='192.0.2.10'), CHANGED, True),
    ('ltm/pool', NAMED, CHANGED, True),
    ('ltm/virtual', dict(NAMED, destination='192.0.2.11:80', ipProtocol='tcp'), CHANGED, True),
    ('ltm/virtual-address', dict(NAMED, address='192.0.2.12'), {'arp': 'disabled'}, True),
    ('ltm/rule', dict(NAMED, apiAnonymous='when HTTP_REQUEST { pool none }'), {'apiAnonymous': 'when CLIENT_ACCEPTED { }'}, False),
    ('ltm/snat-translation', dict(NAMED, address='192.0.2.13'), CHANGED, False),
    ('ltm/snatpool', dict(NAMED, members=['192.0.2.14']), CHANGED, False),
    ('ltm/data-group/internal', dict(NAMED, type='string', records=[{'name': 'a', 'data': 'b'}]), CHANGED, False),
    ('ltm/monitor/http', NAMED, {'interval': 7}, False),
    ('ltm/monitor/https', NAMED, {'interval': 7}, False),
    ('ltm/monitor/tcp', NAMED, {'interval': 7}, False),
    ('ltm/monitor/udp', NAMED, {'interval': 7}, False),
    ('ltm/monitor/icmp', NAMED, {'interval': 7}, False),
    ('ltm/profile/tcp', NAMED, {'idleTimeout': 400}, False),
    ('ltm/profile/udp', NAMED, {'description': 'changed'}, False),
    ('ltm/profile/http', NAMED, {'insertXforwardedFor': 'enabled'}, False),
    ('ltm/profile/client-ssl', NAMED, CHANGED, False),
    ('ltm/profile/server-ssl', NAMED, CHANGED, False),
    ('ltm/profile/fastl4', NAMED, {'idleTimeout': '400'}, False),
    ('ltm/profile/one-connect', NAMED, {'maxReuse': 10}, False),
    ('ltm/persistence/cookie', NAMED, CHANGED, False),
    ('ltm/persistence/source-addr', NAMED, {'timeout': '200'}, False),
    ('net/vlan', NAMED, CHANGED, False),
    ('net/route-domain', dict(NAMED, id=77), CHANGED, False),
    ('net/tunnels/tunnel', dict(NAMED, profile='/Common/vxlan', localAddress='192.0.2.15', key=5), CHANGED, False),
    ('net/trunk', {'name': 'big1'}, CHANGED, False),
    ('auth/partition', {'name': 'bigp'}, CHANGED, False),
    ('auth/user', {'name': 'biguser', 'password': 'a-Password-of-17'}, CHANGED, False),
    ('sys/folder', dict(COMMON, name='bigf'), CHANGED, False),
    ('sys/application/template', NAMED, CHANGED, False),
    ('sys/application/service', dict(NAMED, subPath='big1.app', template='/Common/f5.http',
                                     variables=[{'name': 'pool__addr', 'value': '192.0.2.16'}]), CHANGED, False),
    ('gtm/datacenter', NAMED, CHANGED, False),
    ('gtm/region', NAMED, CHANGED, False),
    ('gtm/pool/a', NAMED, CHANGED, True),
    ('gtm/wideip/a', dict(NAMED, name='big.example.com'), CHANGED, True),
]
