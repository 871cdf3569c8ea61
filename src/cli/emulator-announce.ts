import { X509Certificate } from 'node:crypto';
import type { Listener } from '../emulator/index.ts';
import type { RunningDevice } from './emulator-device.ts';
import type { Io } from './io.ts';

/** The name and version of the JSON form of where the emulator is. */
const EMULATOR_FORMAT = 'fairlead.emulator/v1';
/** And of where its virtual servers listen, each time that this changes. */
const LISTENERS_FORMAT = 'fairlead.emulator.listeners/v1';

/** Tells where devices and their virtual servers are. */
export interface Announcer {
  /** Once, when all devices run. */
  readonly started: (devices: readonly RunningDevice[]) => void;
  /** Virtual servers of a device listen elsewhere than before. */
  readonly listeners: (hostname: string, listeners: readonly Listener[]) => void;
}

/** For people, or for machines: one JSON object a line. */
export function announcer(io: Io, output: string): Announcer {
  return output === 'json' ? jsonAnnouncer(io) : textAnnouncer(io);
}

function jsonAnnouncer(io: Io): Announcer {
  const line = (value: object): boolean => io.stdout.write(`${JSON.stringify(value)}\n`);
  return {
    started: (devices) => {
      const all = devices.map(deviceDocument);
      const [first] = all;
      line({ format: EMULATOR_FORMAT, ...first, user: first?.users[0], devices: all });
    },
    listeners: (hostname, listeners) => line({ format: LISTENERS_FORMAT, hostname, listeners }),
  };
}

function deviceDocument({ settings, emulator }: RunningDevice): {
  readonly url: string;
  readonly users: readonly string[];
} & Readonly<Record<string, unknown>> {
  const { hostname, tmos, users, tls, state } = settings;
  return {
    hostname,
    url: emulator.url,
    fingerprint256: fingerprint(emulator.certificate),
    tmos,
    users: users.map(({ name }) => name),
    ...(tls.caOut === undefined ? {} : { caFile: tls.caOut }),
    ...(state === undefined ? {} : { state }),
    listeners: emulator.listeners(),
  };
}

function fingerprint(certificate: string | undefined): string {
  return certificate === undefined ? '' : new X509Certificate(certificate).fingerprint256;
}

function textAnnouncer(io: Io): Announcer {
  const shown = new Map<string, readonly Listener[]>();
  return {
    started: (devices) => {
      io.stdout.write(devices.map(deviceText).join('\n'));
      const all = devices.map(({ settings, emulator }) => [settings.hostname, emulator.listeners()] as const);
      for (const [hostname, listeners] of all) shown.set(hostname, listeners);
      io.stdout.write(listenerTable(all));
      io.stdout.write('\nSIGTERM or SIGINT ends it.\n');
    },
    listeners: (hostname, listeners) => {
      const before = shown.get(hostname) ?? [];
      shown.set(hostname, listeners);
      const [gone, come] = [without(before, listeners), without(listeners, before)];
      for (const each of gone) io.stdout.write(`- ${hostname} ${listenerText(each)}\n`);
      for (const each of come) io.stdout.write(`+ ${hostname} ${listenerText(each)}\n`);
    },
  };
}

function deviceText({ settings, emulator }: RunningDevice): string {
  const { hostname, tmos, users, tls, state, openPage, dataPlane } = settings;
  const names = users.map(({ name }) => name).join(', ');
  const page = `${emulator.url}/${openPage ? ' (open: no password)' : ''}`;
  const rows: readonly (readonly [string, string | undefined])[] = [
    ['url', emulator.url],
    ['page', page],
    [users.length === 1 ? 'user' : 'users', names],
    ['fingerprint', fingerprint(emulator.certificate)],
    ['certificate', tls.caOut === undefined ? undefined : `${tls.caOut} (tls.caFile)`],
    ['state', state ?? 'in memory only'],
    ['traffic', dataPlane.enabled ? undefined : 'off: virtual servers do not listen'],
  ];
  const lines = rows.flatMap(([name, value]) => (value === undefined ? [] : [`  ${name.padEnd(13)}${value}\n`]));
  return `BIG-IP emulator ${hostname}, TMOS ${tmos}\n${lines.join('')}`;
}

function where({ address, port, problem }: Listener): string {
  if (address === undefined) return `not listening: ${problem ?? 'switched off'}`;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}

function listenerText(listener: Listener): string {
  const { virtual, destination, protocol } = listener;
  return `${virtual}  ${destination} ${protocol}  listens on ${where(listener)}`;
}

function listenerTable(all: readonly (readonly [hostname: string, listeners: readonly Listener[]])[]): string {
  const rows = all.flatMap(([hostname, listeners]) =>
    listeners.map((one) => [hostname, one.virtual, `${one.destination} ${one.protocol}`, where(one)]),
  );
  if (rows.length === 0) return '';
  const table = [['device', 'virtual server', 'destination', 'listens on'], ...rows];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => row.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ');
  return `\n${table.map((row) => `${line(row).trimEnd()}\n`).join('')}`;
}

function without(all: readonly Listener[], others: readonly Listener[]): readonly Listener[] {
  const known = new Set(others.map((each) => JSON.stringify(each)));
  return all.filter((each) => !known.has(JSON.stringify(each)));
}
