"""What is more than creating, reading, changing and deleting: commands, transactions, drafts, files, tokens."""

from distutils.version import LooseVersion
import io
import os

from f5.bigip import ManagementRoot
from f5.bigip.contexts import TransactionContextManager
from icontrol.exceptions import iControlUnexpectedHTTPError

from driver import CA, HOST, PASSWORD, PORT, RELEASE, SCRATCH, USER

COMMON = {'partition': 'Common'}


class Extra:
    """A list of steps, by name, in their order."""

    def __init__(self, group, resource, steps):
        self.group = group
        self.resource = resource
        self.steps = steps


def refused(action, *statuses):
    """Whether the device refuses with one of the statuses."""
    try:
        action()
    except iControlUnexpectedHTTPError as error:
        assert error.response.status_code in statuses, error
    else:
        raise AssertionError('not refused')


def sessions(bigip):
    """The ways in, and what is told of the release."""

    def basic():
        root = ManagementRoot(HOST, USER, PASSWORD, port=PORT, verify=CA)
        assert root.tmos_version.startswith(RELEASE)

    def token():
        root = ManagementRoot(HOST, USER, PASSWORD, port=PORT, token=True, verify=CA)
        assert root.tm.ltm.pools.get_collection() is not None

    def given():
        root = ManagementRoot(HOST, USER, PASSWORD, port=PORT, verify=CA, token_to_use=bigip.icrs.token)
        assert root.tmos_version.startswith(RELEASE)

    def wrong():
        refused(lambda: ManagementRoot(HOST, USER, 'wrong', port=PORT, verify=CA), 401)

    return Extra('session', 'ManagementRoot', [
        ('basic', basic), ('token', token), ('token given', given), ('wrong password', wrong)])


def transactions(bigip):
    """Several writes at once, by the SDK's context manager."""
    pools = bigip.tm.ltm.pools.pool
    names = ('tx1', 'tx2')

    def context():
        return TransactionContextManager(bigip.tm.transactions.transaction)

    def commit():
        with context() as api:
            for name in names:
                api.tm.ltm.pools.pool.create(name=name, **COMMON)
        assert all(pools.exists(name=name, **COMMON) for name in names)

    def change():
        first, second = (pools.load(name=name, **COMMON) for name in names)
        with context():
            first.modify(description='changed')
            second.modify(loadBalancingMode='ratio-member')
        assert pools.load(name='tx1', **COMMON).description == 'changed'
        assert pools.load(name='tx2', **COMMON).loadBalancingMode == 'ratio-member'

    def conflict():
        try:
            with context() as api:
                api.tm.ltm.pools.pool.create(name='tx3', **COMMON)
                api.tm.ltm.pools.pool.create(name='tx1', **COMMON)
        except Exception as error:  # pylint: disable=broad-except
            assert '409' in str(error) or '400' in str(error), error
        else:
            raise AssertionError('committed')
        assert not pools.exists(name='tx3', **COMMON)

    def delete():
        both = [pools.load(name=name, **COMMON) for name in names]
        with context():
            for pool in both:
                pool.delete()
        assert not any(pools.exists(name=name, **COMMON) for name in names)

    return Extra('transaction', 'transaction', [
        ('commit', commit), ('change', change), ('refused as a whole', conflict), ('delete', delete)])


def policies(bigip):
    """Drafts that are published, and legacy policies that need none."""
    policy = bigip.tm.ltm.policys.policy
    drafts = LooseVersion(bigip.tmos_version) >= LooseVersion('12.1.0')
    rule = {'name': 'r1', 'ordinal': 1,
            'conditions': [{'name': '0', 'httpHost': True, 'host': True, 'values': ['a.example.com']}],
            'actions': [{'name': '0', 'forward': True, 'pool': '/Common/extra'}]}

    def legacy():
        bigip.tm.ltm.pools.pool.create(name='extra', **COMMON)
        made = policy.create(name='extra-legacy', strategy='first-match', legacy=True, rules=[rule],
                             requires=['http'], controls=['forwarding'], **COMMON)
        assert len(made.rules_s.get_collection()) == 1

    def draft():
        made = policy.create(name='extra', subPath='Drafts', strategy='first-match', rules=[rule], **COMMON)
        assert made.status == 'draft', made.status

    def publish():
        made = policy.load(name='extra', subPath='Drafts', **COMMON)
        made.publish()
        assert policy.load(name='extra', **COMMON).status == 'published'

    def edit():
        published = policy.load(name='extra', **COMMON)
        published.draft()
        made = policy.load(name='extra', subPath='Drafts', **COMMON)
        made.rules_s.rules.create(name='r2')
        made.publish()
        assert len(policy.load(name='extra', **COMMON).rules_s.get_collection()) == 2

    def frozen():
        published = policy.load(name='extra', **COMMON)
        refused(lambda: published.rules_s.rules.create(name='r3'), 400)

    def delete():
        for name in ('extra-legacy', 'extra'):
            if policy.exists(name=name, **COMMON):
                policy.load(name=name, **COMMON).delete()
        bigip.tm.ltm.pools.pool.load(name='extra', **COMMON).delete()

    steps = [('legacy', legacy)]
    if drafts:
        steps += [('draft', draft), ('publish', publish), ('edit a draft of a published one', edit),
                  ('published refuses', frozen)]
    return Extra('ltm', 'ltm/policy, drafts', steps + [('delete', delete)])


