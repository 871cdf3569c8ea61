import { encodeSegment } from '../names/full-path.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';
import { parentPlace } from '../store/scope.ts';

/** Every link names `localhost`, whatever host the client used (fact sheet 0.1). */
export const linkHost = 'https://localhost/mgmt/tm/';

/** The URI of an object without query: `https://localhost/mgmt/tm/ltm/pool/~Common~p`. */
export function objectUri(object: ConfigObject, device: Device): string {
  const { kind } = object;
  const parent = device.kinds.parents.get(kind.path);
  if (parent !== undefined && object.scope !== '') {
    const last = kind.path.slice(kind.path.lastIndexOf('/') + 1);
    const place = parentPlace(object.scope);
    const above =
      place.scope === ''
        ? `${linkHost}${parent.path}/${encodeSegment(place.fullPath)}`
        : objectUri({ ...object, kind: parent, name: place.fullPath, ...place }, device);
    return `${above}/${last}/${kind.hooks.toSegment?.(object, device) ?? encodeSegment(object.fullPath)}`;
  }
  return kind.naming === 'singleton'
    ? `${linkHost}${kind.path}`
    : `${linkHost}${kind.path}/${encodeSegment(object.fullPath)}`;
}

/** Appends `ver=`, after the echo of the query if there is one. */
export function versioned(uri: string, device: Device, echo = ''): string {
  return `${uri}?${echo === '' ? '' : `${echo}&`}ver=${device.version.full}`;
}
