import type { HostUse } from '../model-ingress.ts';
import type { ObjectKey } from '../model.ts';
import type { Claimer } from './slots.ts';
import { compareText } from '../../../ir/compare-text.ts';
import { Relation } from '../../../plan/relation.ts';
import { ingressKeys } from '../model-ingress.ts';
import { compareAge } from './slots.ts';

/** A TLS host of a front that an Ingress asks for, and the Secret that it has for it. */
export interface WantedHost extends HostUse {
  readonly secret: ObjectKey;
}

type Claim = Claimer & WantedHost;

/** Who has a TLS host of a front: the oldest Ingress that asks for it; its Secret is the one that answers there. */
export class TlsHosts {
  /** Oldest first. */
  readonly #claims = new Map<string, readonly Claim[]>();
  readonly #slotsOf = new Relation<ObjectKey, string>();

  /** The hosts that a Secret serves, sorted. */
  of(secret: ObjectKey): readonly HostUse[] {
    return [...this.#slotsOf.of(secret)].sort(compareText).map((slot) => {
      const [front = '', host = ''] = slot.split(' ');
      return { front, host };
    });
  }

  /** Of these hosts those that an older Ingress serves with another Secret: `host ns/name`. */
  lost(hosts: readonly WantedHost[]): readonly string[] {
    const lost = hosts.flatMap((host) => {
      const winner = this.#claims.get(slotOf(host))?.[0];
      return winner === undefined || winner.secret === host.secret ? [] : [`${host.host} ${winner.key}`];
    });
    return [...new Set(lost)].sort(compareText);
  }

  /** What an Ingress asks for has changed; gives the keys of model-ingress.ts whose values may have changed. */
  move(claimer: Claimer, before: readonly WantedHost[], after: readonly WantedHost[]): readonly string[] {
    const wanted = new Map(after.map((host) => [slotOf(host), host]));
    const slots = new Set([...before.map(slotOf), ...wanted.keys()]);
    const touched = [...slots].flatMap((slot) => this.#moveOne(slot, claimer, wanted.get(slot)));
    return [...new Set([ingressKeys.rivals(claimer.key), ...touched])];
  }

  #moveOne(slot: string, claimer: Claimer, wanted: WantedHost | undefined): readonly string[] {
    const before = this.#claims.get(slot) ?? [];
    const others = before.filter(({ key }) => key !== claimer.key);
    const after = wanted === undefined ? others : [...others, { ...wanted, ...claimer }].sort(compareAge);
    if (after.length === 0) this.#claims.delete(slot);
    else this.#claims.set(slot, after);
    const [lost, won] = [before[0], after[0]];
    if (lost?.key === won?.key && lost?.secret === won?.secret) return [];
    return [...after.map(({ key }) => ingressKeys.rivals(key)), ...this.#give(slot, lost?.secret, won?.secret)];
  }

  #give(slot: string, before: ObjectKey | undefined, after: ObjectKey | undefined): readonly string[] {
    if (before === after) return [];
    if (before !== undefined) this.#slotsOf.remove(before, slot);
    if (after !== undefined) this.#slotsOf.add(after, slot);
    return [before, after].flatMap((secret) => (secret === undefined ? [] : [ingressKeys.hosts(secret)]));
  }
}

/** The same text for the same host of the same front. */
export function slotOf({ front, host }: HostUse): string {
  return `${front} ${host}`;
}
