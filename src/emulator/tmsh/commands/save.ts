import { grammarError } from '../../errors/device-error.ts';
import type { Device } from '../../session/device.ts';
import { printConfig } from '../print-config.ts';
import type { Shell } from '../shell.ts';
import { leadingWords, unexpectedArgument } from '../names.ts';
import type { Token } from '../tokens.ts';

/** Where the running configuration is saved to. */
export const savedConfig = '/config/bigip.conf';
const files = [savedConfig, '/config/bigip_base.conf', '/config/bigip_user.conf'];

function saved(paths: readonly string[]): string {
  return `${['Saving running configuration...', ...paths.map((path) => `  ${path}`)].join('\n')}\n`;
}

/** Puts a text into a file of the device. */
function writeFile(path: string, text: string, { files }: Device): void {
  const content = Buffer.from(text);
  files.addChunk(path, { start: 0, total: content.length, content });
}

/** Saves the running configuration where `load sys config` finds it. */
export function save(device: Device): void {
  writeFile(savedConfig, printConfig(device), device);
}

/** The path behind `file <path>` or `file=<path>`; a bare name is one of the saved configurations. */
function fileIn(option: string, value: Token | undefined): string {
  const path = option.startsWith('file=') ? option.slice('file='.length) : value?.type === 'word' ? value.text : '';
  if (path === '') {
    throw grammarError('"file" requires a value');
  }
  return path.startsWith('/') ? path : `/var/local/scf/${path.endsWith('.scf') ? path : `${path}.scf`}`;
}

/** `save sys config [file <path>] [partitions all|{ P }] [passphrase ...]`. */
export function saveCommand(given: readonly Token[], shell: Shell): string {
  const [module = 'save', component = module] = leadingWords(given).filter((word) => word !== '/');
  if (module !== 'sys' || component !== 'config') {
    throw unexpectedArgument(component);
  }
  const { device } = shell.context;
  const [option, value] = given.slice(given.findIndex((token) => token.type === 'word' && token.text === 'config') + 1);
  const name = option?.type === 'word' ? option.text : '';
  if (/^file(?:=|$)/v.test(name)) {
    const path = fileIn(name, value);
    writeFile(path, printConfig(device), device);
    return saved([path]);
  }
  if (!['', 'base', 'user-only', 'partitions'].includes(name)) {
    throw unexpectedArgument(name);
  }
  save(device);
  return saved(files);
}
