import { grammarError } from '../errors/device-error.ts';
import { invalidValue } from '../errors/mcp.ts';
import { roleRefused } from '../errors/restjavad.ts';
import type { AuthenticatedRequest } from '../http/exchange.ts';
import { bashCommands, tmshLine } from '../tmsh/bash-words.ts';
import { load } from '../tmsh/commands/load.ts';
import { save } from '../tmsh/commands/save.ts';
import type { Shell } from '../tmsh/shell.ts';
import { shellFor } from '../tmsh/shell-for.ts';
import type { Device } from '../session/device.ts';
import { runReader } from './programs.ts';
import type { SystemResource } from './system-resource.ts';

type Json = Record<string, unknown>;

/** The `command` of a body, one of those that the resource knows. */
export function commandIn(body: Json, known: readonly string[]): string {
  const { command } = body;
  if (typeof command !== 'string' || !known.includes(command)) {
    throw invalidValue('command', command ?? '');
  }
  return command;
}

/** Roles that may run a shell (K). */
const administrators = new Set(['admin', 'resource-admin']);
/** Roles that may save the configuration (K). */
const savers = new Set([...administrators, 'manager', 'application-editor', 'irule-manager', 'certificate-manager']);

function requireRole(request: AuthenticatedRequest, roles: ReadonlySet<string>): void {
  const { name, role } = request.principal;
  if (!roles.has(role)) {
    throw roleRefused(name, request);
  }
}

/** Refuses a command of the shell to whoever is no administrator. */
export function requireAdministrator(request: AuthenticatedRequest): void {
  requireRole(request, administrators);
}

/** What the options of a `load` say: `[{"merge": true}, {"file": "..."}]`, or one object with both. */
function loadOptions(body: Json): { readonly merge: boolean; readonly verify: boolean; readonly file?: string } {
  const given: unknown = body['options'];
  const list = Array.isArray(given) ? given : given === undefined ? [] : [given];
  const options = Object.assign({}, ...list, body) as Json;
  const { file } = options;
  const isSet = (name: string): boolean => options[name] === true || options[name] === 'true' || options[name] === '';
  return { merge: isSet('merge'), verify: isSet('verify'), ...(typeof file === 'string' ? { file } : {}) };
}

/** `POST /sys/config`: save and load; the reply repeats the command (fact sheet 5.1). */
export const configResource: SystemResource = {
  path: 'sys/config',
  execute: (body, { request, context }) => {
    requireRole(request, savers);
    const command = commandIn(body, ['save', 'load']);
    if (command === 'save') {
      save(context.device);
    } else {
      load(loadOptions(body), { ...context, principal: request.principal });
    }
    return { kind: `tm:sys:config:${command}state`, ...body };
  },
};

/** The command behind `-c`, without its quotes. */
function commandLine(given: string): string {
  const match = /^-c\s+(?:"([\s\S]*)"|'([\s\S]*)'|([^"'\s].*))$/v.exec(given.trim());
  if (match === null) {
    const quotes = given.replaceAll(/[^"']/gv, '').length;
    throw grammarError(
      quotes % 2 === 1 ? 'quotes are not balanced' : 'Required format is "-c <bash command and arguments>"',
    );
  }
  return (match[1]?.replaceAll(/\\(["\\$`])/gv, '$1') ?? match[2] ?? match[3] ?? '').trim();
}

/** One program of a pipeline; tmsh reads nothing that is piped in. */
function runProgram(words: readonly string[], input: string, of: { shell: Shell; device: Device }): string {
  const [program = '', ...args] = words;
  const redirected = args.findIndex((arg) => ['&', '<', '>'].includes(arg));
  if (redirected >= 0) {
    return `/bin/bash: ${args[redirected + 1] ?? ''}: command not found\n`;
  }
  if (program === 'tmsh' || program === '/usr/bin/tmsh') {
    return of.shell.transcript(tmshLine(args));
  }
  return runReader(words, input, of.device) ?? `/bin/bash: ${program}: command not found\n`;
}

/** Programs with `|` between them: what each prints is what the next one reads. */
function runPipeline(words: readonly string[], of: { shell: Shell; device: Device }): string {
  const stages: string[][] = [[]];
  for (const word of words) {
    if (word === '|') {
      stages.push([]);
    } else {
      stages.at(-1)?.push(word);
    }
  }
  return stages.reduce((printed, stage) => runProgram(stage, printed, of), '');
}

/** `POST /util/bash`: tmsh and a few programs that only read; others are not found, as bash says it (fact sheet 5.1). */
export const bashResource: SystemResource = {
  path: 'util/bash',
  execute: (body, { request, context }) => {
    requireAdministrator(request);
    const command = commandIn(body, ['run']);
    const given = body['utilCmdArgs'];
    if (typeof given !== 'string') {
      throw grammarError('Required format is "-c <bash command and arguments>"');
    }
    const shells: Shell[] = [];
    const printed = bashCommands(commandLine(given)).map((words) => {
      const shell = shellFor(request, context);
      shells.push(shell);
      return runPipeline(words, { shell, device: context.device });
    });
    const answer = (output: string): Json => {
      const result = output === '' ? {} : { commandResult: output };
      return { kind: 'tm:util:bash:runstate', command, utilCmdArgs: given, ...result };
    };
    const pending = shells.flatMap((shell) => shell.pending);
    return pending.length === 0
      ? answer(printed.join(''))
      : Promise.all(pending).then((errors) => answer([...printed, ...errors].join('')));
  },
};
