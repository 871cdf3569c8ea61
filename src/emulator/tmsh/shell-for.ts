import { DeviceError } from '../errors/device-error.ts';
import type { AuthenticatedRequest } from '../http/exchange.ts';
import type { TmContext } from '../rest/handle-tm.ts';
import type { Device } from '../session/device.ts';
import type { SystemResource } from '../system/system-resource.ts';
import { runScript } from './run-script.ts';
import { errorText, Shell } from './shell.ts';

type Json = Readonly<Record<string, unknown>>;

function versionText({ version }: Device): string {
  const lines = [
    '',
    'Sys::Version',
    'Main Package',
    '  Product     BIG-IP',
    `  Version     ${version.full}`,
    `  Build       ${version.build}`,
    '  Edition     Final',
    '',
  ];
  return `${lines.join('\n')}\n`;
}

function titled(words: string): string {
  return words
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');
}

/** A status page as text: its words, one a line. */
function pageText(resource: SystemResource, { device, stats }: TmContext): string | undefined {
  const { entries } = (resource.get?.(device, stats) ?? {}) as {
    entries?: Record<string, { nestedStats?: { entries?: Json } }>;
  };
  const words = Object.values(entries ?? {})[0]?.nestedStats?.entries;
  if (words === undefined) {
    return undefined;
  }
  const title = resource.path.split('/').map(titled).join('::');
  const rule = '-'.repeat(title.length);
  const lines = Object.entries(words)
    .map(([name, word]) => [name, (word as { description?: unknown }).description] as const)
    .filter((line): line is readonly [string, string] => typeof line[1] === 'string')
    .map(([name, text]) => `${titled(name.replaceAll(/[A-Z]/gv, '-$&')).padEnd(12)} ${text}`);
  return `${['', rule, title, rule, ...lines, ''].join('\n')}\n`;
}

function shownPage(path: string, context: TmContext): string | undefined {
  const resource = context.system.get(path);
  if (resource === undefined) {
    return undefined;
  }
  return path === 'sys/version' ? versionText(context.device) : pageText(resource, context);
}

function refusalText(error: unknown): string {
  if (error instanceof DeviceError) {
    return `${errorText(error)}\n`;
  }
  throw error;
}

/** A tmsh for the one who makes a request. */
export function shellFor(request: AuthenticatedRequest, context: TmContext): Shell {
  const { device, stats, onChange, beforeOperation } = context;
  return new Shell({
    device,
    principal: request.principal,
    stats,
    onChange,
    beforeOperation,
    runResource: (path, body) => {
      const answer = context.system.get(path)?.run?.({ ...body }, device, request);
      return answer instanceof Promise ? answer.then(() => '', refusalText) : answer;
    },
    runScript,
    showResource: (path) => shownPage(path, context),
  });
}
