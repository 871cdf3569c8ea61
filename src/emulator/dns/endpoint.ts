import { formatEndpoint, parseEndpoint, type Endpoint } from '../names/service.ts';
import { textOf, type ConfigObject } from '../store/object.ts';

/** The address and port of a virtual server of `gtm` that clients are sent to. */
export function destinationOf(virtual: ConfigObject): Endpoint {
  return parseEndpoint(textOf(virtual, 'destination') ?? '') ?? { host: '', port: 0 };
}

/** Where its server and its monitors have it: the translation, when there is one. */
export function translatedOf(virtual: ConfigObject): Endpoint {
  const destination = destinationOf(virtual);
  const host = textOf(virtual, 'translationAddress');
  const port = Number(virtual.values['translationPort'] ?? 0);
  return host === undefined || host === 'none' ? destination : { host, port: port === 0 ? destination.port : port };
}

/** The same as one text, `10.0.0.5:80`. */
export function probedAt(virtual: ConfigObject): string {
  const { host, port } = translatedOf(virtual);
  return formatEndpoint(host, port);
}
