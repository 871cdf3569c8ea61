/** What {@link isLabel} wants, for messages. */
export const LABEL_FORM = 'a name of a-z, 0-9 and - that starts and ends with a letter or digit';

/**
 * Whether a text has the characters of a Kubernetes name (RFC 1123 label). Its length is left to the API server; names
 * on the device are cut (extract/names.ts).
 */
export function isLabel(text: string): boolean {
  return /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/.test(text);
}

/** Whether a text can be the name of any object that is read (RFC 1123 subdomain, without its length). */
export function isName(text: string): boolean {
  return text.split('.').every(isLabel);
}
