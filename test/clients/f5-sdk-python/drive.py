"""Works f5-sdk-python: the management client, its DNS clients, and what it asks of extensions."""

from driver import HOST, PASSWORD, PORT, RELEASE, USER, Driver

from f5sdk.bigip import ManagementClient
from f5sdk.bigip.dns import DataCentersClient, PoolsClient, ServersClient
from f5sdk.bigip.extension import AS3Client, CFClient, DOClient, TSClient
from f5sdk.exceptions import HTTPError, InvalidAuthError

driver = Driver('f5-sdk-python')
device = ManagementClient(HOST, port=PORT, user=USER, password=PASSWORD)


def session():
    """The ways in, and plain requests."""

    def login():
        assert ManagementClient(HOST, port=PORT, user=USER, password=PASSWORD).token

    def token():
        assert ManagementClient(HOST, port=PORT, token=device.token).get_info()['version'].startswith(RELEASE)

    def wrong():
        try:
            ManagementClient(HOST, port=PORT, user=USER, password='wrong')
        except InvalidAuthError:
            return
        raise AssertionError('let in')

    def info():
        assert device.get_info()['version'].startswith(RELEASE)

    return [('login', login), ('token', token), ('wrong password', wrong), ('get_info', info)]


def requests():
    """`make_request` over a pool."""
    pools = '/mgmt/tm/ltm/pool'
    own = pools + '/~Common~python1'

    def create():
        assert device.make_request(pools, method='POST', body={'name': 'python1'})['fullPath'] == '/Common/python1'

    def create_again():
        try:
            device.make_request(pools, method='POST', body={'name': 'python1'})
        except HTTPError as error:
            assert 'code: 409' in str(error), error
        else:
            raise AssertionError('made twice')

    def read():
        answer, status = device.make_request(own, advanced_return=True)
        assert status == 200 and answer['name'] == 'python1'

    def lists():
        assert 'python1' in [each['name'] for each in device.make_request(pools)['items']]

    def change():
        assert device.make_request(own, method='PATCH', body={'description': 'changed'})['description'] == 'changed'

    def delete():
        assert device.make_request(own, method='DELETE', bool_response=True)
        assert not device.make_request(own, bool_response=True)

    return [('create', create), ('create again', create_again), ('read', read), ('list', lists), ('change', change),
            ('delete', delete)]


def feature(client, body, change):
    """The five operations that each feature client has."""
    name = '~Common~python1'

    def create():
        assert client.create(config=dict(body, name='python1'))['name'] == 'python1'

    def shown():
        assert client.show(name=name)['name'] == 'python1'

    def lists():
        assert 'python1' in [each['name'] for each in client.list()['items']]

    def update():
        assert client.update(name=name, config=change)['description'] == 'changed'

    def delete():
        client.delete(name=name)

    def gone():
        assert 'python1' not in [each['name'] for each in client.list().get('items', [])]

    return [('create', create), ('show', shown), ('list', lists), ('update', update), ('delete', delete), ('gone', gone)]


def server():
    """A server needs its data center."""
    client = ServersClient(device)
    centers = DataCentersClient(device)
    where = {'datacenter': '/Common/python-dc', 'product': 'generic-host',
             'devices': [{'name': 'd', 'addresses': [{'name': '192.0.2.91'}]}]}
    steps = feature(client, where, dict(where, description='changed'))
    made = lambda: centers.create(config={'name': 'python-dc'})
    gone = lambda: centers.delete(name='~Common~python-dc')
    return [('needs a data center', made)] + steps + [('data center goes', gone)]


def extension(client):
    """An extension that is not installed answers as any path that nobody registered."""
    return [('service show', client.service.show), ('service info', client.service.show_info),
            ('package installed', lambda: client.package.is_installed())]


subjects = [
    ('session', 'ManagementClient', session()),
    ('ltm', 'make_request ltm/pool', requests()),
    ('gtm', 'DataCentersClient', feature(DataCentersClient(device), {}, {'description': 'changed'})),
    ('gtm', 'PoolsClient a', feature(PoolsClient(device, record_type='/a'), {}, {'description': 'changed'})),
    ('gtm', 'ServersClient', server()),
    ('extensions', 'AS3Client', extension(AS3Client(device, use_latest_metadata=False))),
    ('extensions', 'DOClient', extension(DOClient(device, use_latest_metadata=False))),
    ('extensions', 'TSClient', extension(TSClient(device, use_latest_metadata=False))),
    ('extensions', 'CFClient', [('package installed', CFClient(device, use_latest_metadata=False).package.is_installed)]),
]
for group, resource, steps in subjects:
    driver.plan(group, resource, [name for name, _ in steps])
for _, resource, steps in subjects:
    for step, action in steps:
        driver.attempt(resource, step, action)
