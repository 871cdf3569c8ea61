import type { Device } from '../session/device.ts';

/** A program of the shell: what it prints, out of its arguments and what is piped into it. */
type Program = (args: readonly string[], input: string, device: Device) => string;

/** A basic regular expression of grep: `+ ? | ( ) { }` mean themselves, and have a meaning behind a backslash. */
function basicExpression(pattern: string, flags: string): RegExp {
  const translated = pattern.replaceAll(/\[[^\]]*\]|\\[\s\S]|[+?\|\(\)\{\}]/gv, (part) => {
    if (part.startsWith('[')) {
      return part;
    }
    return part.startsWith('\\') && '+?|(){}'.includes(part.charAt(1)) ? part.charAt(1) : `\\${part.at(-1) ?? ''}`;
  });
  // Without the flag `v`: its brackets refuse what those of grep take.
  return new RegExp(translated, flags);
}

function linesOf(text: string): readonly string[] {
  return text === '' ? [] : text.replace(/\n$/v, '').split('\n');
}

function joined(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** Options (`-v`, `-n`, `-5`) and the other arguments. */
function sorted(args: readonly string[]): { readonly options: string; readonly rest: readonly string[] } {
  const isOption = (arg: string): boolean => /^-[a-zA-Z\d]+$/v.test(arg);
  return {
    options: args
      .filter(isOption)
      .map((arg) => arg.slice(1))
      .join(''),
    rest: args.filter((arg) => !isOption(arg)),
  };
}

/** What a file holds that is no upload. */
function systemFile(path: string, device: Device): string | undefined {
  switch (path) {
    case '/proc/uptime':
      return `${process.uptime().toFixed(2)} 0.00\n`;
    case '/VERSION':
      return `Product: BIG-IP\nVersion: ${device.version.full}\nBuild: ${device.version.build}\nEdition: Final\n`;
    default:
      return undefined;
  }
}

/** The content of files one after another, or what is piped in. */
function contentOf(paths: readonly string[], input: string, of: { device: Device; program: string }): string {
  const read = (path: string): string =>
    systemFile(path, of.device) ??
    of.device.files.read(path)?.toString('utf8') ??
    `${of.program}: ${path}: No such file or directory\n`;
  return paths.length === 0 ? input : paths.map(read).join('');
}

const grep: Program = (args, input, device) => {
  const { options, rest } = sorted(args);
  const [pattern = '', ...paths] = rest;
  const text = contentOf(paths, input, { device, program: 'grep' });
  let expression: RegExp;
  try {
    const flags = options.includes('i') ? 'i' : '';
    expression = options.includes('E') ? new RegExp(pattern, flags) : basicExpression(pattern, flags);
  } catch {
    return `grep: Invalid regular expression\n`;
  }
  return joined(linesOf(text).filter((line) => expression.test(line) !== options.includes('v')));
};

/** The first lines, or the last: `-n 5`, `-5`, ten without a number. */
function cut(program: string, pick: (lines: readonly string[], count: number) => readonly string[]): Program {
  return (args, input, device) => {
    const { options, rest } = sorted(args);
    const inOption = /\d+/v.exec(options)?.[0];
    const count = inOption ?? (options.endsWith('n') ? rest[0] : undefined);
    const paths = inOption === undefined && options.endsWith('n') ? rest.slice(1) : rest;
    return joined(pick(linesOf(contentOf(paths, input, { device, program })), Number(count ?? 10)));
  };
}

const count: Program = (args, input, device) => {
  const { rest } = sorted(args);
  const text = contentOf(rest, input, { device, program: 'wc' });
  return `${text.split('\n').length - 1}${rest.map((path) => ` ${path}`).join('')}\n`;
};

/** `Thu Jan  1 00:00:00 UTC 2026`. */
function date(device: Device): string {
  const [, day = '', number = '', month = '', year = '', time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/v.exec(new Date(device.clock.now()).toUTCString()) ?? [];
  return `${day} ${month} ${String(Number(number)).padStart(2)} ${time} UTC ${year}\n`;
}

/** Processes: the daemons that a box always has. Provisioning ends at once here, so that `mprov` never runs. */
const processes = ['mcpd', 'tmm', 'bigd', 'httpd', 'restjavad', 'icrd_child'];

const programs: Readonly<Record<string, Program>> = {
  cat: (args, input, device) => contentOf(args, input, { device, program: 'cat' }),
  date: (_args, _input, device) => date(device),
  echo: (args) => `${args.join(' ')}\n`,
  grep,
  head: cut('head', (lines, size) => lines.slice(0, size)),
  hostname: (_args, _input, device) => `${device.hostname}\n`,
  ps: () => joined(['  PID COMMAND', ...processes.map((name, at) => `${String(4000 + at).padStart(5)} ${name}`)]),
  runlevel: () => 'N 3\n',
  tail: cut('tail', (lines, size) => (size === 0 ? [] : lines.slice(-size))),
  wc: count,
};

/**
 * Runs a program that only reads, of the few that clients call beside tmsh to see how a box is: `ps`, `runlevel`,
 * `cat /proc/uptime`, and filters behind a `|` (fact sheet 10; what `ps` prints is K). Undefined: there is no such one.
 */
export function runReader(words: readonly string[], input: string, device: Device): string | undefined {
  const [path = '', ...args] = words;
  const name = path.replace(/^\/(?:usr\/)?s?bin\//v, '');
  return Object.hasOwn(programs, name) ? programs[name]?.(args, input, device) : undefined;
}
