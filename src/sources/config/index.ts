import type { Contribution } from '../../desired/contribution.ts';
import type { GtmDatacenter } from '../../ir/gtm-datacenter.ts';
import type { GtmServer, GtmServerAddress } from '../../ir/gtm-server.ts';
import type { BigipObject } from '../../ir/objects.ts';
import type { Source } from '../source.ts';
import { canonical } from '../../ir/canonical.ts';
import { originKey } from '../../ir/origin.ts';

/** A GTM server that is to be there, and its data center. */
export interface ConfiguredServer {
  readonly datacenter: string;
  readonly name: string;
  readonly product: string;
  readonly addresses: readonly (string | ServerAddress)[];
}

interface ServerAddress {
  readonly address: string;
  readonly device?: string | undefined;
  readonly translation?: string | undefined;
}

/** What the configuration itself asks of the device: data centers and GTM servers that are to be made. Never changes. */
export function createConfigSource(name: string, servers: readonly ConfiguredServer[]): Source {
  const contributions = servers.map((server) => contributionOf(name, server));
  return {
    name,
    complete: true,
    counters: { extractions: contributions.length },
    read({ signal }) {
      signal.throwIfAborted();
      return Promise.resolve({ contributions, complete: true, diagnostics: [] });
    },
    extract(cells) {
      const wanted = new Set(cells);
      return contributions.filter(({ cell }) => wanted.has(cell));
    },
  };
}

function contributionOf(source: string, { datacenter, name, product, addresses }: ConfiguredServer): Contribution {
  const origin = originKey(source, 'Server', name);
  const place: GtmDatacenter = { kind: 'gtm-datacenter', path: `/Common/${datacenter}` };
  const box: GtmServer = {
    kind: 'gtm-server',
    path: `/Common/${name}`,
    datacenter: place.path,
    product,
    addresses: addresses.map(addressOf),
  };
  const objects: readonly BigipObject[] = [place, box].map((object) => canonical<BigipObject>(object));
  return { cell: origin, origin, since: '', objects, diagnostics: [] };
}

function addressOf(given: string | ServerAddress): GtmServerAddress {
  if (typeof given === 'string') return { address: given };
  const { address, device, translation } = given;
  return {
    address,
    ...(device === undefined ? {} : { device }),
    ...(translation === undefined ? {} : { translation }),
  };
}
