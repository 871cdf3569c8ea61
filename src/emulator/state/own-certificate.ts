import { X509Certificate } from 'node:crypto';
import type { CertificatePair } from '../options.ts';
import { selfSigned } from '../tls/self-signed.ts';
import type { State } from './state.ts';

const name = 'certificate';
const day = 86_400_000;

/** What is kept of it; other names, or an end that is near, call for a new one. */
interface Kept extends CertificatePair {
  readonly names: readonly string[];
}

function isGood({ cert, names }: Kept, wanted: readonly string[], now: number): boolean {
  return names.join() === wanted.join() && Date.parse(new X509Certificate(cert).validTo) > now + day;
}

/**
 * The self-signed certificate of the management interface for the given names. With a state it is the same at each start,
 * as on a device, so that whoever trusts it does not have to learn a new one; a new one is made a day before it ends.
 */
export function ownCertificate(state: State | undefined, names: readonly string[], now: number): CertificatePair {
  const text = state?.note(name);
  const kept = text === undefined ? undefined : (JSON.parse(text) as Kept);
  if (kept !== undefined && isGood(kept, names, now)) {
    return { cert: kept.cert, key: kept.key };
  }
  const made = selfSigned(names, now);
  state?.putNote(name, JSON.stringify({ ...made, names } satisfies Kept));
  return made;
}
