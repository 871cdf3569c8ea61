import { invalidValue } from '../../errors/mcp.ts';
import { parseAddress } from '../../names/address.ts';
import { formatEndpoint, parseEndpoint } from '../../names/service.ts';
import type { Field } from '../field.ts';
import { asText } from '../fields/scalars.ts';

/** Reads one side of a destination: `*` stays, services become numbers. */
function normal(text: string): string | undefined {
  if (text === '*' || text === '*:*' || parseAddress(text, 0) !== undefined) {
    return text;
  }
  if (text.endsWith(':*') || text.endsWith('.*')) {
    return parseAddress(text.slice(0, -2), 0) === undefined ? undefined : text;
  }
  const endpoint = parseEndpoint(text);
  if (endpoint === undefined || (endpoint.host !== '*' && parseAddress(endpoint.host, 0) === undefined)) {
    return undefined;
  }
  return formatEndpoint(endpoint.host, endpoint.port);
}

/**
 * Where a monitor probes: `*:*` (the member), `*:80`, `1.1.1.1:389`, `2001::1.80`, for icmp an address alone (fact sheet
 * 8.7). Ports are printed as numbers.
 */
export function monitorDestination(initial: string): Field {
  return {
    name: 'destination',
    default: initial,
    parse: (value) => {
      const given = value === null ? '' : asText(value, 'destination').trim();
      if (given === '' || given === 'none') {
        return undefined;
      }
      const read = normal(given);
      if (read === undefined) {
        throw invalidValue('destination', value);
      }
      return read;
    },
  };
}
