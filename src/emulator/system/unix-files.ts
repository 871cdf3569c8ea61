import { grammarError } from '../errors/device-error.ts';
import type { Device } from '../session/device.ts';
import { commandIn, requireAdministrator } from './commands.ts';
import type { SystemResource } from './system-resource.ts';

type Json = Record<string, unknown>;
type Work = (paths: readonly string[], device: Device) => string;

/** The words of `utilCmdArgs` that are no options. */
function pathsIn(given: string): readonly string[] {
  return given
    .trim()
    .split(/\s+/v)
    .map((word) => word.replaceAll(/^["']|["']$/gv, ''))
    .filter((word) => word !== '' && !word.startsWith('-'));
}

function missing(program: string, path: string): string {
  return `/bin/${program}: cannot ${program === 'rm' ? 'remove' : 'access'} \`${path}': No such file or directory\n`;
}

/** `POST /util/unix-x`: what the program prints is the `commandResult`; one that prints nothing has none (fact sheet 5.1). */
function utility(program: 'ls' | 'mv' | 'rm', work: Work): SystemResource {
  const path = `util/unix-${program}`;
  return {
    path,
    run: (body, device, request) => {
      requireAdministrator(request);
      const command = commandIn(body, ['run']);
      const given = body['utilCmdArgs'];
      if (typeof given !== 'string') {
        throw grammarError('"utilCmdArgs" must be specified');
      }
      const output = work(pathsIn(given), device);
      const reply: Json = { kind: `tm:util:unix-${program}:runstate`, command, utilCmdArgs: given };
      return output === '' ? reply : { ...reply, commandResult: output };
    },
  };
}

/** Lists, moves and removes what clients uploaded. The device's own files are not there. */
export const unixFileResources: readonly SystemResource[] = [
  utility('ls', (paths, { files }) => paths.map((path) => listed(path, files.pathsBelow(path))).join('')),
  utility('mv', ([from = '', to = ''], { files }) => (files.move(from, to) ? '' : missing('mv', from))),
  utility('rm', (paths, { files }) => paths.map((path) => (files.remove(path) ? '' : missing('rm', path))).join('')),
];

function listed(path: string, found: readonly string[]): string {
  if (found.length === 0) {
    return missing('ls', path);
  }
  return found.map((each) => `${each === path ? path : each.slice(path.replace(/\/$/v, '').length + 1)}\n`).join('');
}
