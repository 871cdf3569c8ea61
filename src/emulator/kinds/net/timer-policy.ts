import { invalidValue } from '../../errors/mcp.ts';
import type { Field } from '../field.ts';
import { givenItems, type GivenItem } from '../fields/items.ts';
import { reference } from '../fields/references.ts';
import { asText, text } from '../fields/scalars.ts';
import { yesNo } from './dns-resolver.ts';
import { defineKind } from '../kind.ts';

type Item = Readonly<Record<string, unknown>>;

function portIn({ name }: GivenItem): Item {
  const [low = '', high = low, ...more] = name.split('-');
  const isPort = (value: string): boolean => /^\d{1,5}$/v.test(value) && Number(value) <= 65_535;
  if (!isPort(low) || !isPort(high) || more.length > 0) {
    throw invalidValue('destination-ports', name);
  }
  return { name };
}

function timerIn({ name, more }: GivenItem): Item {
  const value = asText(more['value'] ?? 'unspecified', 'value');
  if (!/^(?:\d+|immediate|indefinite|unspecified)$/v.test(value)) {
    throw invalidValue('value', value);
  }
  return { name, value };
}

function ruleIn({ name, more }: GivenItem): Item {
  const { description, destinationPorts, ipProtocol = 'any', timers } = more;
  const ports = givenItems(destinationPorts ?? [], 'destination-ports').map(portIn);
  return {
    name,
    ...(description === undefined || description === '' ? {} : { description: asText(description, 'description') }),
    ipProtocol: asText(ipProtocol, 'ip-protocol'),
    ...(ports.length === 0 ? {} : { destinationPorts: ports }),
    timers: givenItems(timers ?? [], 'timers').map(timerIn),
  };
}

const rules: Field = {
  name: 'rules',
  tail: true,
  parse: (value) => {
    const items = givenItems(value, 'rules').map(ruleIn);
    return items.length === 0 ? undefined : items;
  },
};

/** How long flows may be idle, by protocol and port, as recorded on 13.1. */
export const timerPolicyKind = defineKind({
  path: 'net/timer-policy',
  type: 'timer policy',
  fields: [text('description'), rules],
});

/** Service policies: a timer policy for a route domain, as recorded on 13.1. */
export const servicePolicyKind = defineKind({
  path: 'net/service-policy',
  type: 'service policy',
  fields: [
    text('description'),
    reference('portMisusePolicy', { target: 'security/firewall/port-misuse-policy' }),
    reference('timerPolicy', { target: 'net/timer-policy' }),
  ],
});

/** What is refused for the protocol that it speaks on a port (K, and in part). */
export const portMisusePolicyKind = defineKind({
  path: 'security/firewall/port-misuse-policy',
  type: 'port misuse policy',
  fields: [text('description'), yesNo('dropOnL7Mismatch', 'yes'), yesNo('logOnL7Mismatch', 'no')],
});
