"""Runs a playbook twice by ansible-playbook, as people do: the second run changes nothing."""

import json
import os
import pathlib
import re
import subprocess
import sys

from driver import HOST, PASSWORD, PORT, USER

RESOURCE = 'ansible-playbook'


class Playbook:
    """A playbook and its two runs."""

    def __init__(self, driver, file, scratch):
        self.driver = driver
        self.file = file
        self.scratch = scratch

    def plan(self):
        self.driver.plan('playbook', RESOURCE, ['first run', 'second run', 'removal'])

    def run(self):
        self._tell('first run', [], lambda counts: counts['changed'] > 0)
        self._tell('second run', [], lambda counts: counts['changed'] == 0)
        self._tell('removal', ['--extra-vars', 'state=absent'], lambda counts: counts['changed'] > 0)

    def _tell(self, operation, more, wanted):
        done = self._play(more)
        recap = re.search(r'^localhost\s*:(.*)$', done.stdout, re.MULTILINE)
        counts = {name: int(count) for name, count in re.findall(r'(\w+)=(\d+)', recap.group(1))} if recap else {}
        if done.returncode == 0 and counts.get('failed') == 0 and counts.get('ok', 0) > 0 and wanted(counts):
            self.driver.told(RESOURCE, operation, 'passed')
            return
        changed = re.findall(r'^TASK \[(.*)\].*\n(?:changed|fatal): (.*)', done.stdout, re.MULTILINE)
        self.driver.told(RESOURCE, operation, 'failed', f'{counts} {changed[-8:]} {done.stderr[-400:]}'[:1500])

    def _play(self, more):
        provider = {
            'server': HOST, 'server_port': PORT, 'user': USER, 'password': PASSWORD,
            'validate_certs': True, 'no_f5_teem': True,
        }
        settings = self.scratch / 'provider.json'
        settings.write_text(json.dumps({'provider': provider}), encoding='utf-8')
        program = pathlib.Path(sys.executable).with_name('ansible-playbook')
        environment = {
            **os.environ,
            'ANSIBLE_NOCOLOR': 'True',
            'ANSIBLE_HOME': str(self.scratch / 'ansible'),
            'ANSIBLE_LOCALHOST_WARNING': 'False',
            'ANSIBLE_PYTHON_INTERPRETER': sys.executable,
            'LC_ALL': 'C.UTF-8',
        }
        command = [str(program), '-i', 'localhost,', '-c', 'local', '--extra-vars', f'@{settings}', *more, str(self.file)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
