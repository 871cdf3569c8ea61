import { parseDocument } from 'yaml';
import type { Fault } from './fault.ts';
import { printProblem, problemOfFault } from './read-fault.ts';

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Reads the faults of a file in YAML or JSON: a list, or a list under `faults`. Throws an `Error` that names the entry and
 * field, what was found and what was expected.
 */
export function readFaults(text: string): readonly Fault[] {
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) {
    throw new Error(error.message.split('\n', 1)[0] ?? '');
  }
  const content: unknown = document.toJS();
  const list = isRecord(content) && Object.keys(content).join() === 'faults' ? content['faults'] : content;
  if (!Array.isArray(list)) {
    throw new Error(`found ${JSON.stringify(content)?.slice(0, 60)}, expected a list of faults, or one under "faults"`);
  }
  return list.map((each: unknown, index) => {
    if (!isRecord(each)) {
      throw new Error(`faults[${index}]: found ${JSON.stringify(each)}, expected a fault`);
    }
    const problem = problemOfFault(each);
    if (problem !== undefined) {
      throw new Error(`faults[${index}]: ${printProblem(problem)}`);
    }
    return each as unknown as Fault;
  });
}
