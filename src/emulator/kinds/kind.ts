import type { DeviceError } from '../errors/device-error.ts';
import type { Identity } from '../names/full-path.ts';
import type { Device } from '../session/device.ts';
import type { User } from '../auth/users.ts';
import type { Session } from '../session/session.ts';
import type { ConfigObject } from '../store/object.ts';
import type { Version } from '../version/version.ts';
import type { RenderOptions } from '../view/render.ts';
import type { Field } from './field.ts';

/** How objects of a kind are named: in folders, by bare name, or there is just one without a name. */
export type Naming = 'folder' | 'flat' | 'singleton';

/** An object on its way into the store; hooks may change `values`. */
export interface Draft {
  readonly kind: Kind;
  /** Full path of the parent for items of a sub-collection, else empty. */
  readonly scope: string;
  readonly identity: Identity;
  /** Only what differs from being unset. */
  readonly values: Record<string, unknown>;
  /** Names of the fields that the body held. */
  readonly given: ReadonlySet<string>;
  /** The object as it was; undefined at creation. */
  readonly before: ConfigObject | undefined;
}

/** The box that stock objects are of. */
export interface Box {
  readonly hostname: string;
  readonly managementIp?: string;
  readonly version: Version;
  /** Modules provisioned besides `ltm`. */
  readonly modules?: readonly string[];
  /** Users that it starts with. */
  readonly users?: readonly User[];
}

