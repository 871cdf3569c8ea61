import { parseArgs } from 'node:util';
import { SCENARIOS } from './result.ts';
import type { Scenario } from './result.ts';

/** What the bench was asked for. */
export interface Arguments {
  readonly services: readonly number[];
  readonly scenarios: readonly Scenario[];
  readonly output: 'text' | 'json';
  /** Write the table of docs/performance.md anew. */
  readonly writeDocs: boolean;
  /** A folder for CPU profiles of Fairlead's processes. */
  readonly profiles?: string;
}

/** What `--help` prints. */
export const USAGE = `npm run bench -- [options]

  --services 100,1000,10000   how many Services, each with 10 endpoints
  --scenarios a,b             of ${SCENARIOS.join(', ')} (default: all)
  --output text|json          a table, or one JSON object a scenario and size on standard output
  --write-docs                write the table of docs/performance.md anew
  --cpu-prof FOLDER           write CPU profiles of Fairlead's processes there

Exits with 1 if a restart wrote, if a pod change cost more than one request, or more at one size than at another.
`;

/** The largest size that the address pool and the pod network have room for, with what the bench adds. */
const MOST_SERVICES = 60_000;

/**
 * Reads the command line; `undefined`: help was asked for.
 * @throws {Error} an option that is unknown, or a value that cannot be used.
 */
export function readArguments(args: readonly string[]): Arguments | undefined {
  const { values } = parseArgs({
    args: [...args],
    options: {
      services: { type: 'string', default: '100,1000,10000' },
      scenarios: { type: 'string', default: SCENARIOS.join(',') },
      output: { type: 'string', default: 'text' },
      'write-docs': { type: 'boolean', default: false },
      'cpu-prof': { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return undefined;
  const profiles = values['cpu-prof'];
  return {
    services: values.services.split(',').map(readSize),
    scenarios: values.scenarios.split(',').map(readScenario),
    output: readOutput(values.output),
    writeDocs: values['write-docs'],
    ...(profiles === undefined ? {} : { profiles }),
  };
}

function readSize(text: string): number {
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size >= 1 && size <= MOST_SERVICES) return size;
  throw new Error(`--services: found "${text}", expected numbers from 1 to ${MOST_SERVICES} with commas between them`);
}

function readScenario(text: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario === text);
  if (found !== undefined) return found;
  throw new Error(`--scenarios: found "${text}", expected some of ${SCENARIOS.join(', ')}`);
}

function readOutput(text: string): 'text' | 'json' {
  if (text === 'text' || text === 'json') return text;
  throw new Error(`--output: found "${text}", expected text or json`);
}
