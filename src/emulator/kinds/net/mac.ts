/** A MAC address in lower case with two digits a part, as devices print it; undefined for anything else. */
export function readMac(text: string): string | undefined {
  const parts = text.split(/[:\-]/v);
  const known = parts.length === 6 && parts.every((part) => /^[0-9a-f]{1,2}$/iv.test(part));
  return known ? parts.map((part) => part.toLowerCase().padStart(2, '0')).join(':') : undefined;
}
