import { reference } from '../fields/references.ts';
import type { Kind } from '../kind.ts';
import { profileKind } from './profile-kind.ts';

function adaptKind(direction: 'request' | 'response', type: string): Kind {
  return profileKind({
    name: `${direction}-adapt`,
    type,
    root: `${direction}adapt`,
    defaults: {
      allowHttp_10: 'no',
      enabled: 'yes',
      previewSize: 1024,
      serviceDownAction: 'ignore',
      timeout: 0,
    },
    fields: [reference('internalVirtual', { target: 'ltm/virtual' }, { default: 'none' })],
  });
}

/** Profiles that send messages through a service of an internal virtual server, and ICAP beside them (defaults K). */
export const adaptProfileKinds: readonly Kind[] = [
  adaptKind('request', 'Request Adapt Profile'),
  adaptKind('response', 'Response Adapt Profile'),
  profileKind({
    name: 'icap',
    type: 'ICAP Profile',
    root: 'icap',
    defaults: { headerFrom: 'none', host: 'none', previewLength: 0, referer: 'none', uri: 'none', userAgent: 'none' },
  }),
];
