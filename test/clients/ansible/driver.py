"""
Runs modules of f5networks.f5_modules, unmodified, against a device, and prints one JSON line an operation:
{"client": "f5_modules", "resource": "<module>", "operation": "...", "outcome": "passed|failed|refused", "reason": "..."}.

A process for each module call takes a second; so all run in this one, with the arguments put where ansible-core's own
test support puts them (ansible.module_utils.testing). Nothing else of Ansible or of the collection is touched.

usage: driver.py <scenario file>... (DEVICE_URL, DEVICE_USER, DEVICE_PASSWORD in the environment)
"""

import base64
import contextlib
import importlib
import io
import json
import os
import re
import sys
import traceback
import urllib.error
import urllib.parse
import urllib.request

import yaml
from ansible.module_utils.testing import patch_module_args

MODULES = 'ansible_collections.f5networks.f5_modules.plugins.modules.'
URL = urllib.parse.urlsplit(os.environ['DEVICE_URL'])
USER = os.environ['DEVICE_USER']
PASSWORD = os.environ['DEVICE_PASSWORD']
PROVIDER = {
    'server': URL.hostname,
    'server_port': URL.port,
    'user': USER,
    'password': PASSWORD,
    'validate_certs': True,
    'no_f5_teem': True,
}


class Broken(Exception):
    """An operation that did not do what it should."""


def call(module, args, check=False):
    """Runs a module as Ansible does; gives what it answers through exit_json or fail_json."""
    given = {'provider': PROVIDER, **args, '_ansible_check_mode': check}
    printed = io.StringIO()
    with patch_module_args(given), contextlib.redirect_stdout(printed):
        try:
            importlib.import_module(MODULES + module).main()
        except SystemExit:
            pass
        except Exception:
            trace = traceback.format_exc().strip().splitlines()
            return {'failed': True, 'msg': f'{trace[-1]} at {trace[-3].strip()} {trace[-4].strip()}'}
    lines = printed.getvalue().strip().splitlines()
    if not lines:
        return {'failed': True, 'msg': 'the module printed nothing'}
    return json.loads(lines[-1])


def rest(path, method='GET', body=None):
    """One request below /mgmt/tm; gives the status and the body."""
    request = urllib.request.Request(f'{URL.geturl()}/mgmt/tm/{path}', method=method)
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
        text = error.read().decode()
        return error.code, {'message': text}


def matches(expected, found):
    """Whether a body holds what is expected of it; lists of objects may hold more than the named items."""
    if isinstance(expected, dict):
        return isinstance(found, dict) and all(
            (key not in found) if value == '<absent>' else (key in found and matches(value, found[key]))
            for key, value in expected.items()
        )
    if isinstance(expected, list) and isinstance(found, list):
        if expected and isinstance(expected[0], dict):
            return all(any(matches(item, each) for each in found) for item in expected)
        return expected == found
    return expected == found


def shorten(text):
    """The beginning and the end: of a trace the end tells most, of a refusal the beginning."""
    return text if len(text) <= 900 else f'{text[:300]} ... {text[-600:]}'


