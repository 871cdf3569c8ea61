import type { Kind } from '../../kinds/kind.ts';
import type { ConfigObject } from '../../store/object.ts';
import { findComponent, propertiesOf, unexpectedArgument } from '../names.ts';
import { printObject, type Printing } from '../print-object.ts';
import { findNamed, objectsIn, select, type View } from './selection.ts';

const switches = new Set(['all-properties', 'non-default-properties', 'one-line', 'recursive', 'current-module']);

/** What the words of a `list` ask for. */
export interface ListRequest {
  readonly objects: readonly ConfigObject[];
  readonly properties: ReadonlySet<string>;
  readonly options: ReadonlySet<string>;
}

function kindsBelow(words: readonly string[], view: View): readonly Kind[] {
  const path = words.join('/');
  const { kinds } = view.device;
  const below = kinds.all.filter((kind) => kind.path.startsWith(`${path}/`) && !kinds.parents.has(kind.path));
  if (below.length === 0) {
    throw unexpectedArgument(words[0] ?? '');
  }
  return below;
}

/** Reads the words behind `list` and the like: component, names or patterns, properties, switches. */
export function readListRequest(words: readonly string[], view: View): ListRequest {
  const options = new Set(words.filter((word) => switches.has(word)));
  const rest = words.filter((word) => !options.has(word));
  const seen: View = options.has('recursive') ? { ...view, recursive: true } : view;
  const component = findComponent(rest, view.device.kinds);
  if (component === undefined) {
    const objects = kindsBelow(rest, view).flatMap((kind) => objectsIn(kind, seen));
    return { objects, properties: new Set(), options };
  }
  const { kind, used } = component;
  const table = propertiesOf(kind, view.device.version);
  const properties = new Set<string>();
  const named: ConfigObject[] = [];
  let isNamed = kind.naming === 'singleton';
  for (const word of rest.slice(used)) {
    if (table.has(word) && (isNamed || findNamed(kind, word, view) === undefined)) {
      properties.add(word);
    } else if (kind.naming === 'singleton') {
      throw unexpectedArgument(word);
    } else {
      named.push(...select(kind, word, seen));
      isNamed = true;
    }
  }
  const all = kind.naming === 'singleton' || !isNamed;
  return { objects: all ? objectsIn(kind, seen) : named, properties, options };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/gv, ' ');
}

/** `list`: objects in the configuration language, as they are seen from a folder. */
export function list(words: readonly string[], view: View): string {
  const { objects, properties, options } = readListRequest(words, view);
  const printing: Printing = {
    device: view.device,
    show: options.has('all-properties') ? 'all' : 'set',
    folder: view.folder,
    ...(properties.size === 0 ? {} : { only: properties, show: 'all' as const }),
  };
  const texts = objects.map((object) => printObject(object, printing));
  return texts.map((text) => `${options.has('one-line') ? oneLine(text) : text}\n`).join('');
}
