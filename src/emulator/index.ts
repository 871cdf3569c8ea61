export { startEmulator, type Emulator } from './emulator.ts';
export type { CertificatePair, EmulatorOptions } from './options.ts';
export type { User } from './auth/users.ts';
export type { LogEntry, RequestLog } from './http/request-log.ts';
export type { Dump, DumpedObject } from './store/dump.ts';
export type { Clock } from './session/device.ts';
export { tmosReleases } from './version/version.ts';
export type { Fault } from './faults/fault.ts';
export type { Faults, ListedFault } from './faults/faults.ts';
