/**
 * Free text that comes from elsewhere (a device's message, a server's answer) may quote a request with its
 * credentials. Nothing of ours puts one there; this is the second line of defence.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Headers: the rest of the line is the secret, so that `Authorization: Basic YWRt…` leaves nothing behind.
  [/\b((?:proxy-)?authorization|x-f5-auth-token|(?:set-)?cookie)("?\s*[:=]\s*)("[^"]*"|[^\r\n]*)/gi, '$1$2[redacted]'],
  // `password=x`, `"password": "x"`, `passphrase x` as tmsh prints it, `token: x`.
  [
    /\b(password|passwd|passphrase|pwd|secret|token|api[-_]?key|client[-_]?secret)("?\s*[:=]\s*)("(?:[^"\\]|\\.)*"|'[^']*'|(?![{[])[^\s,;&})\]]+)/gi,
    '$1$2[redacted]',
  ],
  [/\b(password|passphrase)\s+("(?:[^"\\]|\\.)*"|\$M\$\S+)/gi, '$1 [redacted]'],
  [/\b(Basic|Bearer)\s+[A-Za-z0-9._~+/=-]{8,}/g, '$1 [redacted]'],
  // Credentials in a URL.
  [/(\w+:\/\/)[^/\s@]+@/g, '$1[redacted]@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '[redacted private key]'],
];

/** The text without what looks like a credential. */
export function redact(text: string): string {
  return PATTERNS.reduce((result, [pattern, replacement]) => result.replace(pattern, replacement), text);
}
