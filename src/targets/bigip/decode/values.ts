import type { Address } from '../../../ir/address.ts';
import type { FullPath } from '../../../ir/ref.ts';
import type { DeviceContext, Json } from '../request.ts';
import { parseAddress, printAddress } from '../../../ir/address.ts';

/** What decoding may know beside the body. */
export interface DecodeContext extends DeviceContext {
  /** Addresses of virtual addresses that are not named by their address: a destination shows the name only. */
  readonly virtualAddresses?: ReadonlyMap<FullPath, Address>;
  /** Gives one copy of texts that many objects share, so that a large snapshot stays small. */
  readonly share?: (text: string) => string;
}

/** An answer of the device that is not what its documentation says. Names object, field and what was found. */
export class UnreadableAnswer extends Error {
  override readonly name = 'UnreadableAnswer';
}

/** A property as text; numbers are printed. Undefined if absent, empty or of another type. */
export function textOf(body: Json, property: string): string | undefined {
  const value = body[property];
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A reference to another object: `none` and blanks around it mean nothing. */
export function pathIn(body: Json, property: string, context: DecodeContext): FullPath | undefined {
  const value = textOf(body, property)?.trim();
  return value === undefined || value === 'none' ? undefined : absolute(value, context);
}

/** Names without a leading slash stand in `/Common` (facts 2.1). */
export function absolute(name: string, { share }: DecodeContext): FullPath {
  const path = name.startsWith('/') ? name : `/Common/${name}`;
  return share === undefined ? path : share(path);
}

/** A property as a number; numbers come as texts too (facts 3.3). Undefined if absent or none. */
export function numberOf(body: Json, property: string): number | undefined {
  const value = body[property];
  if (typeof value === 'number') return value;
  return typeof value === 'string' && /^\d+$/.test(value.trim()) ? Number(value) : undefined;
}

/** A list of objects; names alone count as `{ name }`. Missing, `none` and `[]` are all empty (facts 3.4). */
export function listOf(body: Json, property: string): readonly Json[] {
  const value = body[property];
  if (!Array.isArray(value)) return [];
  return value.map((item: unknown) => (typeof item === 'object' && item !== null ? (item as Json) : { name: item }));
}

/** The items of an expanded sub-collection. */
export function itemsOf(body: Json, reference: string): readonly Json[] {
  const value = body[reference];
  return typeof value === 'object' && value !== null ? listOf(value as Json, 'items') : [];
}

/** A full path and the port behind it: `/P/10.0.0.1:80`, `/P/2001:db8::1.80`, `/P/web1:any`; undefined without one. */
export function splitPort(text: string): { readonly path: string; readonly port: number } | undefined {
  const at = Math.max(text.lastIndexOf(':'), text.lastIndexOf('.'));
  const port = text.slice(at + 1);
  if (at < 0 || !/^(\d{1,5}|any)$/.test(port)) return undefined;
  return { path: text.slice(0, at), port: port === 'any' ? 0 : Number(port) };
}

/** The full path of an object in a list: `fullPath`, or `partition` and `name`, or a name in `/Common`. */
export function itemPath(item: Json, context: DecodeContext): FullPath | undefined {
  const name = textOf(item, 'fullPath') ?? textOf(item, 'name');
  if (name === undefined) return undefined;
  const partition = textOf(item, 'partition');
  if (name.startsWith('/') || partition === undefined) return absolute(name, context);
  const folder = textOf(item, 'subPath');
  return absolute(folder === undefined ? `/${partition}/${name}` : `/${partition}/${folder}/${name}`, context);
}

/**
 * Reads an address as the device prints it: `any` and `any6`, and `%n` of the partition's default route domain left
 * out, which reads with a partition filter leave out by themselves (facts 2.5).
 */
export function addressOf(text: string, context: DeviceContext): Address | undefined {
  const address = parseAddress(text.trim().replace(/^any(6?)(?=%|$)/, (_, six) => (six === '' ? '0.0.0.0' : '::')));
  if (address === undefined || address.routeDomain !== context.defaultRouteDomain) return address;
  return { ip: address.ip };
}

/**
 * A name that is an address with `%n` of the partition's default route domain is the name without it: devices print
 * both. `%0` where 0 is the default anyway is part of the name (recorded: `10.2.3.5%0` beside `10.2.3.5`).
 */
function normalName(name: string, context: DeviceContext): string {
  const suffix = `%${context.defaultRouteDomain}`;
  if (context.defaultRouteDomain === 0 || !name.endsWith(suffix)) return name;
  const address = parseAddress(name);
  return address === undefined ? name : printAddress({ ip: address.ip });
}

/** {@link normalName} for the last element of a full path. */
export function normalPath(path: FullPath, context: DeviceContext): FullPath {
  const at = path.lastIndexOf('/') + 1;
  const name = path.slice(at);
  const normal = normalName(name, context);
  return normal === name ? path : path.slice(0, at) + normal;
}

/** Whether the device made the object by itself and keeps it read-only: FQDN nodes (`_auto_`), system's (`_sys_`). */
export function isDevicesOwn(body: Json): boolean {
  const name = textOf(body, 'name') ?? '';
  return body['ephemeral'] === 'true' || name.startsWith('_auto_') || name.startsWith('_sys_');
}
