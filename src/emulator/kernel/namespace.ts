import { readdir, readlink, stat } from 'node:fs/promises';

/** What is looked at; tests bring their own. */
export interface NamespaceFacts {
  readonly platform: string;
  /** The network namespace of this process, `net:[4026531840]`. */
  readonly own: string | undefined;
  /** That of the machine's first process; undefined when it may not be read. */
  readonly first: string | undefined;
  /** Those that `ip netns add` made. */
  readonly named: readonly string[];
}

const folder = '/run/netns';

async function linkOf(process: string): Promise<string | undefined> {
  return readlink(`/proc/${process}/ns/net`).catch(() => undefined);
}

async function namedNamespaces(): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const known = await stat(`${folder}/${name}`).catch(() => undefined);
      return known === undefined ? [] : [`net:[${known.ino}]`];
    }),
  );
  return found.flat();
}

/** What this machine says. */
export async function namespaceFacts(): Promise<NamespaceFacts> {
  const [own, first, named] = await Promise.all([linkOf('self'), linkOf('1'), namedNamespaces()]);
  return { platform: process.platform, own, first, named };
}

/** Why the kernel is not to be touched here, in words; undefined when this is a namespace made for it. */
export function refusal({ platform, own, first, named }: NamespaceFacts): string | undefined {
  if (platform !== 'linux' || own === undefined) {
    return 'the kernel can be configured on Linux only';
  }
  if (first === own) {
    return "this is the machine's own network namespace: run it in one of its own (ip netns exec NAME ...)";
  }
  if (first === undefined && !named.includes(own)) {
    return `cannot tell whether this is the machine's own network namespace: run it in a named one (ip netns exec NAME ...)`;
  }
  return undefined;
}
