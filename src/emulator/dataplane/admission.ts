import { inNetwork, parseBits } from './addresses.ts';
import type { RateLimitConfig, VirtualConfig } from './model.ts';
import type { PlaneContext, VirtualServer } from './virtual-server.ts';

/**
 * Whether a virtual server takes a new connection or flow of a client: it is enabled, the client is in `source`, and
 * neither the connection limit nor the rate limit is reached. One that is taken counts for the rate.
 */
export function admits(context: PlaneContext, virtual: VirtualServer, client: string): boolean {
  const { config } = virtual;
  if (!config.enabled || !inNetwork(client, config.source) || !virtual.hasRoom()) return false;
  const { rateLimit } = config;
  if (rateLimit === undefined) return true;
  const second = Math.floor(context.scheduler.now() / context.msPerSecond);
  return context.rates.take(rateKey(rateLimit, config, client), rateLimit.perSecond, second);
}

/** What counts together. Without `object` in its mode it is shared with other virtual servers of the same kind of limit (K). */
function rateKey(
  { mode, sourceMask, destinationMask }: RateLimitConfig,
  config: VirtualConfig,
  client: string,
): string {
  const parts = mode.split('-');
  return [
    parts.includes('object') ? config.fullPath : '',
    parts.includes('source') ? networkOf(client, sourceMask) : '',
    parts.includes('destination') ? networkOf(config.address, destinationMask) : '',
  ].join(' ');
}

/** The network of an address; 0 bits stand for the address itself (tmsh reference, `rate-limit-source-mask`). */
function networkOf(address: string, length: number): string {
  const bits = parseBits(address);
  if (bits === undefined || length === 0) return address;
  const host = BigInt(Math.max(0, (bits.family === 4 ? 32 : 128) - length));
  return `${bits.family}/${(bits.value >> host).toString(16)}`;
}
