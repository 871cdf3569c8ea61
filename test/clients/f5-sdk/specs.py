"""With which parameters each class is made and changed. The default serves most: a name, and a description."""

from tables import TABLE


class Spec:
    """The parameters of one class."""

    def __init__(self, create=None, modify=None, existing=None, partition='Common', name=None, stats=False, without=(),
                 again=409, volatile=(), unchecked=(), load=None, needs=(), update=None, empty=False):
        self.create = create or {}
        self.modify = {'description': 'changed'} if modify is None else modify
        self.existing = existing
        self.partition = partition
        self.name = name
        # The SDK looks for no object with a slash in its name.
        self.slashed = '/' in (name or '')
        self.stats = stats
        self.without = without
        self.again = again
        self.volatile = volatile
        self.unchecked = unchecked
        self.more_load = load or {}
        self.needs = needs
        self.more_update = update or {}
        self.empty = empty
        self._needed = []

    def prepare(self, bigip):
        """Makes what this one points at."""
        for place, params in self.needs:
            target = bigip.tm
            for part in place.split('.'):
                target = getattr(target, part)
            if not target.exists(**{k: v for k, v in params.items() if k in ('name', 'partition')}):
                self._needed.append(target.create(**params))

    def tidy(self, _bigip):
        """Removes it again."""
        for each in reversed(self._needed):
            each.delete()
        self._needed = []

    def params(self, _found, suffix):
        params = dict(self.create)
        params.setdefault('name', self.name or suffix)
        if self.partition and 'partition' not in params:
            params['partition'] = self.partition
        return params

    def checked(self, params):
        """What a new object has to repeat."""
        plain = {k: v for k, v in params.items() if isinstance(v, (str, int)) and k not in self.unchecked}
        return {k: v for k, v in plain.items() if not isinstance(v, bool)}

    def changed(self):
        return {k: v for k, v in self.modify.items() if k not in self.unchecked}

    def updates(self):
        return dict(self.modify, **self.more_update)

    def key(self, found, suffix, _made):
        if self.existing:
            return dict(self.existing)
        params = self.params(found, suffix)
        key = {k: params[k] for k in ('name', 'partition', 'subPath') if k in params}
        key.update(self.more_load)
        return key

    def absent(self, key):
        """The key of an object that is not there."""
        return dict(key, name='not-there') if isinstance(key.get('name'), str) else None

    def create_in(self, place, found, params):
        return getattr(place, found.attribute).create(**params)

    def make(self, bigip, place, found, suffix):
        self.prepare(bigip)
        return self.create_in(place, found, self.params(found, suffix))

    def find(self, place, found):
        return getattr(place, found.attribute).load(**self.existing)


def spec_of(found):
    """The spec of a class: its row of the table, or the default."""
    return Spec(**TABLE.get(found.path, {}))
