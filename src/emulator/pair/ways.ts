import { remoteLink, urlOf } from './links.ts';
import type { Link, PeerFacts } from './messages.ts';
import type { EmulatorNetwork, Host } from './network.ts';

/** What decides how others are reached. */
interface Surroundings {
  /** Others in the same process. */
  readonly network: EmulatorNetwork | undefined;
  /** PEM of certificates to trust when a device of another process is added; undefined: those of the system. */
  readonly peerCa: string | undefined;
  readonly timeoutMs: number;
}

/** The ways to other devices: through the network of this process, else over HTTP. */
export class Ways {
  readonly #around: Surroundings;
  readonly #secret: () => string;

  /** `secret`: that of the trust domain, now. */
  constructor(around: Surroundings, secret: () => string) {
    this.#around = around;
    this.#secret = secret;
  }

  /** The way to an address; undefined for one of which nothing is known: it is of nobody here, and has no port. */
  to(from: Host, address: string): Link | undefined {
    const { network, peerCa } = this.#around;
    const local = network?.link(from, { address });
    const url = urlOf(address);
    return local !== undefined || url === undefined ? local : this.#remote(url, peerCa);
  }

  /** The way to a device whose facts are known; of one in another process its own certificate is trusted. */
  for(from: Host, facts: PeerFacts, known?: Link): Link {
    const local = this.#around.network?.link(from, { id: facts.id });
    return local ?? (facts.url === '' && known !== undefined ? known : this.#remote(facts.url, facts.certificate));
  }

  #remote(url: string, certificate: string | undefined): Link {
    const ca = certificate === undefined ? undefined : [certificate];
    return remoteLink({ url, ca, secret: this.#secret, timeoutMs: this.#around.timeoutMs });
  }
}
