import { TclError } from './error.ts';
import type { Command } from './interpreter.ts';

/** How many arguments a command takes (`most` undefined: any number), and what it says of them otherwise. */
type Usage = readonly [least: number, most: number | undefined, shown: string];

/** By command, and by `command subcommand`; the counts of those are without the subcommand. */
const usages: Readonly<Record<string, Usage>> = {
  append: [1, undefined, 'varName ?value ...?'],
  array: [1, undefined, 'subcommand ?arg ...?'],
  'array exists': [1, 1, 'arrayName'],
  'array get': [1, 2, 'arrayName ?pattern?'],
  'array names': [1, 3, 'arrayName ?mode? ?pattern?'],
  'array set': [2, 2, 'arrayName list'],
  'array size': [1, 1, 'arrayName'],
  break: [0, 0, ''],
  catch: [1, 3, 'script ?resultVarName? ?optionVarName?'],
  continue: [0, 0, ''],
  dict: [1, undefined, 'subcommand ?arg ...?'],
  'dict exists': [2, undefined, 'dictionary key ?key ...?'],
  'dict get': [1, undefined, 'dictionary ?key ...?'],
  'dict keys': [1, 2, 'dictionary ?pattern?'],
  'dict set': [3, undefined, 'dictVarName key ?key ...? value'],
  error: [1, 3, 'message ?errorInfo? ?errorCode?'],
  eval: [1, undefined, 'arg ?arg ...?'],
  expr: [1, undefined, 'arg ?arg ...?'],
  for: [4, 4, 'start test next command'],
  foreach: [3, undefined, 'varList list ?varList list ...? command'],
  format: [1, undefined, 'formatString ?arg ...?'],
  incr: [1, 2, 'varName ?increment?'],
  info: [1, undefined, 'subcommand ?arg ...?'],
  'info exists': [1, 1, 'varName'],
  join: [1, 2, 'list ?joinString?'],
  lappend: [1, undefined, 'varName ?value ...?'],
  lassign: [1, undefined, 'list ?varName ...?'],
  lindex: [1, undefined, 'list ?index ...?'],
  linsert: [2, undefined, 'list index ?element ...?'],
  llength: [1, 1, 'list'],
  lrange: [3, 3, 'list first last'],
  lreplace: [3, undefined, 'list first last ?element ...?'],
  lreverse: [1, 1, 'list'],
  lsearch: [2, undefined, '?-option value ...? list pattern'],
  lsort: [1, undefined, '?-option value ...? list'],
  proc: [3, 3, 'name args body'],
  regexp: [2, undefined, '?-option ...? exp string ?matchVar? ?subMatchVar ...?'],
  regsub: [3, undefined, '?-option ...? exp string subSpec ?varName?'],
  set: [1, 2, 'varName ?newValue?'],
  split: [1, 2, 'string ?splitChars?'],
  string: [1, undefined, 'subcommand ?arg ...?'],
  'string compare': [2, 5, '?-nocase? ?-length int? string1 string2'],
  'string equal': [2, 5, '?-nocase? ?-length int? string1 string2'],
  'string first': [2, 3, 'needleString haystackString ?startIndex?'],
  'string index': [2, 2, 'string charIndex'],
  'string is': [2, 5, 'class ?-strict? ?-failindex var? str'],
  'string last': [2, 3, 'needleString haystackString ?startIndex?'],
  'string length': [1, 1, 'string'],
  'string map': [2, 3, '?-nocase? charMap string'],
  'string match': [2, 3, '?-nocase? pattern string'],
  'string range': [3, 3, 'string first last'],
  'string repeat': [2, 2, 'string count'],
  'string replace': [3, 4, 'string first last ?string?'],
  'string reverse': [1, 1, 'string'],
  'string tolower': [1, 3, 'string ?first? ?last?'],
  'string totitle': [1, 3, 'string ?first? ?last?'],
  'string toupper': [1, 3, 'string ?first? ?last?'],
  'string trim': [1, 2, 'string ?chars?'],
  'string trimleft': [1, 2, 'string ?chars?'],
  'string trimright': [1, 2, 'string ?chars?'],
  subst: [1, undefined, '?-nobackslashes? ?-nocommands? ?-novariables? string'],
  switch: [2, undefined, '?-option ...? string ?pattern body ...? ?default body?'],
  uplevel: [1, undefined, '?level? command ?arg ...?'],
  upvar: [2, undefined, '?level? otherVar localVar ?otherVar localVar ...?'],
  while: [2, 2, 'test command'],
};

function check(name: string, count: number): void {
  const usage = Object.hasOwn(usages, name) ? usages[name] : undefined;
  if (usage !== undefined && (count < usage[0] || count > (usage[1] ?? count))) {
    throw new TclError(`wrong # args: should be "${`${name} ${usage[2]}`.trim()}"`);
  }
}

/** A core command that says `wrong # args` when it gets too few or too many. */
export function withUsage(name: string, command: Command): Command {
  if (!Object.hasOwn(usages, name)) {
    return command;
  }
  const isEnsemble = usages[name]?.[2] === 'subcommand ?arg ...?';
  return (args, tcl) => {
    check(name, args.length);
    if (isEnsemble) {
      check(`${name} ${args[0] ?? ''}`, args.length - 1);
    }
    return command(args, tcl);
  };
}
