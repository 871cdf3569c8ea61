import { randomInt } from 'node:crypto';
import { numberSetting, textSetting } from '../../settings.ts';
import type { Settings } from '../../settings.ts';
import { ber, berInteger, berOid, readBer, readInteger } from '../ber.ts';
import type { BerValue } from '../ber.ts';
import { askByDatagram } from '../datagram.ts';
import type { Probe, ProbeResult } from '../probe.ts';

/** UCD-SNMP-MIB, which net-snmp speaks: idle CPU in percent, memory in kB, the first disk in percent used. */
const IDLE = '1.3.6.1.4.1.2021.11.11.0';
const MEMORY_TOTAL = '1.3.6.1.4.1.2021.4.5.0';
const MEMORY_FREE = '1.3.6.1.4.1.2021.4.6.0';
const DISK = '1.3.6.1.4.1.2021.9.1.9.1';

const GET = 0xa0;
const RESPONSE = 0xa2;
const OCTETS = 0x04;
const NULL = 0x05;

/** A GET of some objects. */
function question(settings: Settings | undefined, id: number, oids: readonly string[]): Buffer {
  const version = textSetting(settings, 'version') === 'v2c' ? 1 : 0;
  const list = oids.map((oid) => ber(0x30, berOid(oid), ber(NULL)));
  const pdu = ber(GET, berInteger(id), berInteger(0), berInteger(0), ber(0x30, ...list));
  return ber(0x30, berInteger(version), ber(OCTETS, textSetting(settings, 'community') ?? 'public'), pdu);
}

function parts(value: BerValue | undefined): readonly BerValue[] {
  return value === undefined ? [] : readBer(value.content);
}

/** The values of an answer, in the order of the question; undefined if it is not to this one. */
function readAnswer(answer: Buffer, id: number): readonly (number | undefined)[] | undefined {
  const [, , pdu] = parts(readBer(answer)[0]);
  const [number, , , list] = parts(pdu);
  if (pdu?.tag !== RESPONSE || number === undefined || readInteger(number) !== id) return undefined;
  return parts(list).map((each) => {
    const value = parts(each)[1];
    // Integers, counters and gauges have content that is a number; what is not there has none.
    return value === undefined || value.content.length === 0 || value.tag >= 0x80 ? undefined : readInteger(value);
  });
}

/** What is left of a resource below its threshold, from 0 to 1; undefined if it is not known. */
function left(used: number | undefined, threshold: number): number | undefined {
  return used === undefined || threshold <= 0 ? undefined : Math.max(0, (threshold - used) / threshold);
}

/** The load of a server, in percent used. */
export interface ServerLoad {
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  readonly disk: number | undefined;
}

/**
 * The ratio of a server by its load: what CPU, memory and disk have left below their thresholds, weighed with their
 * coefficients, of 100. At least 1 (K: the device's formula is published, its scale is not).
 */
export function dynamicRatioOf(load: ServerLoad, settings: Settings | undefined): number {
  let [sum, weight] = [0, 0];
  for (const [name, threshold, coefficient] of [
    ['cpu', 80, 1.5],
    ['memory', 70, 1],
    ['disk', 90, 2],
  ] as const) {
    const rest = left(load[name], numberSetting(settings, `${name}Threshold`, threshold));
    const factor = numberSetting(settings, `${name}Coefficient`, coefficient);
    if (rest === undefined) continue;
    sum += rest * factor;
    weight += factor;
  }
  return weight === 0 ? 1 : Math.max(1, Math.round((100 * sum) / weight));
}

const SNMP_PORT = 161;

/**
 * `snmp-dca`: reads the load of the member's host by SNMP (v1, v2c) and makes a ratio of it. It knows the objects of
 * UCD-SNMP, whatever `agentType` says.
 */
export const probeSnmpDca: Probe = async (request) => {
  const { settings } = request.monitor;
  const id = randomInt(1, 0x7fff_ffff);
  const asked = question(settings, id, [IDLE, MEMORY_TOTAL, MEMORY_FREE, DISK]);
  const at = request.monitor.destination === undefined ? { ...request.at, port: SNMP_PORT } : request.at;
  return await askByDatagram({ ...request, at }, asked, (answer): ProbeResult | undefined => {
    const values = readAnswer(answer, id);
    if (values === undefined) return undefined;
    const [idle, total, free, disk] = values;
    const memory = total === undefined || free === undefined || total <= 0 ? undefined : 100 - (100 * free) / total;
    const cpu = idle === undefined ? undefined : 100 - idle;
    if (cpu === undefined && memory === undefined && disk === undefined) return 'failure';
    return { dynamicRatio: dynamicRatioOf({ cpu, memory, disk }, settings) };
  });
};
