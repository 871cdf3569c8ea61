"""
Drives the modules of f5networks.f5_modules, unmodified.

A process for each of their calls takes a second; so all run in this one, with the arguments put where ansible-core's own
support for tests puts them (ansible.module_utils.testing). Nothing else of Ansible or of the collection is touched.
playbook.py runs some of them as people do, by ansible-playbook.
"""

import pathlib
import sys

import yaml
from ansible_collections.f5networks.f5_modules.plugins import modules

from driver import Driver, SCRATCH
from files import substitute
from playbook import Playbook
from scenario import Scenario

HERE = pathlib.Path(__file__).parent


def collected():
    """Every module of the collection that is for a BIG-IP."""
    folder = pathlib.Path(next(iter(modules.__path__)))
    return sorted(path.stem for path in folder.glob('bigip_*.py'))


def read(driver, chosen):
    """The scenarios by group and module."""
    for file in sorted((HERE / 'scenarios').glob('*.yml')):
        text = substitute(file.read_text(encoding='utf-8'))
        for module, specs in (yaml.safe_load(text) or {}).items():
            if not chosen or module in chosen:
                listed = specs if isinstance(specs, list) else [specs]
                yield file.stem, module, [Scenario(module, spec, driver) for spec in listed]


def main(chosen):
    """`chosen`: only these modules."""
    driver = Driver('f5_modules')
    plans = list(read(driver, chosen))
    for group, module, scenarios in plans:
        driver.plan(group, module, [name for each in scenarios for name, _work in each.operations()])
    known = set((HERE / 'not-driven.txt').read_text(encoding='utf-8').split())
    missing = [] if chosen else sorted(set(collected()) - {module for _group, module, _scenarios in plans} - known)
    for module in missing:
        driver.plan('no scenario', module, ['run'])
    playbook = None if chosen else Playbook(driver, HERE / 'playbook.yml', pathlib.Path(SCRATCH))
    if playbook is not None:
        playbook.plan()
    for _group, _module, scenarios in plans:
        for each in scenarios:
            each.run()
    if playbook is not None:
        playbook.run()


main(sys.argv[1:])
