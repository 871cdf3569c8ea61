/** Which version of the configuration of a device group a device has: when, by the clock, and where it was made. */
export interface CommitId {
  readonly time: number;
  /** Id of the device that made it. */
  readonly origin: string;
}

/** No change and no synchronisation yet. */
export const never: CommitId = { time: 0, origin: '' };

/** Whether two commit ids are the same. */
export function sameCommit(a: CommitId, b: CommitId): boolean {
  return a.time === b.time && a.origin === b.origin;
}

/** Whether the first commit is later; of two of the same time the origin decides, so that all devices agree. */
export function isLater(a: CommitId, b: CommitId): boolean {
  return a.time === b.time ? a.origin > b.origin : a.time > b.time;
}

/** Who a device is, and where others reach it. */
export interface PeerFacts {
  /** The same as long as it runs, whatever it is called. */
  readonly id: string;
  /** Full path of its `cm/device`. */
  readonly name: string;
  readonly hostname: string;
  readonly managementIp: string;
  readonly version: string;
  readonly build: string;
  /** Base URL of its REST API. */
  readonly url: string;
  /** PEM of the certificate that it shows; undefined over plain HTTP. */
  readonly certificate?: string;
}

/** What a device has of a device group. */
export interface GroupCommit {
  /** What it has now. */
  readonly commit: CommitId;
  /** What it had at the last synchronisation: another one means changes of its own. */
  readonly base: CommitId;
}

/** What a device tells others at every message. */
export interface Hello {
  readonly facts: PeerFacts;
  readonly forcedOffline: boolean;
  /** By full path of the device group. */
  readonly groups: Readonly<Record<string, GroupCommit>>;
  /** The traffic groups that it is active for, with since when (milliseconds since the epoch). */
  readonly active: Readonly<Record<string, number>>;
  /** Its scores for the traffic groups that go by score; absent from devices of older versions. */
  readonly scores?: Readonly<Record<string, number>>;
}

/** Where an object is. */
export interface SyncedPlace {
  /** Path of its collection. */
  readonly kind: string;
  readonly scope: string;
  readonly fullPath: string;
}

/** An object on its way to another device. */
export interface SyncedObject extends SyncedPlace {
  readonly name: string;
  readonly partition?: string;
  readonly subPath?: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** The configuration of a device group: all of it, or what changed since a commit. */
export interface SyncLoad {
  readonly group: string;
  readonly commit: CommitId;
  /** Undefined: all of it; what is not in it goes. */
  readonly since?: CommitId;
  readonly objects: readonly SyncedObject[];
  readonly gone: readonly SyncedPlace[];
  /** The counter behind `vsIndex`. */
  readonly serial: number;
}

/** What devices say to each other. */
export type Message = { readonly hello: Hello } & (
  | { readonly type: 'hello' }
  /** Into the trust domain, with the credentials of an administrator of the one that is asked. */
  | {
      readonly type: 'join';
      readonly secret: string;
      readonly deviceName: string;
      readonly username: string;
      readonly password: string;
      /** The others of the domain. */
      readonly known: readonly PeerFacts[];
    }
  /** Another device has joined. */
  | { readonly type: 'meet'; readonly other: PeerFacts }
  /** Out of the trust domain. */
  | { readonly type: 'leave' }
  /** Be active for a traffic group. */
  | { readonly type: 'take'; readonly trafficGroup: string }
  /** Take over a configuration; `forced` overrides changes of one's own. */
  | { readonly type: 'sync'; readonly load: SyncLoad; readonly forced: boolean }
  | { readonly type: 'pull'; readonly group: string }
);

/** The answer to a message. */
export interface Answer {
  readonly hello: Hello;
  /** Why it was not done. */
  readonly problem?: string;
  /** To `sync`: the receiver does not have what the changes build on. */
  readonly wantsAll?: boolean;
  /** To `pull`. */
  readonly load?: SyncLoad;
}

/** A way to another device. Rejects when it cannot be reached. */
export interface Link {
  send(message: Message): Promise<Answer>;
}

const types = new Set(['hello', 'join', 'meet', 'leave', 'take', 'sync', 'pull']);

/** Whoever joins is not trusted yet. */
function isJoin(body: Readonly<Record<string, unknown>>): boolean {
  const words = ['secret', 'deviceName', 'username', 'password'].map((name) => body[name]);
  return words.every((word) => typeof word === 'string' && word !== '') && Array.isArray(body['known']);
}

/** Reads a message from another process; undefined when it is none. What is in it comes from a trusted device. */
export function readMessage(body: Readonly<Record<string, unknown>>): Message | undefined {
  const { type, hello } = body as { type?: unknown; hello?: Partial<Hello> };
  const isHello =
    typeof hello?.facts?.id === 'string' &&
    typeof hello.facts.url === 'string' &&
    typeof hello.groups === 'object' &&
    typeof hello.active === 'object';
  const isKnown = typeof type === 'string' && types.has(type);
  const isWhole = type !== 'join' || isJoin(body);
  return isKnown && isHello && isWhole ? (body as unknown as Message) : undefined;
}