def files(bigip):
    """Uploads of each kind, and downloads."""
    transfer = bigip.shared.file_transfer

    def file():
        path = os.path.join(SCRATCH, 'extra')
        with open(path, 'wb') as out:
            out.write(b'x' * 1300000)
        transfer.uploads.upload_file(path, chunk_size=512 * 1024)

    def octets():
        transfer.uploads.upload_stringio(io.BytesIO(b'"k" := "v",\n'), 'extra-bytes')
        made = bigip.tm.sys.file.data_groups.data_group.create(
            name='extra', type='string', sourcePath='file:/var/config/rest/downloads/extra-bytes', **COMMON)
        assert made.size == 12, made.size
        made.delete()

    def bulk():
        path = os.path.join(SCRATCH, 'extra')
        transfer.bulk.upload_file(path)

    def ucs():
        transfer.ucs_uploads.upload_file(os.path.join(SCRATCH, 'extra'))

    def madm():
        at = '/var/config/rest/downloads/extra /var/config/rest/madm/extra'
        bigip.tm.util.unix_mv.exec_cmd('run', utilCmdArgs=at)
        transfer.madm.download_file('extra', os.path.join(SCRATCH, 'madm'))
        with open(os.path.join(SCRATCH, 'madm'), 'rb') as got, open(os.path.join(SCRATCH, 'extra'), 'rb') as sent:
            assert got.read() == sent.read()

    steps = [('upload a file', file), ('upload bytes', octets), ('madm', madm), ('ucs', ucs)]
    if LooseVersion(bigip.tmos_version) >= LooseVersion('13.0.0'):
        steps.append(('bulk', bulk))
    return Extra('shared', 'shared/file-transfer', steps)


def crypto(bigip):
    """Certificates and keys by the command `install`."""
    at = '/var/config/rest/downloads/'

    def key():
        bigip.tm.sys.crypto.keys.exec_cmd('install', **{'name': 'extra', 'from-local-file': at + 'key.pem'})
        assert bigip.tm.sys.file.ssl_keys.ssl_key.exists(name='extra.key', **COMMON)

    def cert():
        bigip.tm.sys.crypto.certs.exec_cmd('install', **{'name': 'extra', 'from-local-file': at + 'cert.pem'})
        assert bigip.tm.sys.file.ssl_certs.ssl_cert.exists(name='extra.crt', **COMMON)

    return Extra('sys', 'sys/crypto, install', [('key', key), ('cert', cert)])


def tokens(bigip):
    """Tokens and users of `shared/authz`."""
    authz = bigip.shared.authz

    def listed():
        assert authz.tokens_s.get_collection()

    def lifetime():
        token = authz.tokens_s.token.load(name=bigip.icrs.token)
        token.modify(timeout='3600')
        assert int(token.timeout) == 3600

    def bound():
        token = authz.tokens_s.token.load(name=bigip.icrs.token)
        try:
            token.modify(timeout=36001)
        except Exception as error:  # pylint: disable=broad-except
            assert 'exceeds the limit' in str(error)
        else:
            raise AssertionError('not refused')

    def users():
        authz.users_s.get_collection()

    return Extra('shared', 'shared/authz', [
        ('list tokens', listed), ('change a token', lifetime), ('limit of a token', bound), ('list users', users)])


