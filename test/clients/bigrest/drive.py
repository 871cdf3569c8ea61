"""Works bigrest over the main resources, as it is used: load, create, save, modify, exist, example, show, delete."""

import os

from bigrest.bigip import BIGIP
from bigrest.utils.utils import rest_format, token

from driver import CA, HOST, PASSWORD, PORT, RELEASE, SCRATCH, USER, Driver
from table import ROWS

driver = Driver('bigrest')
device = '{}:{}'.format(HOST, PORT)


def basic():
    """A session with Basic authentication; the certificate is verified."""
    return BIGIP(device, USER, PASSWORD, session_verify=CA)


def by_token():
    """A session whose token bigrest asks for itself."""
    return BIGIP(device, USER, PASSWORD, request_token=True, session_verify=CA)


class Row:
    """One resource: its collection, the body that makes it, and what is changed."""

    operations = ('example', 'create', 'create again', 'load', 'load all', 'exist', 'save', 'modify', 'modify again', 'delete')

    def __init__(self, session, path, body, change, stats):
        self.session = session
        self.path = '/mgmt/tm/' + path
        self.resource = path
        self.body = body
        self.change = change
        self.steps = self.operations[:-1] + (('show',) if stats else ()) + self.operations[-1:]
        full = '/'.join(['', body.get('partition', 'Common')] + ([body['subPath']] if 'subPath' in body else []) + [body['name']])
        self.own = '{}/{}'.format(self.path, rest_format(full) if 'partition' in body else body['name'])

    def example(self):
        assert self.session.example(self.path).properties

    def create(self):
        made = self.session.create(self.path, self.body).properties
        assert made['name'] == self.body['name']

    def create_again(self):
        try:
            self.session.create(self.path, self.body)
        except Exception as error:  # pylint: disable=broad-except
            assert '"code": 409' in str(error) or '409' in str(error), error
        else:
            raise AssertionError('made twice')

    def load(self):
        self.object = self.session.load(self.own)
        assert self.object.properties['name'] == self.body['name']

    def load_all(self):
        names = [each.properties['name'] for each in self.session.load(self.path)]
        assert self.body['name'] in names

    def exist(self):
        assert self.session.exist(self.own)
        assert not self.session.exist(self.own + '-not-there')

    def save(self):
        for name, value in self.change.items():
            self.object.properties[name] = value
        saved = self.session.save(self.object).properties
        assert all(saved[name] == value for name, value in self.change.items()), saved

    def modify(self):
        changed = self.session.modify(self.own, self.change).properties
        assert all(changed[name] == value for name, value in self.change.items()), changed

    def modify_again(self):
        before = self.session.load(self.own).properties
        self.session.modify(self.own, self.change)
        after = self.session.load(self.own).properties
        before.pop('generation', None)
        after.pop('generation', None)
        assert before == after

    def show(self):
        shown = self.session.show(self.own)
        assert shown

    def delete(self):
        self.session.delete(self.own)
        assert not self.session.exist(self.own)


def sessions():
    """The ways in."""
    taken = {}

    def from_function():
        taken['token'] = token(device, USER, PASSWORD, verify=CA)
        assert taken['token']

    def with_token():
        assert BIGIP(device, token=taken['token'], session_verify=CA).exist('/mgmt/tm/sys')

    def wrong():
        try:
            BIGIP(device, USER, 'wrong', session_verify=CA)
        except Exception as error:  # pylint: disable=broad-except
            assert '401' in str(error), error
        else:
            raise AssertionError('let in')

    return [('basic', basic), ('token by itself', by_token), ('token function', from_function),
            ('token given', with_token), ('wrong password', wrong)]


def transactions(session):
    """Several writes at once, by `with` and by hand."""
    pools = '/mgmt/tm/ltm/pool'

    def context():
        with session as _:
            session.create(pools, {'name': 'tx1', 'partition': 'Common'})
            session.create(pools, {'name': 'tx2', 'partition': 'Common'})
        assert session.exist(pools + '/~Common~tx1') and session.exist(pools + '/~Common~tx2')

    def refused():
        session.transaction_create()
        session.delete(pools + '/~Common~tx1')
        session.create(pools, {'name': 'tx2', 'partition': 'Common'})
        try:
            session.transaction_commit()
        except Exception as error:  # pylint: disable=broad-except
            assert '409' in str(error) or '400' in str(error), error
        else:
            raise AssertionError('committed')
        assert session.exist(pools + '/~Common~tx1')

    def validated():
        # Of its own session: bigrest goes on to send the number of the transaction, which is over then.
        other = basic()
        other.transaction_create()
        other.delete(pools + '/~Common~tx1')
        other.transaction_validate()
        assert session.exist(pools + '/~Common~tx1')

    def tidied():
        session.delete(pools + '/~Common~tx2')
        session.delete(pools + '/~Common~tx1')

    return [('commit', context), ('refused as a whole', refused), ('validate', validated), ('delete', tidied)]


def files(session):
    """An upload in chunks, and its use."""
    name = os.path.join(SCRATCH, 'records.txt')
    with open(name, 'w') as out:
        out.write('"a" := "b",\n' * 100000)

    def upload():
        session.upload('/mgmt/shared/file-transfer/uploads', name)

    def use():
        body = {'name': 'uploaded', 'partition': 'Common', 'type': 'string',
                'sourcePath': 'file:/var/config/rest/downloads/records.txt'}
        made = session.create('/mgmt/tm/sys/file/data-group', body).properties
        assert made['size'] == os.path.getsize(name), made
        session.delete('/mgmt/tm/sys/file/data-group/~Common~uploaded')

    return [('upload', upload), ('use', use)]


def commands(session):
    """Commands and what they print."""

    def bash():
        said = session.command('/mgmt/tm/util/bash', {'command': 'run', 'utilCmdArgs': '-c "tmsh show sys version"'})
        assert RELEASE in said, said

    def save():
        session.command('/mgmt/tm/sys/config', {'command': 'save'})

    def version():
        assert session.show('/mgmt/tm/sys/version')

    return [('bash', bash), ('save', save), ('show version', version)]


def tasks(session):
    """A command that runs on its own until it is done."""
    started = {}

    def start():
        started['task'] = session.task_start('/mgmt/tm/task/util/bash', {
            'command': 'run', 'utilCmdArgs': '-c "tmsh show sys version"'})
        assert started['task'].properties['_taskId']

    def wait():
        session.task_wait(started['task'], interval=1)

    def completed():
        assert session.task_completed(started['task'])

    def result():
        assert RELEASE in session.task_result(started['task'])

    return [('start', start), ('wait', wait), ('completed', completed), ('result', result)]


session = by_token()
rows = [Row(session, *row) for row in ROWS]
groups = [('session', 'login', sessions()), ('transaction', 'transaction', transactions(session)),
          ('shared', 'shared/file-transfer/uploads', files(session)), ('util', 'commands', commands(session)), ('task', 'task/util/bash', tasks(session))]
for row in rows:
    driver.plan(row.resource.split('/')[0], row.resource, row.steps)
for group, resource, steps in groups:
    driver.plan(group, resource, [name for name, _ in steps])
for row in rows:
    for step in row.steps:
        driver.attempt(row.resource, step, getattr(row, step.replace(' ', '_')))
for _, resource, steps in groups:
    for step, action in steps:
        driver.attempt(resource, step, action)
