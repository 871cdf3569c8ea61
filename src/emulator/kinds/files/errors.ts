import { mcpError, type DeviceError } from '../../errors/device-error.ts';

/** `0107134a`: something points at a file object that is not there. */
export function fileMissing(path: string): DeviceError {
  return mcpError(`0107134a:3: File object by name (${path}) is missing.`);
}

/** `01071349`: a delete of a file object that something points at. */
export function fileInUse(path: string): DeviceError {
  return mcpError(`01071349:3: File object by name (${path}) is in use.`);
}

/** A `sourcePath` at which nothing was uploaded (K). */
export function sourceMissing(path: string): DeviceError {
  return mcpError(`01070712:3: file (${path}) expected to exist.`);
}

/** A file that is no certificate, no key, or a key that its passphrase does not open (K). The content is not repeated. */
export function unreadable(what: 'certificate' | 'private key', path: string): DeviceError {
  return mcpError(`01070712:3: unable to validate ${what}, unable to load ${what} from file (${path})`);
}
