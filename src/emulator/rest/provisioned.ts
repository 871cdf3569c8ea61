import { publicPathNotRegistered } from '../errors/restjavad.ts';
import type { Device } from '../session/device.ts';

/** Modules whose paths are there only while they are provisioned. */
const gated = new Set(['gtm']);

/** Whether a module is provisioned. */
export function isProvisioned(module: string, { store }: Pick<Device, 'store'>): boolean {
  return (store.lookup('sys/provision', module)?.values['level'] ?? 'none') !== 'none';
}

/**
 * Refuses a path of a module that is not provisioned: its workers are not registered then, so that the answer is
 * restjavad's 404 (`Public URI path not registered: /tm/gtm/...`, as seen with a public client).
 */
export function requireProvisioned(segments: readonly string[], device: Device): void {
  const [module = ''] = segments;
  if (!gated.has(module)) {
    return;
  }
  if (!isProvisioned(module, device)) {
    throw publicPathNotRegistered(`/tm/${segments.join('/')}`);
  }
}