def commands(bigip):
    """Every command that the SDK offers by `exec_cmd`, and their classes below `util` and `shared`."""
    tm = bigip.tm
    run = lambda place, args: place.exec_cmd('run', utilCmdArgs=args)

    def bash():
        assert RELEASE in run(tm.util.bash, '-c "tmsh show sys version"').commandResult

    def trust():
        refused(lambda: tm.cm.remove_from_trust.exec_cmd('run', caDevice=True, deviceName='nobody', name='Root'), 400, 404)

    def sync():
        refused(lambda: tm.cm.exec_cmd('run', utilCmdArgs='config-sync to-group nobody'), 400)

    def rename():
        tm.cm.devices.exec_cmd('mv', name='bigip1.example.com', target='other.example.com')
        tm.cm.devices.exec_cmd('mv', name='other.example.com', target='bigip1.example.com')

    def save():
        tm.sys.config.exec_cmd('save')

    def standby():
        tm.sys.failover.exec_cmd('run', standby=True)

    def restart():
        tm.sys.service.tmm.exec_cmd('restart')

    steps = [
        ('util bash', bash),
        ('util unix-ls', lambda: run(tm.util.unix_ls, '/var/config/rest/downloads')),
        ('util unix-mv', lambda: run(tm.util.unix_mv, '/var/config/rest/downloads/extra-bytes /var/config/rest/downloads/moved')),
        ('util unix-rm', lambda: run(tm.util.unix_rm, '/var/config/rest/downloads/moved')),
        ('util dig', lambda: run(tm.util.dig, 'www.example.com')),
        ('util get-dossier', lambda: run(tm.util.get_dossier, '-b AAAAA-AAAAA-AAAAA-AAAAA-AAAAAAA')),
        ('util qkview', lambda: run(tm.util.qkview, '-C -f extra.qkview')),
        ('cm config-sync', sync),
        ('cm device mv', rename),
        ('sys config save', save),
        ('sys failover', standby),
        ('sys license install', lambda: tm.sys.license.exec_cmd('install', registrationKey='AAAAA')),
        ('sys software image install', lambda: tm.sys.software.images.exec_cmd('install', name='a.iso', volume='HD1.2')),
        ('sys software volume reboot', lambda: tm.sys.software.volumes.exec_cmd('reboot', volume='HD1.2')),
        ('shared iapp package', lambda: bigip.shared.iapp.package_management_tasks_s.get_collection()),
        ('shared authn root', lambda: bigip.shared.authn.roots.root.create(oldPassword='a', newPassword='b')),
    ]
    version = LooseVersion(bigip.tmos_version)
    if version >= LooseVersion('12.0.0'):
        steps += [('cm remove-from-trust', trust), ('sys ucs save', lambda: tm.sys.ucs.exec_cmd('save', name='extra.ucs'))]
    if version >= LooseVersion('12.1.0'):
        steps += [('util clientssl-ciphers', lambda: run(tm.util.clientssl_ciphers, 'DEFAULT')),
                  ('util serverssl-ciphers', lambda: run(tm.util.serverssl_ciphers, 'DEFAULT'))]
    if version >= LooseVersion('13.0.0'):
        steps.append(('sys service restart', restart))
    return Extra('commands', 'exec_cmd', steps)


def statistics(bigip):
    """Statistics of collections, and of everything at once."""

    def pools():
        bigip.tm.ltm.pools.pool.create(name='extra-stats', members=[{'name': '192.0.2.90:80'}], **COMMON)
        pool = bigip.tm.ltm.pools.pool.load(name='extra-stats', **COMMON)
        assert pool.stats.load().entries
        member = pool.members_s.members.load(name='192.0.2.90:80', **COMMON)
        assert member.stats.load().entries
        pool.delete()

    def expanded():
        assert isinstance(bigip.tm.ltm.pools.get_collection(requests_params={'params': 'expandSubcollections=true'}), list)

    def filtered():
        got = bigip.tm.ltm.pools.get_collection(requests_params={'params': {'$filter': 'partition eq Common'}})
        assert all(pool.partition == 'Common' for pool in got)

    return Extra('ltm', 'statistics and queries', [
        ('pool and member', pools), ('expandSubcollections', expanded), ('$filter', filtered)])


def all_extras(bigip):
    """All of them."""
    return [each(bigip) for each in (sessions, transactions, policies, files, crypto, tokens, commands, statistics)]
