"""Finds every class of resources that f5-sdk offers, from its own registries, so that none is forgotten."""

from f5.bigip.resource import Collection, OrganizingCollection, Resource, ResourceBase, Stats, UnnamedResource


class Found:
    """One class: where it hangs in the SDK, and in the API."""

    def __init__(self, parent, sample, attribute):
        meta = sample._meta_data
        cls = type(sample)
        self.parent = parent
        self.minimum = meta['minimum_version']
        self.commands = list(meta['allowed_commands'])
        self.has_stats = meta['object_has_stats']
        self.required = set(meta.get('required_creation_parameters', ()))
        self.kind = meta.get('required_json_kind')
        self.base = ('resource' if issubclass(cls, Resource) else
                     'collection' if issubclass(cls, Collection) else
                     'unnamed' if issubclass(cls, UnnamedResource) else
                     'organizing' if issubclass(cls, OrganizingCollection) else 'other')
        self.attribute = attribute
        # A resource stands for its collection: `ltm/pool`. Sub-collections hang below the path of their parent.
        uri = (meta['container']._meta_data if self.base == 'resource' else meta)['uri']
        self.path = '/'.join(part for part in uri.split('/mgmt/')[1].split('/') if part not in ('', 'tm', 'NAME'))
        self.sample = sample

    @property
    def misplaced(self):
        """Some classes are registered at places where their own `kind` cannot be, or below the collection of others."""
        if self.base == 'collection' and self.parent is not None and self.parent.base == 'collection':
            return True
        place = (self.kind or '').split(':')
        return self.base == 'resource' and place[0] == 'tm' and '/'.join(place[1:-1]) != self.path


def classes_below(found):
    """The classes that hang below one: its lazy attributes, those of a resource once it is loaded."""
    meta = found.sample._meta_data
    if found.base == 'resource':
        return [each for each in meta.get('attribute_registry', {}).values()]
    return list(meta.get('allowed_lazy_attributes', ()))


def walk(start, parent=None, attribute=None):
    """Everything below an attribute of the management root, depth first."""
    found = Found(parent, start, attribute)
    yield found
    seen = set()
    if found.base == 'resource':
        # What a load would do: sub-collections need the URI of their parent.
        start._meta_data['uri'] = start._meta_data['container']._meta_data['uri'] + 'NAME/'
    for cls in classes_below(found):
        if cls in seen or cls is Stats:
            continue
        seen.add(cls)
        yield from walk(cls(start), found, cls.__name__.lower())
