"""The life of one object, or of the settings of the device, through one module."""

import base64
import contextlib
import importlib
import io
import json
import re
import signal
import time
import traceback
import urllib.error
import urllib.request

from unittest import mock

from ansible.module_utils.testing import patch_module_args

from driver import HOST, PASSWORD, PORT, USER

MODULES = 'ansible_collections.f5networks.f5_modules.plugins.modules.'
PROVIDER = {
    'server': HOST,
    'server_port': PORT,
    'user': USER,
    'password': PASSWORD,
    'validate_certs': True,
    'no_f5_teem': True,
}


class Broken(Exception):
    """An operation that did not do what it should."""


class Refused(Exception):
    """The module says that the device does not do it."""


def call(module, args, check=False):
    """Runs a module as Ansible does; gives what it answers through exit_json or fail_json."""
    given = {'provider': PROVIDER, **args, '_ansible_check_mode': check}
    printed = io.StringIO()
    with patch_module_args(given), contextlib.redirect_stdout(printed):
        try:
            importlib.import_module(MODULES + module).main()
        except SystemExit:
            pass
        except Exception:  # pylint: disable=broad-except
            trace = traceback.format_exc().strip().splitlines()
            return {'failed': True, 'msg': f'{trace[-1]} at {trace[-3].strip()} {trace[-4].strip()}'}
        finally:
            # bigip_wait sets one and leaves it: it would end a later module.
            signal.alarm(0)
    lines = printed.getvalue().strip().splitlines()
    if not lines:
        return {'failed': True, 'msg': 'the module printed nothing'}
    return json.loads(lines[-1])


def briskly():
    """Waits last a hundredth: some modules let a device settle for minutes that the emulator does not need."""
    sleep = time.sleep
    return mock.patch('time.sleep', lambda seconds: sleep(seconds / 100))


def rest(path, method='GET', body=None):
    """One request below /mgmt/tm; gives the status and the body."""
    request = urllib.request.Request(f'https://{HOST}:{PORT}/mgmt/tm/{path}', method=method)
    token = base64.b64encode(f'{USER}:{PASSWORD}'.encode()).decode()
    request.add_header('Authorization', f'Basic {token}')
    data = None
    if body is not None:
        request.add_header('Content-Type', 'application/json')
        data = json.dumps(body).encode()
    try:
        with urllib.request.urlopen(request, data, timeout=60) as answer:
            text = answer.read()
            return answer.status, json.loads(text) if text else {}
    except urllib.error.HTTPError as error:
        return error.code, {'message': error.read().decode()}


