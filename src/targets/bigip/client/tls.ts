import type { TlsOptions } from './options.ts';
import type { buildConnector } from 'undici';

/** The connect options of undici for these TLS options. Verification is on unless turned off by name. */
export function connectOptions(tls: TlsOptions, connectMs: number): buildConnector.BuildOptions {
  return {
    timeout: connectMs,
    rejectUnauthorized: tls.insecureSkipVerify !== true,
    ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    ...(tls.serverName === undefined ? {} : { servername: tls.serverName }),
  };
}

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_UNTRUSTED',
  'CERT_SIGNATURE_FAILURE',
]);

/**
 * Says in plain words why TLS failed and which option helps.
 * @returns undefined if the error is not about a certificate or TLS.
 */
export function explainTls(error: unknown): string | undefined {
  const { code, message } = describe(error);
  const words = `(${code}: ${message})`;
  if (UNTRUSTED.has(code)) {
    return `its certificate is not signed by a trusted CA ${words}; give the CA, or the self-signed certificate itself, as tls.caFile`;
  }
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') {
    return `its certificate is ${code === 'CERT_HAS_EXPIRED' ? 'expired' : 'not valid yet'} ${words}; renew it on the device, or check the clocks`;
  }
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
    return `its certificate is for another name ${words}; set tls.serverName to the name in the certificate`;
  }
  if (code.startsWith('ERR_SSL') || code === 'EPROTO') {
    // OpenSSL's own message is a dump of its call stack.
    return `no TLS connection (${code}); check that the port speaks https`;
  }
  if (code.startsWith('ERR_OSSL') || code.startsWith('ERR_TLS') || code.startsWith('CERT_')) {
    return `the certificate or the CA is refused ${words}; check tls.caFile`;
  }
  return undefined;
}

function describe(error: unknown): { readonly code: string; readonly message: string } {
  if (!(error instanceof Error)) return { code: '', message: String(error) };
  const code = (error as { readonly code?: unknown }).code;
  return { code: typeof code === 'string' ? code : '', message: error.message };
}
