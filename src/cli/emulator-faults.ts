import { readFile } from 'node:fs/promises';
import type { DeviceSettings } from './emulator-flags.ts';
import { readFaults } from '../emulator/index.ts';
import { Failure } from './failure.ts';

/**
 * The faults of the file that `--faults` names; none without it.
 * @throws {Failure} The file cannot be read, or something in it is no fault.
 */
export async function readFaultsFile(path: string | undefined): Promise<DeviceSettings['faults']> {
  if (path === undefined) return [];
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new Failure(`--faults: ${path} cannot be read (${code})`);
  });
  try {
    return [...readFaults(text)];
  } catch (error) {
    throw new Failure(`--faults: ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