def matches(expected, found):
    """Whether a body holds what is expected of it; of lists of objects, whether each is there."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            (key not in found) if value == '<absent>' else (key in found and matches(value, found[key]))
            for key, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(found, list) and expected and isinstance(expected[0], dict):
        return all(any(matches(item, each) for each in found) for item in expected)
    return expected == found


def shorten(text):
    """The beginning and the end: of a refusal the beginning tells most, of an answer the end."""
    text = text.replace(f'{HOST}:{PORT}', 'DEVICE')
    return text if len(text) <= 900 else f'{text[:300]} ... {text[-600:]}'


class Scenario:
    """What is done with a module, as the YAML files say it."""

    def __init__(self, module, spec, driver):
        self.module = module
        self.spec = spec
        self.driver = driver
        self.broken = False

    def operations(self):
        """The names of what `run` does, each with its work."""
        spec = self.spec
        if 'refused' in spec:
            steps = [('run', self.refused)]
        elif 'answer' in spec:
            steps = [('run', self.answer)]
        else:
            steps = list(self.life())
        title = spec.get('title')
        return [(name if title is None else f'{title}: {name}', work) for name, work in steps]

    def run(self):
        for module, args in (list(each.items())[0] for each in self.spec.get('before', [])):
            self.prepare(module, args)
        for name, work in self.operations():
            self.step(name, work)
        for module, args in (list(each.items())[0] for each in self.spec.get('after', [])):
            self.prepare(module, args)

    def step(self, operation, work):
        """One operation. After a failure the ones that build on it would only repeat it: nothing is told of them."""
        if self.broken:
            return
        try:
            work()
            self.driver.told(self.module, operation, 'passed')
        except Broken as problem:
            self.broken = True
            self.driver.told(self.module, operation, 'failed', shorten(str(problem)))
        except Refused as refusal:
            self.driver.told(self.module, operation, 'refused', shorten(str(refusal)))

    def prepare(self, module, args):
        """What has to be there, or has to go. What fails here shows in the operations that need it."""
        if module == 'rest':
            rest(args['path'], args['method'], args.get('body'))
            return
        result = call(module, args)
        if result.get('failed'):
            print(f'{self.module}: preparing with {module}: {result.get("msg")}')

    def run_module(self, args, changed, check=False):
        with briskly() if self.spec.get('brisk') else contextlib.nullcontext():
            result = call(self.module, args, check)
        if result.get('failed'):
            raise Broken(f'{self.module}: {result.get("msg")}')
        # With `aggregate`, some modules answer once for each.
        did = result.get('changed', any(each.get('changed') for each in result.get('aggregate', [])))
        if changed is not None and bool(did) is not changed:
            raise Broken(f'{self.module} says changed={did}: {json.dumps(result)}')
        return result

    def read(self, expected):
        path = self.spec['path']
        status, body = rest(path)
        if status != 200:
            raise Broken(f'GET {path}: {status} {body}')
        if not matches(expected, body):
            shown = {key: body.get(key) for key in expected}
            raise Broken(f'GET {path}: expected {json.dumps(expected)}, found {json.dumps(shown)}')

    def absent(self):
        status, body = rest(self.spec['path'])
        # Some kinds answer 400 with the same words.
        if status not in (400, 404) or re.search('was not found|Object not found|does not exist', body.get('message', '')) is None:
            raise Broken(f'GET {self.spec["path"]}: {status} {body}, expected that it is not there')

    def facts(self):
        """`facts: {subset: name}`: the object is in the list that bigip_device_info gives."""
        for subset, name in self.spec['facts'].items():
            result = call('bigip_device_info', {'gather_subset': [subset]})
            if result.get('failed'):
                raise Broken(f'bigip_device_info {subset}: {result.get("msg")}')
            listed = result.get(subset.replace('-', '_'))
            names = [item.get('name') for item in listed or [] if isinstance(item, dict)]
            if name not in names:
                raise Broken(f'bigip_device_info {subset}: {name} is not among {names}')

    def refused(self):
        """What a device without the module, the licence or the hardware does not do: the module has to say so."""
        result = call(self.module, self.spec.get('create', {}))
        if not result.get('failed'):
            raise Broken(f'expected a refusal, found {json.dumps(result)[:500]}')
        message = str(result.get('msg', ''))
        if re.search(self.spec['refused'], message) is None:
            raise Broken(f'expected a refusal that says {self.spec["refused"]!r}, found {message!r}')
        raise Refused(message)

    def answer(self):
        result = self.run_module(self.spec.get('create', {}), self.spec.get('changed'))
        if not matches(self.spec['answer'], result):
            raise Broken(f'expected {self.spec["answer"]}, found {json.dumps(result)[:1200]}')

    def life(self):
        spec = self.spec
        create = spec['create']
        lasting = spec.get('lasting', False)
        # What is a part of something that stays: its path answers before and after, too.
        alone = 'path' in spec and not spec.get('singular', False)
        if spec.get('check', True):
            yield 'check mode', lambda: self.run_module(create, True, check=True)
            if not lasting and alone:
                yield 'check mode changes nothing', self.absent
        yield 'create', lambda: self.run_module(create, True)
        if 'read' in spec:
            yield 'read', lambda: self.read(spec['read'])
        if 'facts' in spec:
            yield 'list', self.facts
        yield 'again', lambda: self.run_module(create, False)
        if 'change' in spec:
            change = {**create, **spec['change']}
            yield 'change', lambda: self.run_module(change, True)
            if 'changed' in spec:
                yield 'read the change', lambda: self.read(spec['changed'])
            yield 'change again', lambda: self.run_module(change, False)
        if not lasting:
            for module, args in (list(each.items())[0] for each in spec.get('before_delete', [])):
                yield f'prepare the delete with {module}', lambda module=module, args=args: self.prepare(module, args)
            remove = spec.get('delete', {**create, 'state': 'absent'})
            yield 'delete', lambda: self.run_module(remove, True)
            if alone:
                yield 'is gone', self.absent
            yield 'delete again', lambda: self.run_module(remove, False)
