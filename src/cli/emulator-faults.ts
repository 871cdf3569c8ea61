import type { Fault } from '../emulator/index.ts';

/** A kind of fault. */
export type FaultType = Fault['type'];

/** What each kind of fault cannot do without. */
const NEEDS: Readonly<Record<FaultType, readonly string[]>> = {
  latency: ['ms'],
  unavailable: [],
  cut: ['when'],
  'mcp-error': ['message'],
  'slow-transaction': [],
};

/** All kinds of faults. */
export const FAULT_TYPES = Object.keys(NEEDS) as readonly FaultType[];

/** What a fault of a config file lacks, or what of it cannot be read, in words; undefined if nothing. */
export function missingOfFault(
  fault: Readonly<Record<string, unknown>> & { readonly type: FaultType },
): string | undefined {
  const missing = NEEDS[fault.type].find((name) => fault[name] === undefined);
  if (missing !== undefined) return `${missing} besides type ${fault.type}`;
  try {
    RegExp(typeof fault['path'] === 'string' ? fault['path'] : '', 'v');
    return undefined;
  } catch {
    return 'path to be a regular expression';
  }
}
