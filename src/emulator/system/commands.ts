import { grammarError } from '../errors/device-error.ts';
import { invalidValue } from '../errors/mcp.ts';
import { roleRefused } from '../errors/restjavad.ts';
import type { AuthenticatedRequest } from '../http/exchange.ts';
import type { Device } from '../session/device.ts';
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

/** `POST /sys/config`: save and load; the reply repeats the command (fact sheet 5.1). */
export const configResource: SystemResource = {
  path: 'sys/config',
  run: (body, _device, request) => {
    requireRole(request, savers);
    const command = commandIn(body, ['save', 'load']);
    return { kind: `tm:sys:config:${command}state`, ...body };
  },
};

const savePattern = /^save\s+\/?\s*sys\s+config(?:\s+partitions\s+(?:all|\{[^\}]*\}))?\s*$/v;

function versionText(device: Device): string {
  const { full, build } = device.version;
  const lines = [
    '',
    'Sys::Version',
    'Main Package',
    '  Product     BIG-IP',
    `  Version     ${full}`,
    `  Build       ${build}`,
    '  Edition     Final',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function tmsh(line: string, device: Device): string {
  if (savePattern.test(line)) {
    return 'Saving running configuration...\n  /config/bigip.conf\n  /config/bigip_base.conf\n  /config/bigip_user.conf\n';
  }
  if (/^show\s+\/?\s*sys\s+version\s*$/v.test(line)) {
    return versionText(device);
  }
  const [verb = ''] = line.split(/\s+/v);
  return `Syntax Error: unexpected argument "${verb}"\n`;
}

/** `tmsh -c "show sys version"`: without the quotes. */
function unquoted(words: string): string {
  return /^(["'])(.*)\1$/sv.exec(words)?.[2]?.trim() ?? words;
}

/** The command behind `-c`, without its quotes. */
function commandLine(given: string): string {
  const match = /^-c\s+(?:"([\s\S]*)"|'([\s\S]*)'|([^"'\s].*))$/v.exec(given.trim());
  if (match === null) {
    const quotes = given.replaceAll(/[^"']/gv, '').length;
    throw grammarError(
      quotes % 2 === 1 ? 'quotes are not balanced' : 'Required format is "-c <bash command and arguments>"',
    );
  }
  return (match[1]?.replaceAll(String.raw`\"`, '"') ?? match[2] ?? match[3] ?? '').trim();
}

/** `POST /util/bash`: `tmsh save sys config` and `tmsh show sys version`; other commands are not found, as bash says it. */
export const bashResource: SystemResource = {
  path: 'util/bash',
  run: (body, device, request) => {
    requireAdministrator(request);
    const command = commandIn(body, ['run']);
    const given = body['utilCmdArgs'];
    if (typeof given !== 'string') {
      throw grammarError('Required format is "-c <bash command and arguments>"');
    }
    const line = commandLine(given);
    const words = /^(?:\/usr\/bin\/)?tmsh\s+(?:-\w\s+)*(.*)$/sv.exec(line)?.[1];
    const [program = ''] = line.split(/\s+/v);
    const output =
      words === undefined ? `/bin/bash: ${program}: command not found\n` : tmsh(unquoted(words.trim()), device);
    const result = output === '' ? {} : { commandResult: output };
    return { kind: 'tm:util:bash:runstate', command, utilCmdArgs: given, ...result };
  },
};
