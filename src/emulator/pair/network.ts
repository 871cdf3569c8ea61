import type { Receiver } from './links.ts';
import type { Link } from './messages.ts';

/** A device on a network. */
export interface Host extends Receiver {
  readonly id: string;
  readonly managementIp: string;
}

/**
 * The management network of emulators in one process: `add-to-trust` finds the others by their `managementIp`. Hosts
 * can be cut off from each other, as by a broken cable.
 */
export class EmulatorNetwork {
  readonly #hosts = new Set<Host>();
  readonly #cut = new Set<string>();

  /** A host joins. */
  add(host: Host): void {
    this.#hosts.add(host);
  }

  /** A host is gone: it answers nobody any more. */
  remove(host: Host): void {
    this.#hosts.delete(host);
  }

  /** Cuts the connection between two addresses. */
  cut(one: string, other: string): void {
    this.#cut.add(pairKey(one, other));
  }

  /** Mends all that was cut. */
  heal(): void {
    this.#cut.clear();
  }

  /** The way from a host to the one with an address or an id; undefined when nobody has it. */
  link(from: Host, to: { readonly address: string } | { readonly id: string }): Link | undefined {
    const isMeant = (host: Host): boolean => ('id' in to ? host.id === to.id : host.managementIp === to.address);
    const host = [...this.#hosts].find((each) => each !== from && isMeant(each));
    return host === undefined ? undefined : this.#linkTo(from, host.id);
  }

  /** The way to whoever has an id when something is sent: a device that started again is another host with the same id. */
  #linkTo(from: Host, id: string): Link {
    return {
      send: async (message) => {
        const to = [...this.#hosts].find((host) => host.id === id);
        if (to === undefined || !this.#isUp(from, to)) {
          throw new Error('it cannot be reached');
        }
        return to.receive(message, this.#linkTo(to, from.id));
      },
    };
  }

  #isUp(one: Host, other: Host): boolean {
    const isHere = this.#hosts.has(one) && this.#hosts.has(other);
    return isHere && !this.#cut.has(pairKey(one.managementIp, other.managementIp));
  }
}

function pairKey(one: string, other: string): string {
  return [one, other].sort().join(' ');
}
