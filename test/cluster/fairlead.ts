import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';

const MAIN = path.join(import.meta.dirname, '..', '..', 'src', 'cli', 'main.ts');

/** One line of `fairlead run --output json`; the fields that the tests look at. */
interface RunEvent {
  readonly type: string;
  readonly complete?: boolean;
  readonly applied?: { readonly writes: number; readonly requests: number };
  readonly diagnostic?: { readonly code: string; readonly summary: string };
}

/** `fairlead run` as a process of its own. */
export interface Fairlead {
  readonly events: readonly RunEvent[];
  /** All that it wrote to standard error, and to standard output if it is no event. */
  readonly log: () => string;
  /** Ends it with a signal, and gives the exit code; null after SIGKILL. */
  end(signal?: 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
}

/** `fairlead check` with this config file: its exit code and the lines that it wrote. */
export async function checkFairlead(config: string): Promise<{
  readonly code: number | null;
  readonly lines: readonly { subject: string; ok: boolean; text: string }[];
}> {
  const child = spawn(process.execPath, [MAIN, 'check', '--config', config, '--output', 'json'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (data: Buffer) => (text += data.toString()));
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return { code, lines: (JSON.parse(text) as { lines: { subject: string; ok: boolean; text: string }[] }).lines };
}

/** Starts the command line with this config file. */
export function startFairlead(config: string): Fairlead {
  const child = spawn(process.execPath, [MAIN, 'run', '--config', config, '--output', 'json'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const events: RunEvent[] = [];
  let log = '';
  child.stderr.on('data', (data: Buffer) => (log += data.toString()));
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = readEvent(line);
    if (event === undefined) log += `${line}\n`;
    else events.push(event);
  });
  const closed = new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve));
  return {
    events,
    log: () => log,
    end: async (signal = 'SIGTERM') => {
      child.kill(signal);
      return await closed;
    },
  };
}

/** A fault before the run is no event, and has lines of its own. */
function readEvent(line: string): RunEvent | undefined {
  try {
    return JSON.parse(line) as RunEvent;
  } catch {
    return undefined;
  }
}