/** An object that exists on an empty box. */
export interface StockObject {
  readonly name: string;
  readonly partition?: string;
  /** Full path of the parent, for an item of a sub-collection. */
  readonly scope?: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** What makes a kind more than a list of fields. All run inside a unit of work, which undoes everything on an error. */
export interface Hooks {
  /** The identity of a new object out of its body; the default reads name, partition and subPath. */
  identify?: (body: Readonly<Record<string, unknown>>, session: Session, scope: string) => Identity;
  /** A name in a URI that was not found as it stands: another spelling of it. */
  alias?: (fullPath: string, session: Session) => string | undefined;
  /** The full path that a segment of a URI names, when it is spelt in a way of this kind. */
  fromSegment?: (segment: string) => string;
  /** The segment that stands for an object in links; the default is its full path. */
  toSegment?: (object: ConfigObject, device: Device) => string;
  /** What stands between the parentheses in errors; the default is the full path. */
  describe?: (scope: string, identity: Identity) => string;
  /** The error for a URI of an object that is not there; the default is `01020036`. */
  missing?: (fullPath: string, scope: string) => DeviceError;
  /** An error that a create answers although it was carried out: a bug of some releases that clients live with. */
  misleadingReply?: (object: ConfigObject, device: Device) => DeviceError | undefined;
  /** Before the object is stored: derive values, create what comes along, check what mcpd checks at once. */
  prepare?: (draft: Draft, session: Session) => void;
  /** After it was stored. */
  stored?: (object: ConfigObject, before: ConfigObject | undefined, session: Session) => void;
  /** Before a delete: refuse it. */
  beforeDelete?: (object: ConfigObject, session: Session) => void;
  /** After a delete. */
  removed?: (object: ConfigObject, session: Session) => void;
  /** At the end of the unit, for each object that it touched and that still exists. */
  check?: (object: ConfigObject, session: Session) => void;
  /** At the end of the unit, for each object that it deleted. */
  gone?: (object: ConfigObject, session: Session) => void;
  /** The error for deleting `object` while `by` points at it. */
  inUse?: (object: ConfigObject, by: ConfigObject) => DeviceError;
  /** Last touch on the printed object: values that come from elsewhere, such as a member's health. */
  decorate?: (
    rendered: Record<string, unknown>,
    object: ConfigObject,
    options: RenderOptions,
  ) => Record<string, unknown>;
  /** Further index entries, as [index, key]. */
  indexes?: (object: ConfigObject) => readonly (readonly [string, string])[];
}

/** A kind of object: everything that the generic code needs to know of it. */
export interface KindSpec {
  /** Path of the collection under `/mgmt/tm`: `ltm/pool`, `ltm/pool/members`. */
  readonly path: string;
  /** As errors print it: `Pool`, `Virtual Server`. */
  readonly type: string;
  readonly naming?: Naming;
  readonly fields: readonly Field[];
  /** Name space shared with other kinds: `profile`, `monitor`. */
  readonly class?: string;
  /** Values not set come from the object that `defaultsFrom` names. */
  readonly inherits?: boolean;
  /** Monitors: `generation` is always 0. */
  readonly noGeneration?: boolean;
  readonly subs?: readonly Kind[];
  /** For a sub-collection: the property of the parent's body that replaces all of it. */
  readonly inline?: string;
  /** A list of them makes all of them anew: what it does not say of an item is not kept. */
  readonly madeAnew?: true;
  readonly stock?: readonly StockObject[] | ((box: Box) => readonly StockObject[]);
  /** From this release a PUT that holds read-only properties is refused (fact sheet 4). */
  readonly strictPutSince?: string;
  /** Commands that a POST to the collection runs, by the name in `command` (fact sheet 5.1). */
  readonly commands?: Readonly<Record<string, (body: Readonly<Record<string, unknown>>, session: Session) => void>>;
  /** Objects make the folder that they are in. */
  readonly ownFolder?: boolean;
  /** What a create makes instead of an object of this kind: `sys crypto key` makes a file of `sys/file/ssl-key`. */
  readonly makes?: (body: Readonly<Record<string, unknown>>, session: Session) => ConfigObject;
  /** Path of the kind whose objects are meant by URIs of this one: of `sys/crypto/key` it is `sys/file/ssl-key`. */
  readonly standsFor?: string;
  /**
   * Whether its objects point only at what is in `/Common` and in their own partition (`01070726`); default: what is below
   * `ltm`.
   */
  readonly confined?: boolean;
  /** Whether administrators alone write its objects, wherever they are; default: what is below `net`, `cm` and `auth` (K). */
  readonly restricted?: boolean;
  /** Items that follow from what they are below: no configuration of their own, so that none is printed or saved. */
  readonly derived?: boolean;
  /** Error for `fixed` kinds: no creation, no deletion through REST. */
  readonly fixed?: boolean;
  readonly hooks?: Hooks;
}

/** A kind with what is computed from its spec. */
export interface Kind extends KindSpec {
  readonly naming: Naming;
  readonly class: string;
  readonly hooks: Hooks;
  readonly confined: boolean;
  readonly restricted: boolean;
  readonly subs: readonly Kind[];
  /** `tm:ltm:pool:pool`, to be followed by `state`, `collectionstate`, `stats`. */
  readonly label: string;
  /** Fields by every JSON name that sets them. */
  readonly byName: ReadonlyMap<string, Field>;
  /** Fields with a foreign key. */
  readonly foreignKeys: readonly Field[];
}

/** Completes a spec. */
export function defineKind(spec: KindSpec): Kind {
  const byName = new Map<string, Field>();
  for (const field of spec.fields) {
    for (const name of field.flags ?? [field.name]) {
      byName.set(name, field);
    }
  }
  const last = spec.path.slice(spec.path.lastIndexOf('/') + 1);
  return {
    ...spec,
    naming: spec.naming ?? 'folder',
    class: spec.class ?? spec.path,
    hooks: spec.hooks ?? {},
    confined: spec.confined ?? spec.path.startsWith('ltm/'),
    restricted: spec.restricted ?? /^(?:net|cm|auth)\//v.test(spec.path),
    subs: spec.subs ?? [],
    label: `tm:${spec.path.replaceAll('/', ':')}:${last}`,
    byName,
    foreignKeys: spec.fields.filter((field) => field.reference !== undefined),
  };
}
