import type { Address } from '../../../ir/address.ts';
import type { AddressDecision, RefusedPort } from './address-decision.ts';
import type { Entry } from './address-entry.ts';
import type { Plot } from './address-space.ts';
import type { Family } from './ip-range.ts';
import type { ExtractOptions } from './options.ts';
import type { Claimer, Port, Slots } from './slots.ts';
import { printAddress } from '../../../ir/address.ts';
import { describeOwner } from '../model.ts';
import { addressesOf, wishDiagnostics } from './address-entry.ts';
import { familySuffix } from './names.ts';
import { Problems } from './problems.ts';
import { claimOf, isJoint, winnerOf } from './slots.ts';

/** Losers that a winner is told by name. */
const NAMED_MAX = 3;

const OTHER_WAY = { Service: 'or spec.loadBalancerIP', Ingress: 'or ingress.address of the source' } as const;

/** Says what an owner has, from what the book holds. */
export function decide(entry: Entry, slots: Slots, options: ExtractOptions): AddressDecision {
  const problems = new Problems(entry.record, options);
  problems.take(wishDiagnostics(entry));
  const addresses = addressesOf(entry);
  const refused: RefusedPort[] = [];
  for (const address of addresses) {
    for (const port of entry.ports) {
      const conflict = { entry, address, port, claimers: slots.claimers(address, port) };
      if (!slots.wins(entry, address, port)) refused.push({ address, protocol: port.protocol, port: port.port });
      reportConflict(conflict, problems);
    }
  }
  for (const [family, plots] of entry.plots) {
    if (!entry.given.has(family)) reportMissing({ entry, family, plots, options }, problems);
  }
  const frozen = entry.wish.kind === 'unclear';
  return {
    addresses,
    refused,
    diagnostics: problems.list,
    ...(frozen ? { frozen } : {}),
  };
}

interface Conflict {
  readonly entry: Entry;
  readonly address: Address;
  readonly port: Port;
  /** Oldest first. */
  readonly claimers: readonly Claimer[];
}

function reportConflict({ entry, address, port, claimers }: Conflict, problems: Problems): void {
  const winner = winnerOf(claimers);
  if (winner === undefined || claimers.length === 1) return;
  const own = claimOf(entry, port);
  if (winner.key !== entry.key && isJoint(winner, own)) return;
  const losers =
    winner.key === entry.key
      ? claimers.filter(({ key }) => key !== entry.key).filter((claimer) => !isJoint(claimer, own))
      : [];
  if (winner.key === entry.key && losers.length === 0) return;
  const where = `${printAddress(address)} port ${port.port}/${port.protocol}`;
  const field = entry.wish.kind === 'explicit' ? { field: entry.wish.field } : {};
  if (winner.key !== entry.key) {
    problems.add({
      code: 'address-conflict',
      text: `${where} belongs to ${describeOwner(winner.key)}, which is older; expected an address and port of its own`,
      detail: 'There is no virtual server for this port. Choose another address or port, or remove the other one.',
      ...field,
    });
    return;
  }
  const unnamed = losers.length - NAMED_MAX;
  const more = unnamed > 0 ? ` and ${unnamed} more` : '';
  const named = losers.slice(0, NAMED_MAX).map(({ key }) => describeOwner(key));
  problems.add({
    code: 'address-conflict',
    severity: 'warning',
    text: `${where} is also asked for by ${named.join(', ')}${more}, refused because this one is older`,
    ...field,
  });
}

interface Missing {
  readonly entry: Entry;
  readonly family: Family;
  readonly plots: readonly Plot[];
  readonly options: ExtractOptions;
}

function reportMissing({ entry, family, plots, options }: Missing, problems: Problems): void {
  if (plots.length > 0) {
    const used = plots.map(({ pool, free }) => `${pool} (${free.size} of ${free.size} used)`);
    problems.add({
      code: 'address-pool-exhausted',
      text: `no ${family} address is free in ${plots.length > 1 ? 'address pools' : 'address pool'} ${used.join(', ')}`,
      detail: 'It gets the next address that becomes free, oldest first. Make the pool larger, or name an address.',
    });
    return;
  }
  const isOnly = entry.given.size === 0;
  problems.add({
    code: 'address-pool-missing',
    severity: isOnly ? 'error' : 'warning',
    text: `no address pool with IP${familySuffix(family)} addresses is open to namespace ${entry.record.namespace}`,
    detail: `Expected an entry in addressPools of the configuration, the annotation ${options.annotationPrefix}address, ${OTHER_WAY[entry.record.kind]}.`,
  });
}
