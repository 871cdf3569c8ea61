import { DeviceError, grammarError, icrdError } from '../../errors/device-error.ts';
import type { Session } from '../../session/session.ts';
import { loadConfig, LoadError, loadWithin } from '../load-config.ts';
import { unexpectedArgument } from '../names.ts';
import type { Shell, ShellContext } from '../shell.ts';
import { savedConfig } from './save.ts';

/** What to load, and how. */
export interface LoadRequest {
  readonly merge: boolean;
  readonly verify: boolean;
  /** Nothing of what is there stays in what the file describes. */
  readonly anew?: boolean;
  /** Path on the device; undefined for what was saved, or for a text that is given. */
  readonly file?: string | undefined;
  readonly text?: string | undefined;
  /** Everything back to stock. */
  readonly defaults?: boolean;
}

/** The text of a refused load: what is wrong and where, as the device says it (K). */
function refusal(error: LoadError, name: string): DeviceError {
  const { line, reason } = error;
  const isGrammar = typeof reason.body === 'object' && reason.body['apiError'] !== 3;
  const at = line === undefined ? name : `${name} at line: ${line}`;
  const text = isGrammar ? `Syntax Error:(${at}) ${reason.message}` : reason.message;
  const apiError = isGrammar ? 1 : 3;
  return icrdError(400, `${text}\nUnexpected Error: Loading configuration process failed.`, apiError);
}

/** `file:/x`, `/x`, or a name of a saved configuration. */
function localPath(file: string): string {
  const path = file.replace(/^file:\/*/v, '/');
  return path.startsWith('/') ? path : `/var/local/scf/${path}`;
}

/** Loads a configuration into the device, all of it or nothing; with `unit` as a part of that. */
export function load(
  request: LoadRequest,
  context: Pick<ShellContext, 'device' | 'principal' | 'onChange'> & { readonly unit?: Session | undefined },
): void {
  const { device, principal, onChange, unit } = context;
  const { merge, verify, anew = false, file = savedConfig } = request;
  const text = request.text ?? (request.defaults === true ? '' : device.files.read(localPath(file))?.toString('utf8'));
  if (text === undefined) {
    if (file === savedConfig) {
      return;
    }
    throw grammarError(`${file}: No such file or directory`);
  }
  try {
    if (unit === undefined) {
      onChange(loadConfig(device, text, { merge, anew, principal, dryRun: verify }));
    } else {
      loadWithin(unit, text, { merge, anew, principal });
    }
  } catch (error) {
    throw error instanceof LoadError
      ? refusal(error, request.text === undefined ? file : 'terminal')
      : error instanceof DeviceError
        ? refusal(new LoadError(error), file)
        : error;
  }
}

const actions = new Set(['merge', 'verify', 'from-terminal', 'default', 'base', 'file']);

/** `load sys config [merge] [verify] [file <path>] [from-terminal] [default]`, `load sys application template <path>`. */
export function loadCommand(
  words: readonly string[],
  { shell, terminal }: { readonly shell: Shell; readonly terminal?: string },
): string {
  const context = { ...shell.context, unit: shell.unit };
  if (words.slice(0, 3).join(' ') === 'sys application template') {
    load({ merge: true, verify: false, anew: true, file: words[3] ?? '' }, context);
    return '';
  }
  if (words[0] !== 'sys' || words[1] !== 'config') {
    throw unexpectedArgument(words[0] ?? 'load');
  }
  const request = readRequest(words.slice(2), terminal);
  if (shell.unit !== undefined && (request.verify || !request.merge)) {
    throw grammarError('only "load sys config merge" can be part of something else');
  }
  load(request, context);
  const what = terminal === undefined ? (request.file ?? savedConfig) : 'terminal';
  return `${request.verify ? 'Validating configuration...' : 'Loading configuration...'}\n  ${what}\n`;
}

function readRequest(options: readonly string[], terminal: string | undefined): LoadRequest {
  const at = options.indexOf('file');
  const file = at < 0 ? undefined : options[at + 1];
  const wrong = options.find((word, place) => !actions.has(word) && (at < 0 || place !== at + 1));
  if (wrong !== undefined || (at >= 0 && file === undefined)) {
    throw wrong === undefined ? grammarError('"file" requires a value') : unexpectedArgument(wrong);
  }
  return {
    merge: options.includes('merge'),
    verify: options.includes('verify'),
    file,
    text: terminal,
    defaults: options.includes('default'),
  };
}
