import type { FullPath } from '../../../ir/ref.ts';
import type { IngressBackend } from '../model-ingress.ts';
import type { ServicePort, ServiceRecord } from '../model.ts';
import type { Front, IngressScope } from './ingress-scope.ts';
import { ingressKeys } from '../model-ingress.ts';
import { keys } from '../model.ts';
import { portOfUse } from './cells.ts';
import { isPolicyAlone } from './codeshare.ts';
import { stackOf } from './families.ts';
import { portKey } from './names.ts';
import { poolPath } from './pool-path.ts';

/** A backend with the place where it stands: `spec.defaultBackend`. */
export interface BackendAt {
  readonly backend: IngressBackend;
  readonly field: string;
}

/** The pool behind a backend on a front; undefined: there is none, and that was told. */
export function poolOfBackend(scope: IngressScope, front: Front, at: BackendAt): FullPath | undefined {
  const { record, options, read } = scope;
  const { service: name, port } = at.backend;
  if (name === undefined) return refuseResource(scope, at);
  const service = read(keys.service(`${record.namespace}/${name}`)) as ServiceRecord | undefined;
  if (service === undefined) return missingService(scope, at);
  const found = port === undefined ? undefined : portOfUse(service, port);
  if (found === undefined) return missingPort(scope, at, service);
  return poolPath({ record: service, options, stack: stackOf(service) }, found, front.address);
}

function refuseResource(scope: IngressScope, { backend, field }: BackendAt): undefined {
  scope.problems.add({
    code: 'backend-resource',
    text: `${field}.resource is ${backend.resource ?? 'empty'}, expected a Service: resource backends cannot be served`,
    field: `${field}.resource`,
    detail: `${requestsGet(scope)}; all else of the Ingress goes on.`,
  });
  return undefined;
}

function missingService(scope: IngressScope, { backend, field }: BackendAt): undefined {
  const { problems, record, read } = scope;
  // It is there, and nobody knows which port is meant: what the device has stays.
  if (read(ingressKeys.blocked(`${record.namespace}/${backend.service}`)) === true) {
    problems.freeze({
      code: 'backend-unreadable',
      text: `${field}.service.name is ${backend.service}, a Service that cannot be understood (see what is said of it)`,
      field: `${field}.service.name`,
      detail: 'The Ingress stays as it is on the device.',
    });
    return undefined;
  }
  problems.add({
    code: 'backend-missing',
    text: `${field}.service.name is ${backend.service}, but there is no Service ${record.namespace}/${backend.service}`,
    field: `${field}.service.name`,
    detail: `${requestsGet(scope)} until it is there; all else of the Ingress goes on.`,
  });
  return undefined;
}

function missingPort(scope: IngressScope, { backend, field }: BackendAt, service: ServiceRecord): undefined {
  const isAlias = service.type === 'ExternalName';
  const ports = service.ports.filter((port) => port.protocol === 'TCP').map(printPort);
  scope.problems.add({
    code: isAlias ? 'external-name' : 'backend-port-missing',
    text: isAlias
      ? `${field}.service.name is ${backend.service}, a Service of type ExternalName, expected a type with endpoints`
      : `${field}.service.port is ${backend.port ?? 'empty'}, expected a TCP port of Service ${service.namespace}/${service.name}: ${ports.join(', ') || 'it has none'}`,
    field: `${field}.service.${isAlias ? 'name' : 'port'}`,
    detail: `${requestsGet(scope)} until it is there; all else of the Ingress goes on.`,
  });
  return undefined;
}

function printPort(port: ServicePort): string {
  const key = portKey(port);
  return key === String(port.port) ? key : `${key} (${port.port})`;
}

/** What happens to requests without a backend: a policy that stands alone has no answer of its own. */
function requestsGet({ record, options }: IngressScope): string {
  return isPolicyAlone(record, options) ? 'Requests for it are reset' : 'Requests for it are answered with 503';
}
