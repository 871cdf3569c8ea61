import type { Ref } from '../../ir/ref.ts';
import type { Change, PlanUnit } from '../../plan/plan.ts';
import type { Target, TargetCounters, UnitReport } from '../target.ts';
import type { DeviceState } from './device.ts';
import { descriptors, descriptorOf } from '../../ir/objects.ts';
import { kindOf, pathOf } from '../../ir/ref.ts';
import { MemoryDevice } from './device.ts';
import { Refused } from './refusal.ts';

/** The reference target: all rules, no network. What the core's tests apply plans to. */
export interface MemoryTarget extends Target {
  /** The device itself, to look at and to do what somebody else would do. */
  readonly device: MemoryDevice;
  /** How often it was saved. */
  readonly saves: number;
}

const LANGUAGE = 'text';

/** A target that keeps its configuration in memory. Units are atomic; each is checked as a device would. */
export function createMemoryTarget(state: DeviceState & { readonly name?: string } = {}): MemoryTarget {
  const device = new MemoryDevice(state);
  const counters = { requests: 0, writes: 0, bytesSent: 0, bytesReceived: 0, waitedMs: 0 };
  let saves = 0;
  return {
    name: state.name ?? 'memory',
    capabilities: { kinds: Object.values(descriptors).map(({ kind }) => kind), batches: false, languages: [LANGUAGE] },
    get counters(): TargetCounters {
      return { ...counters };
    },
    device,
    get saves(): number {
      return saves;
    },
    async read({ signal }) {
      signal.throwIfAborted();
      counters.requests += 1;
      return device.snapshot();
    },
    async readSome({ refs, signal }) {
      signal.throwIfAborted();
      counters.requests += refs.length;
      return new Map(refs.map((ref) => [ref, device.get(ref)]));
    },
    async apply({ units, signal, onProgress }) {
      const reports: UnitReport[] = [];
      for (const unit of units.toSorted((a, b) => a.wave - b.wave)) {
        signal.throwIfAborted();
        counters.requests += requestsOf(unit);
        counters.writes += unit.changes.length;
        reports.push(applyUnit(device, unit));
        onProgress?.(reports.length, units.length);
      }
      return reports;
    },
    async save({ signal }) {
      signal.throwIfAborted();
      counters.requests += 1;
      saves += 1;
    },
    render: (units, language) => renderUnits(units, language),
    async check() {
      return [{ subject: 'memory', ok: true, text: 'a device in memory needs nothing' }];
    },
    async close() {},
  };
}

/** As on a device: one change is one request; several are queued between the start and the commit of a transaction. */
function requestsOf({ changes }: PlanUnit): number {
  return changes.length > 1 ? changes.length + 2 : changes.length;
}

function applyUnit(device: MemoryDevice, unit: PlanUnit): UnitReport {
  try {
    return { unit: unit.id, state: 'done', actual: device.apply(unit), diagnostics: [] };
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refusedReport(unit, error);
  }
}

function refusedReport(unit: PlanUnit, { ref, stale, status, message }: Refused): UnitReport {
  const origins = originsOf(unit, ref);
  const [origin] = origins;
  const diagnostic = {
    code: stale ? 'device-changed' : 'device-refused',
    severity: stale ? 'info' : 'error',
    summary: `${descriptorOf(kindOf(ref)).noun} ${pathOf(ref)} was refused`,
    detail: message,
    ...(origin === undefined ? {} : { origin }),
  } as const;
  const report = { unit: unit.id, actual: new Map(), diagnostics: [diagnostic] };
  return stale
    ? { ...report, state: 'stale' }
    : { ...report, state: 'refused', blame: { ref, origins, status, message } };
}

function originsOf(unit: PlanUnit, ref: Ref): readonly string[] {
  const origins = unit.changes.find((change: Change) => change.ref === ref)?.origins ?? [];
  return origins.length > 0 ? origins : unit.origins;
}

function renderUnits(units: readonly PlanUnit[], language: string): string {
  if (language !== LANGUAGE) {
    throw new RangeError(`language ${JSON.stringify(language)} is not known: expected ${LANGUAGE}`);
  }
  const lines = units.flatMap(({ id, changes }) => [`# ${id}`, ...changes.map(({ op, ref }) => `${op} ${ref}`)]);
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}
