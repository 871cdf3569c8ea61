import type { ParsedConfig } from '../config/parse.ts';
import type { Problem } from '../config/explain.ts';
import type { EmulatorConfig } from './emulator-schema.ts';
import { loadFile, mapFields } from '../config/load.ts';
import { parseFile } from '../config/parse.ts';
import { emulatorSchema, publishedEmulatorSchema } from './emulator-schema.ts';

const PAGE = 'docs/emulator.md';

/** Reads the text of a config file; every problem is a diagnostic with file, line, column, field, found and expected. */
export function parseEmulatorConfig(text: string, file: string): ParsedConfig<EmulatorConfig> {
  return parseFile(text, file, {
    schema: emulatorSchema,
    published: publishedEmulatorSchema,
    crossCheck,
    atLeast: `devices (${PAGE})`,
  });
}

/** Reads a config file. Paths in it come back absolute. Never throws: a file that cannot be read is a diagnostic, too. */
export async function loadEmulatorConfig(path: string): Promise<ParsedConfig<EmulatorConfig>> {
  return await loadFile(path, { parse: parseEmulatorConfig, resolvePaths, page: PAGE });
}

function resolvePaths(config: EmulatorConfig, folder: string): EmulatorConfig {
  const devices = config.devices.map((device) => ({
    ...mapFields(device, ['conf', 'state'], folder),
    tls: mapFields(device.tls, ['cert', 'key', 'caOut'], folder),
    users: device.users.map((user) => ({ ...user, password: mapFields(user.password, ['file'], folder) })),
  }));
  return { ...config, devices };
}

type Item = Readonly<Record<string, unknown>>;

function itemsOf(raw: unknown, list: string): readonly Item[] {
  const value = typeof raw === 'object' && raw !== null ? (raw as Item)[list] : undefined;
  return Array.isArray(value)
    ? value.map((item) => (typeof item === 'object' && item !== null ? (item as Item) : {}))
    : [];
}

/** Devices cannot share an address, a name or a folder; users of one device not a name. */
function crossCheck(raw: unknown): readonly Problem[] {
  const devices = itemsOf(raw, 'devices');
  const between = ['hostname', 'listen', 'state'].flatMap((field) =>
    repeated(devices, { field, path: ['devices'] }, (value) => value.endsWith(':0')),
  );
  const users = devices.flatMap((device, at) =>
    repeated(itemsOf(device, 'users'), { field: 'name', path: ['devices', at, 'users'] }, () => false),
  );
  return [...between, ...users];
}

/** Defaults that stand where a field is left out: two devices with the same one are a problem, too. */
const DEFAULTS: Readonly<Record<string, string>> = { hostname: 'bigip1.example.com', listen: '127.0.0.1:8443' };

function repeated(
  items: readonly Item[],
  { field, path }: { readonly field: string; readonly path: readonly PropertyKey[] },
  mayRepeat: (value: string) => boolean,
): readonly Problem[] {
  const first = new Map<unknown, number>();
  return items.flatMap((item, at): readonly Problem[] => {
    const value = item[field] ?? DEFAULTS[field];
    const earlier = first.get(value);
    if (typeof value !== 'string' || mayRepeat(value)) return [];
    if (earlier === undefined) {
      first.set(value, at);
      return [];
    }
    const owner = `${String(path.at(-1))}[${earlier}]`;
    const found =
      item[field] === undefined
        ? `is left out, and its default ${JSON.stringify(value)}`
        : `found ${JSON.stringify(value)} again`;
    const expected = `expected one of its own (${owner} has it)`;
    return [{ code: 'config-duplicate', path: [...path, at, field], atKey: false, text: `${found}, ${expected}` }];
  });
}
