"""Works everything that f5-sdk offers below tm.{ltm,net,gtm,sys,auth,cm,shared}; tm.util and shared are in extras."""

from distutils.version import LooseVersion

from f5.bigip import ManagementRoot
from icontrol.exceptions import iControlUnexpectedHTTPError

import extras
import files
from driver import CA, HOST, PASSWORD, PORT, USER, Driver
from specs import spec_of
from walk import walk

driver = Driver('f5-sdk')
bigip = ManagementRoot(HOST, USER, PASSWORD, port=PORT, token=True, verify=CA)
TREES = ('ltm', 'net', 'gtm', 'sys', 'auth', 'cm', 'shared')


def container_of(found, made):
    """The live object that a class hangs on. Parents that are resources are made; `made` gets them."""
    if found.parent is None:
        return bigip.tm
    parent = found.parent
    place = container_of(parent, made)
    if parent.base != 'resource':
        return getattr(place, parent.attribute)
    spec = spec_of(parent)
    owner = spec.find(place, parent) if spec.existing else spec.make(bigip, place, parent, 'owner')
    made.append((spec, owner))
    return owner


def counters(entries):
    """The names of the counters anywhere in statistics."""
    nested = [value['nestedStats']['entries'] for value in entries.values() if 'nestedStats' in value]
    own = [name for name, value in entries.items() if 'value' in value or 'description' in value]
    return own + [name for each in nested for name in counters(each)]


class Subject:
    """One class under test: how to reach it, its table of parameters, and its operations."""

    def __init__(self, found):
        self.found = found
        self.spec = spec_of(found)
        self.resource = found.path
        self.group = found.path.split('/')[0]
        self.made = []
        self.object = None

    def planned(self):
        skipped = set(self.spec.without)
        return [name for name in self.operations() if name not in skipped]

    def operations(self):
        if self.found.base == 'organizing':
            return ['list']
        if self.found.base == 'collection':
            return ['list']
        if self.found.base == 'unnamed':
            names = ['load'] + (['modify', 'modify again', 'update'] if self.spec.modify else [])
            return names if not self.found.commands else []
        if self.spec.empty:
            return ['list']
        changes = ['modify', 'modify again', 'update'] if self.spec.modify else []
        whole = ['load', 'exists', 'list'] + changes + (['stats'] if self.spec.stats else [])
        return whole if self.spec.existing else ['create', 'create again'] + whole + ['delete']

    def place(self):
        return container_of(self.found, self.made)

    def fresh(self):
        """An object of the class that stands for nothing yet."""
        return getattr(self.place_now, self.found.attribute)

    def run(self):
        for operation in self.planned():
            action = getattr(self, operation.replace(' ', '_'))
            driver.attempt(self.resource, operation, action)
        for spec, owner in reversed(self.made):
            try:
                if not spec.existing:
                    owner.delete()
            except Exception:  # pylint: disable=broad-except
                pass  # what could not be made is not there
        self.spec.tidy(bigip)

    @property
    def place_now(self):
        if not hasattr(self, '_place'):
            self._place = self.place()
        return self._place

    def create(self):
        self.spec.prepare(bigip)
        params = self.spec.params(self.found, 'drive1')
        self.object = self.spec.create_in(self.place_now, self.found, params)
        for name, value in self.spec.checked(params).items():
            assert getattr(self.object, name, None) == value, '{} is {!r}'.format(name, getattr(self.object, name, None))

    def create_again(self):
        params = self.spec.params(self.found, 'drive1')
        try:
            self.spec.create_in(self.place_now, self.found, params)
        except iControlUnexpectedHTTPError as error:
            if self.object is None:
                raise
            assert error.response.status_code == self.spec.again, error
        else:
            assert self.spec.again == 200, 'made twice'

    def load(self):
        if self.found.base == 'unnamed':
            self.object = getattr(self.place_now, self.found.attribute).load()
            return
        loaded = self.fresh().load(**self.spec.key(self.found, 'drive1', self.object))
        assert self.object is None or loaded.selfLink == self.object.selfLink
        self.object = loaded

    def exists(self):
        key = self.spec.key(self.found, 'drive1', self.object)
        # Of what could not be made or read, the answer to that tells more than "no".
        if self.object is None:
            self.fresh().load(**key)
        assert self.fresh().exists(**key)
        absent = self.spec.absent(key)
        assert absent is None or not self.fresh().exists(**absent)

    def list(self):
        if self.found.base == 'resource' and self.object is None and not self.spec.empty:
            self.place_now.get_collection()
            raise LookupError('nothing was made that could be listed')
        if self.found.base == 'resource':
            links = [each.selfLink for each in self.place_now.get_collection()]
            if not self.spec.empty:
                assert self.object.selfLink in links, '{} is not in {}'.format(self.object.selfLink, links)
        else:
            place = getattr(self.place(), self.found.attribute)
            assert isinstance(place.get_collection(), list)

    def modify(self):
        self.need()
        self.object.modify(**self.spec.modify)
        self.object.refresh()
        for name, value in self.spec.changed().items():
            assert getattr(self.object, name, None) == value, '{} is {!r}'.format(name, getattr(self.object, name, None))

    def modify_again(self):
        self.need()
        before = self.object.attrs
        self.object.modify(**self.spec.modify)
        self.object.refresh()
        after = self.object.attrs
        differ = [name for name in before if name in after and before[name] != after[name] and name != 'generation']
        assert set(before) == set(after) and set(differ) <= set(self.spec.volatile), 'changed: {}'.format(differ)

    def need(self):
        """Reads what could not be made, so that the reason is told again."""
        if self.object is None:
            self.fresh().load(**self.spec.key(self.found, 'drive1', None))

    def update(self):
        self.need()
        self.object.update(**self.spec.updates())
        self.object.refresh()
        for name, value in self.spec.changed().items():
            assert getattr(self.object, name, None) == value, '{} is {!r}'.format(name, getattr(self.object, name, None))

    def stats(self):
        assert counters(self.object.stats.load().entries), 'no counters'

    def delete(self):
        self.need()
        link = self.object.selfLink
        self.object.delete()
        if self.spec.slashed:
            assert link not in [each.selfLink for each in self.place_now.get_collection()]
        else:
            assert not self.fresh().exists(**self.spec.key(self.found, 'drive1', None))


def offered(found):
    """Whether the SDK itself lets this release have the class."""
    version = LooseVersion(bigip.tmos_version)
    while found is not None:
        if version < LooseVersion(found.minimum):
            return False
        found = found.parent
    return True


def subjects():
    """Every class but collections that have a class for their items, each place once."""
    found = [each for tree in TREES for each in walk(getattr(bigip.tm, tree), None, tree) if not each.misplaced and offered(each)]
    items = {each.path for each in found if each.base == 'resource'}
    seen = set()
    for each in found:
        if each.base == 'other' or (each.base == 'collection' and each.path in items) or (each.path, each.base) in seen:
            continue
        seen.add((each.path, each.base))
        subject = Subject(each)
        if subject.planned():
            yield subject


files.upload(bigip)
everything = list(subjects())
more = extras.all_extras(bigip)
for subject in everything:
    driver.plan(subject.group, subject.resource, subject.planned())
for extra in more:
    driver.plan(extra.group, extra.resource, [name for name, _ in extra.steps])
for subject in everything:
    subject.run()
for extra in more:
    for name, action in extra.steps:
        driver.attempt(extra.resource, name, action)
