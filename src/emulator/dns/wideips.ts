import { wideipKinds } from '../kinds/gtm/wideips.ts';
import type { RecordType } from '../kinds/gtm/members.ts';
import type { Device } from '../session/device.ts';
import type { ConfigObject } from '../store/object.ts';

/** The wide IPs of a name, by type of record. */
export type WideipsOfName = ReadonlyMap<RecordType, ConfigObject>;

interface Pattern {
  readonly pattern: string;
  /** Characters that are no wildcard: the more, the nearer. */
  readonly literal: number;
  readonly type: RecordType;
  readonly wideip: ConfigObject;
}

/** A name as it is compared: lower case, no dot at the end, no backslash before a wildcard (devices print `\*`). */
export function plainName(name: string): string {
  return name
    .toLowerCase()
    .replace(/\.$/v, '')
    .replace(/\\(?=[*?\[\]])/gv, '');
}

/**
 * Whether a name matches a pattern: `*` is any run of characters, dots too; `?` is one character that is no dot (tmsh
 * reference, K). Takes time in proportion to both lengths at most, whatever the pattern.
 */
export function matchesPattern(name: string, pattern: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let place = 0;
  while (at < name.length) {
    const wanted = pattern[place];
    if (wanted === '*') {
      star = place;
      resume = at;
      place += 1;
    } else if (wanted !== undefined && (wanted === name[at] || (wanted === '?' && name[at] !== '.'))) {
      place += 1;
      at += 1;
    } else if (star >= 0) {
      resume += 1;
      at = resume;
      place = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/v.test(pattern.slice(place));
}

/**
 * The zone that a wide IP's name is in: the name without its first label, and the name itself when that would be a
 * top-level domain (K).
 */
function zoneOf(name: string): string {
  const labels = name.split('.');
  return labels.length > 2 ? labels.slice(1).join('.') : name;
}

/** The wide IPs of a device by name, and the zones that they make. Built anew when one changes. */
export class Wideips {
  readonly #exact = new Map<string, Map<RecordType, ConfigObject>>();
  readonly #patterns: Pattern[] = [];
  readonly #zones = new Set<string>();
  /** Names above a wide IP and below its zone: they exist, and hold nothing. */
  readonly #between = new Set<string>();

  constructor(device: Device) {
    for (const kind of wideipKinds) {
      const type = kind.path.slice(kind.path.lastIndexOf('/') + 1) as RecordType;
      for (const wideip of device.store.collection(kind).list()) {
        this.#add(type, wideip);
      }
    }
    this.#patterns.sort((a, b) => b.literal - a.literal);
  }

  /** The wide IPs that answer for a name: of the name, of an alias, else those of the nearest wildcard, by type. */
  find(name: string): WideipsOfName {
    const asked = plainName(name);
    const found = this.#exact.get(asked);
    if (found !== undefined) {
      return found;
    }
    const nearest = this.#patterns.find(({ pattern }) => matchesPattern(asked, pattern))?.pattern;
    const matching = this.#patterns.filter(({ pattern }) => pattern === nearest);
    return new Map(matching.map(({ type, wideip }) => [type, wideip]));
  }

  /** The nearest zone that a name is in; undefined for names that are not ours. */
  zone(name: string): string | undefined {
    for (let at = plainName(name); at !== ''; at = at.includes('.') ? at.slice(at.indexOf('.') + 1) : '') {
      if (this.#zones.has(at)) {
        return at;
      }
    }
    return undefined;
  }

  /** Whether a name exists without a wide IP: a zone, or a name above a wide IP. */
  isThere(name: string): boolean {
    const asked = plainName(name);
    return this.#zones.has(asked) || this.#between.has(asked);
  }

  #add(type: RecordType, wideip: ConfigObject): void {
    const aliases = Array.isArray(wideip.values['aliases']) ? wideip.values['aliases'].map(String) : [];
    for (const name of [wideip.name, ...aliases].map(plainName)) {
      if (/[*?]/v.test(name)) {
        const literal = name.replace(/[*?]/gv, '').length;
        this.#patterns.push({ pattern: name, literal, type, wideip });
      } else {
        const types = this.#exact.get(name) ?? new Map<RecordType, ConfigObject>();
        this.#exact.set(name, types.set(type, types.get(type) ?? wideip));
      }
      this.#addZone(name);
    }
  }

  #addZone(name: string): void {
    const zone = zoneOf(name);
    if (/[*?]/v.test(zone)) {
      return;
    }
    this.#zones.add(zone);
    for (let at = name; at !== zone && at.endsWith(`.${zone}`); at = at.slice(at.indexOf('.') + 1)) {
      this.#between.add(at);
    }
  }
}
