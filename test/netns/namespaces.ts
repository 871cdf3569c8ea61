import { execFileSync } from 'node:child_process';

/** Runs `ip`; throws with its words. */
export function ip(...args: readonly string[]): string {
  return execFileSync('ip', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/**
 * Network namespaces around one switch: `hub` is the switch, each other one has an interface `net0` on it. Names start
 * with the prefix of the run, so that runs beside each other do not meet.
 */
export class Namespaces {
  readonly #made: string[] = [];
  readonly #prefix: string;

  constructor(prefix: string) {
    this.#prefix = prefix;
    this.#add('hub');
    ip('-n', this.name('hub'), 'link', 'add', 'name', 'switch', 'type', 'bridge');
    ip('-n', this.name('hub'), 'link', 'set', 'dev', 'switch', 'up');
  }

  name(short: string): string {
    return `${this.#prefix}${short}`;
  }

  /** Makes one on the switch; with an address on `net0`, or without, for someone else to give it one. */
  add(short: string, address?: string): string {
    const name = this.#add(short);
    const hub = this.name('hub');
    ip('link', 'add', 'name', short, 'netns', hub, 'type', 'veth', 'peer', 'name', 'net0', 'netns', name);
    ip('-n', hub, 'link', 'set', 'dev', short, 'master', 'switch', 'up');
    if (address !== undefined) {
      ip('-n', name, 'address', 'add', address, 'dev', 'net0');
      ip('-n', name, 'link', 'set', 'dev', 'net0', 'up');
    }
    return name;
  }

  /** Takes all of them away, with what is in them. */
  remove(): void {
    for (const name of this.#made.splice(0).toReversed()) ip('netns', 'del', name);
  }

  #add(short: string): string {
    const name = this.name(short);
    ip('netns', 'add', name);
    this.#made.push(name);
    ip('-n', name, 'link', 'set', 'lo', 'up');
    return name;
  }
}
