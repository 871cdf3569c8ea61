import { TclError, type Command } from '../tcl/index.ts';
import type { Collection, Flow } from './flow.ts';

/** Most bytes that `HTTP::collect` waits for when it names no length (K: what rules are advised to collect at most). */
const ALL = 1024 * 1024;

/** Bytes of a text: those that it names, or UTF-8 if it has letters beyond them. */
export function bytesOf(text: string): Buffer {
  const bytes = Buffer.from(text, 'latin1');
  return bytes.toString('latin1') === text ? bytes : Buffer.from(text, 'utf8');
}

function count(text: string): number {
  if (!/^\d{1,9}$/v.test(text)) throw new TclError(`expected integer but got "${text}"`);
  return Number(text);
}

function replace(into: Collection, [offset = '0', length = '0', text = '']: readonly string[]): string {
  const from = Math.min(count(offset), into.payload.length);
  const to = Math.min(from + count(length), into.payload.length);
  into.payload = Buffer.concat([into.payload.subarray(0, from), bytesOf(text), into.payload.subarray(to)]);
  return '';
}

/** `payload`, `payload length`, `payload SIZE`, `payload OFFSET SIZE`, `payload replace OFFSET LENGTH TEXT`. */
function payload(of: Collection, [action, ...args]: readonly string[]): string {
  switch (action) {
    case undefined:
      return of.payload.toString('latin1');
    case 'length':
      return String(of.payload.length);
    case 'replace':
      return replace(of, args);
    // Bodies have the framing that fits them, whatever a rule asks for.
    case 'rechunk':
    case 'unchunk':
      return '';
    default: {
      const from = args[0] === undefined ? 0 : count(action);
      return of.payload.subarray(from, from + count(args[0] ?? action)).toString('latin1');
    }
  }
}

/** Lets bytes pass, the first `length` or all, and stops to wait for more. */
function release(of: Collection, length: string | undefined): string {
  const end = length === undefined ? of.payload.length : Math.min(count(length), of.payload.length);
  of.passing = Buffer.concat([of.passing, of.payload.subarray(0, end)]);
  of.payload = of.payload.subarray(end);
  of.wanted = undefined;
  return String(end);
}

function inHttp(flow: Flow): Collection {
  if (flow.request === undefined) throw new TclError('command is not valid in the current event context');
  return flow.body;
}

/** What rules collect: bodies of HTTP, and bytes of a side of the connection. */
export const payloadCommands: Readonly<Record<string, (flow: Flow) => Command>> = {
  'HTTP::collect':
    (flow) =>
    ([length]) => {
      inHttp(flow).wanted = length === undefined ? ALL : count(length);
      return '';
    },
  'HTTP::payload': (flow) => (args) => payload(inHttp(flow), args),
  'HTTP::release': (flow) => () => {
    inHttp(flow).wanted = undefined;
    return '';
  },
  'TCP::collect':
    (flow) =>
    ([length]) => {
      flow.tcp[flow.side].wanted = length === undefined ? 1 : count(length);
      return '';
    },
  'TCP::payload': (flow) => (args) => payload(flow.tcp[flow.side], args),
  'TCP::release':
    (flow) =>
    ([length]) =>
      release(flow.tcp[flow.side], length),
  'TCP::respond':
    (flow) =>
    ([text = '']) => {
      flow.hands.send(flow.side, bytesOf(text));
      return '';
    },
};
