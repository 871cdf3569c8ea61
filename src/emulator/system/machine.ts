import { cpus, freemem, totalmem } from 'node:os';
import type { Device } from '../session/device.ts';
import { base, below, busy, page, stat, stats, type Json } from './pages.ts';
import type { SystemResource } from './system-resource.ts';

const serial = '00000000-0000-0000-0000-000000000000';

/** `/sys/hardware` of a virtual edition (fact sheet 8.17). */
const hardwareResource = page('sys/hardware', (_device, uri) => ({
  ...below(`${uri}/hardware-version`, {
    cpus: stats({ hardwareType: 'base-board', model: cpus()[0]?.model ?? 'virtual', tmName: 'cpus' }),
  }),
  ...below(`${uri}/platform`, {
    0: stats({ baseMac: '02:00:00:00:00:01', biosRev: 'virtual', marketingName: 'BIG-IP Virtual Edition' }),
  }),
  ...below(`${uri}/system-info`, {
    0: stats({
      bigipChassisSerialNum: serial,
      hostBoardSerialNum: ' ',
      platform: 'Z100',
      switchBoardSerialNum: ' ',
    }),
  }),
}));

/** Bytes of memory: of the machine that the emulator runs on; its own share stands for that of the traffic process. */
function memory(): Readonly<Record<string, number>> {
  const { rss } = process.memoryUsage();
  return {
    memoryTotal: totalmem(),
    memoryUsed: totalmem() - freemem(),
    swapTotal: 0,
    swapUsed: 0,
    tmmMemoryTotal: totalmem(),
    tmmMemoryUsed: rss,
  };
}

/** `/sys/memory` in the recorded form. */
const memoryResource = page('sys/memory', (_device, uri) => below(`${uri}/memory-host`, { 0: stats(memory()) }));

/** `/sys/host-info` in the recorded form: one line a processor. */
const hostInfoResource = page('sys/host-info', (_device, uri) => {
  const lines = cpus().map((_, at) => [at, stats({ oneMinAvgSystem: busy() })] as const);
  const info = below(`${base}sys/hostInfo/0/cpuInfo`, Object.fromEntries(lines));
  const { memoryTotal = 0, memoryUsed = 0 } = memory();
  return {
    [`${uri}/0`]: {
      nestedStats: {
        entries: {
          activeCpuCount: stat(cpus().length),
          cpuCount: stat(cpus().length),
          ...info,
          hostId: stat('0'),
          memoryTotal: stat(memoryTotal),
          memoryUsed: stat(memoryUsed),
        },
      },
    },
  };
});

const registrationKey = 'EMULA-TORXX-XXXXX-XXXXX-XXXXXXX';

/** `/sys/license`: the box counts as licensed, for its release (fact sheet 8.17; other words K). */
const licenseResource = page('sys/license', (device, uri) => ({
  [`${uri}/0`]: stats({
    licensedOnDate: '2020/01/01',
    licensedVersion: device.version.full,
    platformId: 'Z100',
    registrationKey,
    serviceCheckDate: '2020/01/01',
  }),
}));

/** `/sys/connection`: what `show sys connection` prints when there is none (K). */
const connectionResource: SystemResource = {
  path: 'sys/connection',
  get: (device) => ({
    kind: 'tm:sys:connection:connectionstats',
    selfLink: `${base}sys/connection?ver=${device.version.full}`,
    apiRawValues: { apiAnonymous: 'Sys::Connections\nTotal records returned: 0\n' },
  }),
};

/** `/sys/performance/all-stats`: a line for each thing that is measured (form recorded for its parts on 15.1). */
const performanceResource = page('sys/performance/all-stats', (_device, uri) => {
  const line = (name: string, title: string, value: number): Json => ({
    [`${uri}/${encodeURIComponent(name)}`]: stats({
      [title]: name,
      Average: String(value),
      Current: String(value),
    }),
  });
  const { memoryTotal = 1, memoryUsed = 0 } = memory();
  return {
    ...line('Utilization', 'System CPU Usage', busy()),
    ...line('Other Memory Used', 'Memory Used', Math.round((memoryUsed / memoryTotal) * 100)),
  };
});

/** `/tm/shared/licensing/...`: what was registered (fact sheet 8.17; `activation` has nothing going on, K). */
function licensing(name: string, words: (device: Device) => Json): SystemResource {
  const path = `shared/licensing/${name}`;
  return {
    path,
    get: (device) => ({
      kind: `tm:${path.replaceAll('/', ':')}:${name === 'activation' ? 'activatelicenseresponse' : 'registrationlicenseresponse'}`,
      selfLink: `${base}${path}`,
      ...words(device),
    }),
  };
}

/** Pages of the machine itself: hardware, memory, licence. */
export const machineResources: readonly SystemResource[] = [
  hardwareResource,
  memoryResource,
  hostInfoResource,
  licenseResource,
  connectionResource,
  performanceResource,
  licensing('activation', () => ({ status: 'LICENSE_COMPLETE' })),
  licensing('registration', (device) => ({
    licensedVersion: device.version.full,
    platformId: 'Z100',
    registrationKey,
    vendor: 'F5 Networks, Inc.',
  })),
];
