import { grammarError } from '../../errors/device-error.ts';
import { invalidValue } from '../../errors/mcp.ts';
import { parseAddress } from '../../names/address.ts';
import { formatEndpoint, parseEndpoint, parsePort } from '../../names/service.ts';
import type { Session } from '../../session/session.ts';
import type { ConfigObject } from '../../store/object.ts';
import { givenItems } from '../fields/items.ts';
import { appService } from '../fields/app-service.ts';
import { asText, text } from '../fields/scalars.ts';
import { defineKind } from '../kind.ts';
import { enabledFlags, gtmMonitorRule, trafficLimits } from './fields.ts';

/** `10.0.0.5:80`; also `/Common/10.0.0.5:80` and service names, as clients send them. */
function readDestination(value: unknown): string {
  const given = asText(value, 'destination');
  const endpoint = parseEndpoint(given.slice(given.lastIndexOf('/') + 1));
  const address = endpoint === undefined ? undefined : parseAddress(endpoint.host, 0);
  if (endpoint === undefined || address === undefined) {
    throw invalidValue('destination', value);
  }
  const host = address.routeDomain === 0 ? address.ip : `${address.ip}%${address.routeDomain}`;
  return formatEndpoint(host, endpoint.port);
}

/** Pool members on it are checked again. */
function touchMembers(virtual: ConfigObject, session: Session): void {
  [...session.store.find('gtm-member-on', `${virtual.scope} ${virtual.name}`)].forEach((member) =>
    session.touch(member),
  );
}

/**
 * Virtual servers of a GTM server (fact sheet 8.13): named freely, also by a path. One that a pool member is on cannot
 * go: the member would be left without (`01070224`).
 */
export const serverVirtualKind = defineKind({
  path: 'gtm/server/virtual-servers',
  type: 'virtual server',
  naming: 'flat',
  inline: 'virtualServers',
  fields: [
    appService(),
    text('description'),
    { name: 'destination', parse: readDestination },
    enabledFlags(),
    text('explicitLinkName', { default: 'none', since: '14.1' }),
    ...trafficLimits(),
    gtmMonitorRule(false),
    text('translationAddress', { default: 'none' }),
    {
      name: 'translationPort',
      default: 0,
      parse: (value) => {
        const port = parsePort(asText(value, 'translation-port'));
        if (port === undefined) {
          throw invalidValue('translation-port', value);
        }
        return port;
      },
    },
    {
      name: 'dependsOn',
      tail: true,
      parse: (value) => {
        const items = givenItems(value, 'depends-on').map(({ name }, at) => ({ name, dependOrder: at }));
        return items.length === 0 ? undefined : items;
      },
    },
  ],
  hooks: {
    alias: (fullPath) => (fullPath.includes('~') ? fullPath.replaceAll('~', '/') : undefined),
    prepare: ({ values }) => {
      if (values['destination'] === undefined) {
        throw grammarError('"destination" must be specified');
      }
    },
    removed: touchMembers,
  },
});