class Scenario:
    """The life of one object, or of the settings of the device, through one module."""

    def __init__(self, module, spec):
        self.module = module
        self.spec = spec
        self.broken = False

    def report(self, operation, outcome, reason=''):
        line = {'client': 'f5_modules', 'resource': self.module, 'operation': operation, 'outcome': outcome}
        if reason:
            line['reason'] = reason
        if 'title' in self.spec:
            line['title'] = self.spec['title']
        print(json.dumps(line), flush=True)

    def step(self, operation, work):
        """One operation. After a failure the ones that build on it would only repeat it: they are left out."""
        if self.broken:
            return
        try:
            work()
            self.report(operation, 'passed')
        except Broken as problem:
            self.broken = True
            self.report(operation, 'failed', shorten(str(problem)))

    def run_module(self, args, changed, check=False):
        result = call(self.module, args, check)
        if result.get('failed'):
            raise Broken(f'{self.module}: {result.get("msg")}')
        # With `aggregate`, some modules answer once for each.
        did = result.get('changed', any(each.get('changed') for each in result.get('aggregate', [])))
        if changed is not None and bool(did) is not changed:
            raise Broken(f'{self.module} says changed={result.get("changed")}: {json.dumps(result)}')
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
        if status != 404:
            raise Broken(f'GET {self.spec["path"]}: {status} {body}, expected 404')

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

    def run(self):
        spec = self.spec
        for module, args in (list(each.items())[0] for each in spec.get('before', [])):
            self.prepare(module, args)
        if 'refused' in spec:
            self.refused()
        elif 'answer' in spec:
            self.step('run', self.answer)
        else:
            self.life()
        # Cleaning up is no operation of the module; what fails here shows where the next scenario starts.
        for module, args in (list(each.items())[0] for each in spec.get('after', [])):
            self.prepare(module, args)

    def prepare(self, module, args):
        if self.broken and 'state' not in args:
            return
        if module == 'rest':
            status, body = rest(args['path'], args['method'], args.get('body'))
            if status != 200 and not self.broken:
                self.broken = True
                self.report('prepare', 'failed', f'{args["method"]} {args["path"]}: {status} {body}')
            return
        result = call(module, args)
        if result.get('failed') and not self.broken:
            self.broken = True
            self.report('prepare', 'failed', shorten(f'{module}: {result.get("msg")}'))

    def refused(self):
        """What a device without the module, the licence or the hardware does not do: the module has to say so."""
        result = call(self.module, self.spec.get('create', {}))
        message = str(result.get('msg', ''))
        wanted = self.spec.get('says', '')
        if not result.get('failed'):
            self.report('create', 'failed', f'expected a refusal, found {json.dumps(result)[:500]}')
        elif re.search(wanted, message) is None:
            self.report('create', 'failed', f'expected a refusal that says {wanted!r}, found {message[-800:]!r}')
        else:
            self.report('create', 'refused', self.spec['refused'])

    def answer(self):
        result = self.run_module(self.spec.get('create', {}), self.spec.get('changed'))
        if not matches(self.spec['answer'], result):
            raise Broken(f'expected {self.spec["answer"]}, found {json.dumps(result)[:1200]}')

    def life(self):
        spec = self.spec
        create = spec['create']
        change = {**create, **spec['change']} if 'change' in spec else None
        lasting = spec.get('lasting', False)
        if spec.get('check', True):
            self.step('check mode', lambda: self.run_module(create, True, check=True))
            if not lasting and 'path' in spec:
                self.step('check mode changes nothing', self.absent)
        self.step('create', lambda: self.run_module(create, True))
        if 'read' in spec:
            self.step('read', lambda: self.read(spec['read']))
        if 'facts' in spec:
            self.step('list', self.facts)
        self.step('again', lambda: self.run_module(create, spec.get('again', False)))
        if change is not None:
            self.step('change', lambda: self.run_module(change, True))
            if 'changed' in spec:
                self.step('read the change', lambda: self.read(spec['changed']))
            self.step('change again', lambda: self.run_module(change, spec.get('again', False)))
        if not lasting:
            self.delete(spec)

    def delete(self, spec):
        args = spec.get('delete')
        if args is None:
            args = {**spec['create'], 'state': 'absent'}
        self.step('delete', lambda: self.run_module(args, True))
        if 'path' in spec:
            self.step('is gone', self.absent)
        self.step('delete again', lambda: self.run_module(args, False))


def main(files):
    for file in files:
        with open(file, encoding='utf-8') as stream:
            for module, scenarios in (yaml.safe_load(stream) or {}).items():
                for spec in scenarios if isinstance(scenarios, list) else [scenarios]:
                    Scenario(module, spec).run()


if __name__ == '__main__':
    main(sys.argv[1:])
