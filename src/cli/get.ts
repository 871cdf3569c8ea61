import type { GetView } from '../report/contributions.ts';
import type { CommonFlags } from './flags.ts';
import type { Lane } from './assemble.ts';
import type { Deps, Session } from './session.ts';
import { stringify } from 'yaml';
import { descriptors } from '../ir/objects.ts';
import { filterView, getDocument, getText } from '../report/contributions.ts';
import { readSources } from '../sync/plan-once.ts';
import { terminalWidth } from './io.ts';
import { stateText } from './state-output.ts';
import { EXIT, printJson, printProblems, withLanes } from './session.ts';

/** Flags of `get`. */
export interface GetFlags extends CommonFlags {
  /** Who says each field, in text; JSON and YAML always have it. */
  readonly provenance?: boolean;
}

/** `fairlead get`: what the sources say, object by object, with the thing that a person wrote behind each. */
export async function getVerb(deps: Deps, words: readonly string[], flags: GetFlags): Promise<number> {
  return await withLanes({ ...deps, sourcesOnly: true }, flags, async (session, lanes) => {
    const view = await readAll(session, lanes);
    const shown = filterView(view, words, Object.keys(descriptors));
    if (flags.output === 'state') return printState(shown, session, commonPartition(lanes));
    print(shown, session, flags);
    return view.complete ? EXIT.ok : EXIT.error;
  });
}

/** Names stand for themselves in the one partition that all lanes have; if there are several, nowhere. */
function commonPartition(lanes: readonly Lane[]): string {
  const [partition = '', ...others] = new Set(lanes.map(({ options }) => options.partition));
  return others.length === 0 ? partition : '';
}

/** Lanes differ in their device's partition and scope alone; where those are the same, sources are read once. */
async function readAll(session: Session, lanes: readonly Lane[]): Promise<GetView> {
  const byPartition = new Map(
    lanes.map((lane) => [`${lane.options.partition} ${JSON.stringify(lane.options.scope?.lists)}`, lane]),
  );
  const views: GetView[] = [];
  for (const { options } of byPartition.values()) {
    session.progress.step('reading the sources');
    const { sources, scope } = options;
    views.push(await readSources({ sources, ...(scope === undefined ? {} : { scope }), signal: session.signal }));
  }
  session.progress.clear();
  return {
    contributions: views.flatMap(({ contributions }) => contributions),
    objects: views.flatMap(({ objects }) => objects),
    diagnostics: views.flatMap(({ diagnostics }) => diagnostics),
    complete: views.every(({ complete }) => complete),
  };
}

/** Problems go to standard error: standard output is for a file. One that lacks something ends with an error. */
function printState(view: GetView, { io, flags }: Session, partition: string): number {
  io.stdout.write(stateText(view, partition));
  const problems = [...view.diagnostics, ...view.contributions.flatMap(({ diagnostics }) => diagnostics)];
  if (problems.length > 0) printProblems(problems, io, flags);
  const isWhole = view.complete && view.contributions.every(({ frozen }) => frozen !== true);
  return isWhole ? EXIT.ok : EXIT.error;
}

function print(view: GetView, { io, palette }: Session, { output, provenance }: GetFlags): void {
  if (output === 'json') printJson(getDocument(view), io);
  else if (output === 'yaml') io.stdout.write(stringify(getDocument(view), { aliasDuplicateObjects: false }));
  else io.stdout.write(getText(view, { palette, width: terminalWidth(io.stdout), provenance }));
}
