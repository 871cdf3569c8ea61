import { sslCertKind } from '../kinds/files/ssl-cert.ts';
import { sslKeyKind } from '../kinds/files/ssl-key.ts';
import type { Kind } from '../kinds/kind.ts';
import { encodeSegment, qualify } from '../names/full-path.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { linkHost, versioned } from '../view/links.ts';
import type { SystemResource } from './system-resource.ts';

type Json = Record<string, unknown>;

/** What `sys crypto` lists of the files of a kind. */
function listing(path: string, kind: Kind, facts: (file: ConfigObject) => Json): SystemResource {
  const label = `tm:${path.replaceAll('/', ':')}:${path.slice(path.lastIndexOf('/') + 1)}`;
  const shown = (file: ConfigObject, device: Device): Json => ({
    kind: `${label}state`,
    name: file.name,
    partition: file.partition,
    fullPath: file.fullPath,
    generation: file.generation,
    selfLink: versioned(`${linkHost}${path}/${encodeSegment(file.fullPath)}`, device),
    ...facts(file),
  });
  return {
    path,
    get: (device) => ({
      kind: `${label}collectionstate`,
      selfLink: versioned(`${linkHost}${path}`, device),
      items: [...device.store.collection(kind).list()].map((file) => shown(file, device)),
    }),
    item: (segment, device) => {
      const file = device.store.get(kind, qualify(segment.replaceAll('~', '/'), '/Common'));
      return file === undefined ? undefined : shown(file, device);
    },
  };
}

function commonName(subject: unknown): string | undefined {
  return typeof subject === 'string' ? /(?:^|,)CN=([^,]*)/v.exec(subject)?.[1] : undefined;
}

/** `GET /sys/crypto/key`: the keys under `sys/file/ssl-key` (fact sheet 8.11). */
export const cryptoKeysResource = listing('sys/crypto/key', sslKeyKind, ({ values }) => ({
  keySize: values['keySize'],
  keyType: values['keyType'],
  securityType: values['securityType'] ?? 'normal',
}));

/** `GET /sys/crypto/cert`: the certificates under `sys/file/ssl-cert` (properties K). */
export const cryptoCertsResource = listing('sys/crypto/cert', sslCertKind, ({ values }) => ({
  commonName: commonName(values['subject']),
  apiRawValues: {
    certificateKeySize: String(values['certificateKeySize']),
    expiration: values['expirationString'],
    issuer: values['issuer'],
  },
}));
