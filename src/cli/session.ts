import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { Diagnostic } from '../diagnostics/diagnostic.ts';
import type { Palette } from '../report/palette.ts';
import type { Lane, LaneMaker } from './assemble.ts';
import type { CommonFlags } from './flags.ts';
import type { Io, Out } from './io.ts';
import type { Progress } from './progress.ts';
import { loadConfig } from '../config/load.ts';
import { diagnosticsDocument } from '../report/diagnostics-document.ts';
import { diagnosticsText } from '../report/diagnostics-text.ts';
import { ansiPalette, plainPalette } from '../report/palette.ts';
import { explainError } from './failure.ts';
import { createLog } from './log.ts';
import { lineProgress, silentProgress } from './progress.ts';

/** The command line's exit codes. */
export const EXIT = { ok: 0, error: 1, changes: 2 } as const;

/** What a verb works with. */
export interface Session {
  readonly io: Io;
  readonly config: Config;
  readonly flags: CommonFlags;
  readonly palette: Palette;
  readonly progress: Progress;
  readonly log: Logger;
  /** Aborts on the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/** How verbs are wired to the world. */
export interface Deps {
  readonly io: Io;
  readonly makeLanes: LaneMaker;
  /** The verb stays: it logs as the config says. Other verbs log warnings, as text. */
  readonly service?: true;
  /** The verb asks no device: what is needed for that is not read. */
  readonly sourcesOnly?: true;
}

/** Loads the config and runs a verb; problems of the config are printed, and are an error. */
async function withSession(
  { io, service }: Pick<Deps, 'io' | 'service'>,
  flags: CommonFlags,
  verb: (session: Session) => Promise<number>,
): Promise<number> {
  // What stays prints one object a line.
  const shown = { ...flags, lines: service === true };
  const { config, diagnostics } = await loadConfig(flags.config);
  if (config === undefined) {
    printProblems(diagnostics, io, shown);
    return EXIT.error;
  }
  const progress = io.stderr.isTTY === true && flags.output !== 'json' ? lineProgress(io.stderr) : silentProgress;
  const interrupt = new AbortController();
  const forget = io.onSignal((signal) => {
    if (interrupt.signal.aborted) io.exit(EXIT.error);
    interrupt.abort(new DOMException(`ended by ${signal}`, 'AbortError'));
  });
  const { level, format } = service === true ? config.log : ({ level: 'warn', format: 'text' } as const);
  const log = createLog({ level: flags.logLevel ?? level, format, out: io.stderr });
  const palette = paletteFor(io.stdout, io, flags);
  try {
    return await verb({ io, config, flags, palette, progress, log, signal: interrupt.signal });
  } catch (error) {
    progress.clear();
    printError(error, io, shown);
    return EXIT.error;
  } finally {
    progress.clear();
    forget();
  }
}

/** Runs a verb with all lanes open, and closes them. */
export async function withLanes(
  deps: Deps,
  flags: CommonFlags,
  verb: (session: Session, lanes: readonly Lane[]) => Promise<number>,
): Promise<number> {
  const body = async (session: Session): Promise<number> => {
    const { config, log, signal } = session;
    const lanes = await deps.makeLanes(config, {
      log,
      env: session.io.env,
      signal,
      only: flags.only,
      ...(deps.sourcesOnly === undefined ? {} : { sourcesOnly: deps.sourcesOnly }),
    });
    try {
      return await verb(session, lanes);
    } finally {
      session.progress.clear();
      await Promise.allSettled(lanes.map((lane) => lane.close()));
    }
  };
  return await withSession(deps, flags, body);
}

/** Colours only on a terminal, for text, and if neither `--no-color` nor `NO_COLOR` (no-color.org) says otherwise. */
export function paletteFor(out: Out, io: Io, flags: Pick<CommonFlags, 'color' | 'output'>): Palette {
  const refused = !flags.color || (io.env['NO_COLOR'] ?? '') !== '' || io.env['TERM'] === 'dumb';
  return out.isTTY === true && !refused && flags.output === 'text' ? ansiPalette : plainPalette;
}

/** Prints an error: in words on standard error, with `--output json` as diagnostics on standard output. */
export function printError(
  error: unknown,
  io: Io,
  flags: Pick<CommonFlags, 'color' | 'output' | 'logLevel'> & { readonly lines?: boolean },
): void {
  const debug = flags.logLevel === 'debug' || flags.logLevel === 'trace';
  const [summary = '', ...detail] = explainError(error, debug).split('\n');
  const more = detail.length === 0 ? {} : { detail: detail.join('\n') };
  printProblems([{ code: 'failed', severity: 'error', summary, ...more }], io, flags);
}

/** Prints problems: in words on standard error, with `--output json` as diagnostics on standard output. */
export function printProblems(
  diagnostics: readonly Diagnostic[],
  io: Io,
  flags: Pick<CommonFlags, 'color' | 'output'> & { readonly lines?: boolean },
): void {
  if (flags.output === 'json')
    io.stdout.write(`${JSON.stringify(diagnosticsDocument(diagnostics), null, flags.lines === true ? 0 : 2)}\n`);
  else io.stderr.write(diagnosticsText(diagnostics, paletteFor(io.stderr, io, flags)));
}

/** Prints a JSON document on standard output. */
export function printJson(document: unknown, io: Io): void {
  io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}
