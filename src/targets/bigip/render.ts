import type { PlanUnit } from '../../plan/plan.ts';
import type { Snapshot } from '../../plan/snapshot.ts';
import type { DeviceContext, RestRequest } from './request.ts';
import { compileUnit } from './compile/compile-unit.ts';
import { tmshCommand } from './compile/tmsh.ts';

/** How the requests of one unit are printed; `atomic`: more than one, in a transaction. */
type Print = (requests: readonly RestRequest[], atomic: boolean) => readonly string[];

const LANGUAGES: ReadonlyMap<string, Print> = new Map([
  ['rest', printRest],
  ['tmsh', printTmsh],
]);

/** The languages that {@link render} knows. */
export const RENDER_LANGUAGES: readonly string[] = [...LANGUAGES.keys()];

/** What {@link render} needs beside the units. */
export interface RenderOptions {
  readonly language: string;
  readonly snapshot: Snapshot;
  readonly context: DeviceContext;
}

/**
 * Prints what `apply` would send for these units, without a network: REST requests with pretty JSON bodies, or tmsh
 * commands. Each unit begins with a comment that names it and its origins; units of several changes stand in a
 * transaction of their own (when applied, units may share one).
 * @throws {RangeError} the language is not known; names those that are.
 */
export function render(units: readonly PlanUnit[], { language, snapshot, context }: RenderOptions): string {
  const print = LANGUAGES.get(language);
  if (print === undefined) {
    throw new RangeError(
      `language ${JSON.stringify(language)} is not known: expected ${RENDER_LANGUAGES.join(' or ')}`,
    );
  }
  const blocks = units.flatMap((unit) => {
    const requests = compileUnit(unit, snapshot, context);
    if (requests.length === 0) return [];
    return [[headline(unit), ...filesOf(requests), ...print(requests, requests.length > 1)].join('\n')];
  });
  return blocks.length === 0 ? '' : `${blocks.join('\n\n')}\n`;
}

/** Files that must be there before; their contents are never printed. */
function filesOf(requests: readonly RestRequest[]): readonly string[] {
  return requests.flatMap(({ upload }) =>
    upload === undefined ? [] : [`# with the file ${upload.name} uploaded before: ${upload.checksum}`],
  );
}

function headline({ id, origins }: PlanUnit): string {
  return origins.length === 0 ? `# ${id}` : `# ${id} (${origins.join(', ')})`;
}

function printRest(requests: readonly RestRequest[], atomic: boolean): readonly string[] {
  const lines = requests.map(({ method, path, body }) =>
    body === undefined ? `${method} ${path}` : `${method} ${path}\n${JSON.stringify(body, undefined, 2)}`,
  );
  if (!atomic) return lines;
  return [
    'POST /mgmt/tm/transaction\n{}',
    '# with X-F5-REST-Coordination-Id: <transId>',
    ...lines,
    '# without it',
    'PATCH /mgmt/tm/transaction/<transId>\n{\n  "state": "VALIDATING"\n}',
  ];
}

function printTmsh(requests: readonly RestRequest[], atomic: boolean): readonly string[] {
  const lines = requests.map(tmshCommand);
  return atomic ? ['create cli transaction', ...lines, 'submit cli transaction'] : lines;
}
