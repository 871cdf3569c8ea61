import type { Ref } from '../../ir/ref.ts';
import { descriptorOf } from '../../ir/objects.ts';
import { kindOf, pathOf } from '../../ir/ref.ts';

/** A refusal in a device's words: `01020036:3: The requested Pool (/P/web) was not found.` */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  /** The object of the unit that the refusal is about. */
  readonly ref: Ref;
  /** The device is not as the plan assumed: it is there already, or gone. */
  readonly stale: boolean;

  constructor(ref: Ref, message: string, { status = 400, stale = false } = {}) {
    super(message);
    this.ref = ref;
    this.status = status;
    this.stale = stale;
  }
}

/** 409: what is to be created exists. */
export function alreadyExists(ref: Ref): Refused {
  const text = `01020066:3: The requested ${title(ref)} (${pathOf(ref)}) already exists.`;
  return new Refused(ref, text, { status: 409, stale: true });
}

/** 404: what is to be changed or removed is not there. */
export function notFound(ref: Ref): Refused {
  return new Refused(ref, missingText(ref), { status: 404, stale: true });
}

/** 404 for something that `ref` needs; the plan is at fault, not out of date. */
export function missingReference(ref: Ref, needed: Ref): Refused {
  return new Refused(ref, missingText(needed), { status: 404 });
}

/** 400: somebody uses it. Monitors and nodes have words of their own (facts 7.2). */
export function inUse(ref: Ref, user: Ref): Refused {
  const path = pathOf(ref);
  const texts: Readonly<Partial<Record<string, string>>> = {
    monitor: `01070083:3: Monitor ${path} is in use.`,
    node: `01070110:3: Node address '${path}' is referenced by a member of pool '${pathOf(user)}'.`,
  };
  const usual = `01070265:3: The ${title(ref)} (${path}) cannot be deleted because it is in use by a ${title(user)} (${pathOf(user)}).`;
  return new Refused(ref, texts[kindOf(ref)] ?? usual);
}

/** 400: the device holds an address once per route domain, whatever the partition. */
export function addressTaken(ref: Ref, kind: 'node' | 'virtual-address', address: string): Refused {
  const text =
    kind === 'node'
      ? `0107003b:3: Pool member node and existing node cannot use the same IP Address (${address}).`
      : `0107176c:3: Invalid Virtual Address, the IP address ${address} already exists.`;
  return new Refused(ref, text);
}

function missingText(ref: Ref): string {
  return `01020036:3: The requested ${title(ref)} (${pathOf(ref)}) was not found.`;
}

/** `Virtual Server`, `Pool`, `Node`. */
function title(ref: Ref): string {
  return descriptorOf(kindOf(ref)).noun.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());
}
