/** Headers that speak of one connection: HTTP/2 has none of them (RFC 9113 8.2.2). */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]);

/** Whether a header (in small letters) is there in both, HTTP/1 and HTTP/2. */
export function isEndToEnd(name: string): boolean {
  return !name.startsWith(':') && !HOP_BY_HOP.has(name);
}
