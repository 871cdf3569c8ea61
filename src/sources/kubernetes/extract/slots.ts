import type { Address } from '../../../ir/address.ts';
import type { OwnerKey } from '../model.ts';
import type { Protocol } from '../../values/defaults.ts';
import { printAddress } from '../../../ir/address.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { placeOf } from './place-of.ts';

/** A Service or Ingress with its age: the one that comes first in {@link compareAge} wins a conflict. */
export interface Claimer {
  readonly key: OwnerKey;
  /** RFC 3339, UTC. */
  readonly since: string;
  /** Claimers with the same text here share what the oldest of them wins. Left out: it shares with nobody. */
  readonly joint?: string;
  /** Nobody knows with whom it shares: with all that share with anybody, and it does not decide who that is. */
  readonly isVague?: true;
}

/** A port and its protocol. */
export interface Port {
  readonly protocol: Protocol;
  readonly port: number;
  /** What is spoken there, where that tells who can share it. */
  readonly role?: 'http' | 'https';
}

/** Oldest first, ties by key. */
export function compareAge(a: Claimer, b: Claimer): number {
  return compareText(a.since, b.since) || compareText(a.key, b.key);
}

/**
 * Who asks for which address, port and protocol. One claimer of each has it: the oldest, with those that share with it.
 * `touch` is told of every one that may see a change.
 */
export class Slots {
  readonly #claims = new Map<string, Claimer[]>();
  readonly #touch: (key: OwnerKey) => void;

  constructor(touch: (key: OwnerKey) => void) {
    this.#touch = touch;
  }

  /** All that ask for it, oldest first. */
  claimers(address: Address, port: Port): readonly Claimer[] {
    return this.#claims.get(slotKey(address, port)) ?? [];
  }

  /** Whether this one has, or would have, the slot. */
  wins(claimer: Claimer, address: Address, port: Port): boolean {
    const claims = this.claimers(address, port);
    const winner = winnerOf(claims);
    if (winner === undefined || claims[0] === undefined) return true;
    return compareAge(claimer, claims[0]) <= 0 || isJoint(claimOf(claimer, port), winner);
  }

  add(claimer: Claimer, address: Address, port: Port): void {
    const key = slotKey(address, port);
    const claims = this.#claims.get(key) ?? [];
    const index = placeOf(claims, claimer, compareAge);
    if (claims[index]?.key === claimer.key) return;
    claims.splice(index, 0, claimOf(claimer, port));
    this.#claims.set(key, claims);
    this.#tell(claims, index);
  }

  remove(claimer: Claimer, address: Address, port: Port): void {
    const key = slotKey(address, port);
    const claims = this.#claims.get(key) ?? [];
    const index = placeOf(claims, claimer, compareAge);
    if (claims[index]?.key !== claimer.key) return;
    claims.splice(index, 1);
    if (claims.length === 0) this.#claims.delete(key);
    this.#touch(claimer.key);
    this.#tell(claims, index);
  }

  /** A new winner is news to all, a new loser to the winner and itself. */
  #tell(claims: readonly Claimer[], index: number): void {
    const decides = claims.slice(0, index).every(({ isVague }) => isVague === true);
    const affected = decides ? claims : [winnerOf(claims), claims[index]];
    for (const claimer of affected) if (claimer !== undefined) this.#touch(claimer.key);
  }
}

/** Of all that ask, oldest first, the one that decides who shares: the oldest, if it is known with whom that shares. */
export function winnerOf(claims: readonly Claimer[]): Claimer | undefined {
  const [first] = claims;
  if (first?.isVague !== true) return first;
  return claims.find((claim) => claim.isVague !== true && isJoint(claim, first)) ?? first;
}

/** What a claimer stands for at a port: who speaks TLS there does not share it with who does not. */
export function claimOf(claimer: Claimer, { role }: Port): Claimer {
  const { key, since, joint, isVague } = claimer;
  if (joint === undefined || role === undefined) return claimer;
  return { key, since, joint: `${role} ${joint}`, ...(isVague === true ? { isVague } : {}) };
}

/** Whether two claimers at a port share what the older one wins. */
export function isJoint(a: Claimer, b: Claimer): boolean {
  if (a.joint === undefined || b.joint === undefined) return false;
  if (a.isVague !== true && b.isVague !== true) return a.joint === b.joint;
  return roleOf(a.joint) === roleOf(b.joint);
}

function roleOf(joint: string): string {
  return joint.slice(0, joint.indexOf(' '));
}

function slotKey(address: Address, { protocol, port }: Port): string {
  return `${printAddress(address)} ${protocol} ${port}`;
}
