/** A MAC address in lower case with two digits a part, as devices print it (`c6:d2:32:6f:8f:44`); undefined for anything else. */
export function parseMac(text: string): string | undefined {
  const parts = text.trim().split(/[:-]/);
  const isMac = parts.length === 6 && parts.every((part) => /^[0-9a-fA-F]{1,2}$/.test(part));
  if (!isMac) return undefined;
  const mac = parts.map((part) => part.toLowerCase().padStart(2, '0')).join(':');
  // A frame is sent to one station: neither to a group (the lowest bit of the first byte) nor to none.
  return Number.parseInt(mac.slice(0, 2), 16) % 2 === 1 || mac === '00:00:00:00:00:00' ? undefined : mac;
}
