import { spawnSync } from 'node:child_process';
import { makeTcl, TclError } from './index.ts';

/** Whether there is a Tcl to compare with. */
export const hasTclsh = spawnSync('tclsh', { input: 'exit' }).status === 0;

/** What a script gives in ours; an error with its words. */
export function run(script: string): string {
  try {
    return makeTcl({}, () => 0).eval(script);
  } catch (error) {
    if (error instanceof TclError) {
      return `error: ${error.message}`;
    }
    throw error;
  }
}

const helpers = `
proc text {hex} {encoding convertfrom utf-8 [binary format H* $hex]}
proc show {text} {binary scan [encoding convertto utf-8 $text] H* hex; puts $hex}
proc outcome {script} {
  interp create i
  if {[catch {i eval $script} result]} {set result "error: $result"}
  interp delete i
  show $result
}
`;

/** A text that no quoting can change. */
export function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** What commands with these helpers show in the machine's tclsh; all texts go in hexadecimal, so that no quoting counts. */
export function tclsh(commands: readonly string[]): readonly string[] {
  const { stdout } = spawnSync('tclsh', {
    input: `${helpers}\n${commands.join('\n')}\n`,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout
    .split('\n')
    .slice(0, -1)
    .map((line) => Buffer.from(line, 'hex').toString());
}

/** The command of those helpers that shows what a script gives. */
export function outcomesOf(script: string): string {
  return `outcome [text ${hex(script)}]`;
}
