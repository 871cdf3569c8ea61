import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeList, makeTcl, splitList, TclError } from './index.ts';

const hasTclsh = spawnSync('tclsh', { input: 'exit' }).status === 0;

function run(script: string): string {
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

function hex(text: string): string {
  return Buffer.from(text).toString('hex');
}

/** What commands with these helpers show in the machine's tclsh; all texts go in hexadecimal, so that no quoting counts. */
function tclsh(commands: readonly string[]): readonly string[] {
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

const table: readonly (readonly [string, string])[] = [
  ['set a 1; set b "$a[set a]${a}"', '111'],
  ['set a(x) 1; set i x; set a($i)', '1'],
  ['set none', 'error: can\'t read "none": no such variable'],
  ['nothing 1', 'error: invalid command name "nothing"'],
  ['set', 'error: wrong # args: should be "set varName ?newValue?"'],
  ['set a {b', 'error: missing close-brace'],
  ['list a {b c} "d\\"e" \\{ {} # x\\\\', 'a {b c} d\\"e \\{ {} # x\\\\'],
  ['expr {1 + 2 * 3 ** 2}', '19'],
  ['expr {-7 / 2}', '-4'],
  ['expr {-7 % 3}', '2'],
  ['expr {7 / 2.0}', '3.5'],
  ['expr {0x1f + 010}', '39'],
  ['expr {1 ? "yes" : "no"}', 'yes'],
  ['expr {"a" eq "a" && "b" ne "c"}', '1'],
  ['expr {"a" in {a b}}', '1'],
  ['expr {1 / 0}', 'error: divide by zero'],
  ['expr {"a" + 1}', 'error: can\'t use non-numeric string as operand of "+"'],
  ['expr {max(1, 3, 2) + int(2.7) + round(-2.5)}', '2'],
  ['expr {2 ** 70}', '1180591620717411303424'],
  ['expr {1e20}', '1e+20'],
  ['expr {!0 || [error never]}', '1'],
  ['set s 0; for {set i 0} {$i < 10} {incr i} {if {$i == 3} continue; if {$i == 6} break; incr s $i}; set s', '12'],
  ['set l {}; foreach {a b} {1 2 3} c {x y} {lappend l $a-$b-$c}; set l', '1-2-x 3--y'],
  ['switch -glob -- abc {x - a* {set r 1} default {set r 2}}', '1'],
  ['switch -regexp abc {^b {set r 1} default {set r 2}}', '2'],
  ['proc f {a {b 2} args} {return "$a $b $args"}; f 1; f 1 3 4 5', '1 3 4 5'],
  ['proc f {a} {}; f', 'error: wrong # args: should be "f a"'],
  ['proc up {n} {upvar $n v; incr v}; set x 4; up x; set x', '5'],
  ['proc f {} {return -code error bad}; list [catch f r] $r', '1 bad'],
  ['catch {error oops} r; set r', 'oops'],
  ['string map {a 1 b 2} abc', '12c'],
  ['string range hello 1 end-1', 'ell'],
  ['string match {a*[x-z]?} abcyq', '1'],
  ['string first l hello', '2'],
  ['string is integer -strict ""', '0'],
  ['string trim "  x "', 'x'],
  ['split a.b.c .', 'a b c'],
  ['join {a b c} -', 'a-b-c'],
  ['lsort -integer -decreasing {10 9 100}', '100 10 9'],
  ['lsort -unique {b a b}', 'a b'],
  ['lsearch -all -inline {ab cd ax} a*', 'ab ax'],
  ['lindex {a {b c}} 1 0', 'b'],
  ['lrange {a b c d} 1 end', 'b c d'],
  ['lreplace {a b c} 1 1 x y', 'a x y c'],
  ['regexp -nocase {(B+)c} abBcd all one; list $all $one', 'bBc bB'],
  ['regexp -all -inline {\\d+} a1b22', '1 22'],
  ['regsub -all {[[:digit:]]+} a1b22 {<&>}', 'a<1>b<22>'],
  ['array set a {x 1}; list [array exists a] [array size a] [array get a]', '1 1 {x 1}'],
  ['set a 1; subst {$a [set a] \\x41}', '1 1 A'],
  ['info exists nope', '0'],
  ['lassign {1 2 3} a b; list $a $b', '1 2'],
  ['set x {*}{5}; incr x', '6'],
  ['set a 5; incr a 2; expr {$a * 2 + 1}', '15'],
  ['expr {7 / 2} ', '3'],
  ['expr {7 / 2.0}', '3.5'],
  ['expr {-7 % 3}', '2'],
  ['expr {1 ? "yes" : [error no]}', 'yes'],
  ['expr {0 && [error no]}', '0'],
  ['expr {"abc" eq "abc" && "b" in {a b c}}', '1'],
  ['expr {max(3, 9) + round(2.5)}', '12'],
  ['expr {(1 << 4) | 3}', '19'],
  ['list a {b c} "" "d\\"e" {$x}', 'a {b c} {} d\\"e {$x}'],
  ['lindex {a {b {c d}} e} 1 1 0', 'c'],
  ['lsort -integer -decreasing {3 10 2}', '10 3 2'],
  ['lsearch -all {a b a} a', '0 2'],
  ['lsearch -exact {a b} z', '-1'],
  ['join [split "a,b,c" ,] -', 'a-b-c'],
  ['proc f {a {b 2} args} { return "$a/$b/[llength $args]" }; f 1 x y z', '1/x/2'],
  ['proc f {n} { if {$n < 2} { return 1 } ; expr {$n * [f [expr {$n - 1}]]} }; f 6', '720'],
  ['set s {}; foreach {k v} {a 1 b 2} { append s "$k=$v;" }; set s', 'a=1;b=2;'],
  [
    'set s {}; for {set i 0} {$i < 5} {incr i} { if {$i == 1} continue; if {$i == 4} break; append s $i }; set s',
    '023',
  ],
  ['catch { error "bad thing" } e; set e', 'bad thing'],
  ['catch { nope }', '1'],
  ['switch -glob abc { a* { set r glob } default { set r none } }', 'glob'],
  ['switch x { a - x { set r fell } }', 'fell'],
  ['regexp {(\\w+)@(\\w+)} "me@there" all who where; list $who $where', 'me there'],
  ['regsub -all {"} {a "b"} {\\"} r; set r', 'a \\"b\\"'],
  ['string map {a 1 b 2} "abc"', '12c'],
  ['string range "abcdef" 1 end-1', 'bcde'],
  ['string is integer -strict ""', '0'],
  ['format "%05d|%-4s|%.2f|%x" 42 ab 1.5 255', '00042|ab  |1.50|ff'],
  ['array set a {x 1 y 2}; set a(z) 3; lsort [array names a]', 'x y z'],
  ['set d [dict create a 1]; dict set d b c 2; dict get $d b c', '2'],
  ['proc inc {name} { upvar $name v; incr v }; set n 1; inc n; set n', '2'],
  ['set g 1; proc f {} { global g; return [incr g] }; f', '2'],
  ['namespace eval x { variable v 7 }; proc x::y {} { return "ok" }; x::y', 'ok'],
  ['set x {*}; list {*}{a b} c', 'a b c'],
  ['set a "line \\\n   two"; set a', 'line  two'],
  ['# a comment with { no end\nset a 1', '1'],
  ['subst {a [expr {1+1}] \\n}', 'a 2 \n'],
  ['lassign {1 2 3} a b; list $b $a', '2 1'],
  ['expr {" 0x10 "}', '16'],
  ['expr {0x1f eq "31"}', '0'],
  ['expr {"08" == 8}', '0'],
  ['expr {0b101 + 0o17}', '20'],
  ['expr {"" + 1}', 'error: can\'t use empty string as operand of "+"'],
  ['expr {-"x"}', 'error: can\'t use non-numeric string as operand of "-"'],
  ['expr {!"x"}', 'error: can\'t use non-numeric string as operand of "!"'],
  ['expr {1.5 % 2}', 'error: can\'t use floating-point value as operand of "%"'],
  ['expr {~1.5}', 'error: can\'t use floating-point value as operand of "~"'],
  ['expr {sqrt("x")}', 'error: expected floating-point number but got "x"'],
  ['expr {abs("x")}', 'error: expected number but got "x"'],
  ['expr {abs(-7) + ceil(1.2)}', '9.0'],
  ['expr {sqrt(1, 2)}', 'error: too many arguments for math function "sqrt"'],
  ['expr {5 / 0.0}', 'Inf'],
  ['expr {0.0 / 0}', 'error: domain error: argument not in valid range'],
  ['expr {1 << -1}', 'error: negative shift argument'],
  ['list [expr {2 ** -1}] [expr {(-1) ** -3}] [expr {-2 ** 2}]', '0 -1 4'],
  ['list [expr {int(1e30)}] [expr {1 << 65}] [expr {-9 >> 1}]', '5076964154930102272 36893488147419103232 -5'],
  ['list [expr {1e-5}] [expr {1.0 * 3}] [expr {123456789012345680.0}]', '1e-5 3.0 1.2345678901234568e+17'],
  ['list [expr {9007199254740993 == 9007199254740992}] [expr {1 == 1.0}]', '0 1'],
  ['expr {-170141183460469231731687303715884105728 / 3}', '-56713727820156410577229101238628035243'],
  ['set a 9223372036854775807; incr a', '9223372036854775808'],
  ['set a x; incr a', 'error: expected integer but got "x"'],
  ['format %d 08', 'error: expected integer but got "08"'],
  ['while 1', 'error: wrong # args: should be "while test command"'],
  ['if', 'error: wrong # args: no expression after "if" argument'],
  ['if 1', 'error: wrong # args: no script following "1" argument'],
  ['if 0 {} else', 'error: wrong # args: no script following "else" argument'],
  ['if 0 {} elseif', 'error: wrong # args: no expression after "elseif" argument'],
  ['foreach a b', 'error: wrong # args: should be "foreach varList list ?varList list ...? command"'],
  ['break a', 'error: wrong # args: should be "break"'],
  ['string length', 'error: wrong # args: should be "string length string"'],
  ['dict set d a', 'error: wrong # args: should be "dict set dictVarName key ?key ...? value"'],
  ['array set a', 'error: wrong # args: should be "array set arrayName list"'],
  ['regexp a', 'error: wrong # args: should be "regexp ?-option ...? exp string ?matchVar? ?subMatchVar ...?"'],
  ['llength "a \\{"', 'error: unmatched open brace in list'],
  ['llength "\\"a"', 'error: unmatched open quote in list'],
  ['llength {{a}b}', 'error: list element in braces followed by "b" instead of space'],
  ['list # #', '{#} #'],
  ['list {\\\\\n}', '{\\\\\n}'],
  ['list {a\\\n   b}', '{a b}'],
  ['list a #b {#c d}', 'a #b {#c d}'],
  ['regexp {^[[:alpha:]_][[:alnum:]_]*$} a_1', '1'],
  ['regexp {^[^[:space:]]+$} "a b"', '0'],
  ['regexp {\\mfoo\\M} "a foo b"', '1'],
  ['regexp {\\yfoo\\y} "afoo"', '0'],
  ['regexp {\\Aa.b\\Z} "a\\nb"', '1'],
  ['regexp {(?i)ABC} abc', '1'],
  ['regexp {(?x) a b  # comment} ab', '1'],
  ['regexp {***=a.b} axb', '0'],
  ['regexp -line {^b$} "a\\nb"', '1'],
  ['regexp {[]a]+} x]a all; set all', ']a'],
  ['regexp (a b', "error: couldn't compile regular expression pattern: parentheses () not balanced"],
  ['regexp {[a} b', "error: couldn't compile regular expression pattern: brackets [] not balanced"],
  ['regexp *a b', "error: couldn't compile regular expression pattern: quantifier operand invalid"],
  ['regexp {[[:nope:]]} b', "error: couldn't compile regular expression pattern: invalid character class"],
  ['lsearch -regexp {ab c1 d} {[[:digit:]]}', '1'],
];

const letters = fc.string({
  unit: fc.constantFrom('a', ' ', '{', '}', '\\', '"', '[', ']', '$', ';', '#', '\n', '\t', 'é'),
});
const lists = fc.array(letters);

describe('Tcl as tclsh has it', () => {
  it.each(table)('%j gives %j', (script, outcome) => {
    expect(run(script)).toBe(outcome);
  });

  it('reads back every list that it makes', () => {
    fc.assert(
      fc.property(lists, (items) => {
        expect(splitList(makeList(items))).toEqual(items);
        expect(run(`list ${makeList(items)}`)).toBe(makeList(items));
      }),
    );
  });

  it('agrees with tclsh on all of these, and on how lists are quoted', (context) => {
    if (!hasTclsh) {
      context.skip('there is no tclsh on this machine to compare with');
    }
    const samples = fc.sample(lists, 1000);
    const shown = tclsh([
      ...table.map(([script]) => `outcome [text ${hex(script)}]`),
      ...samples.map((items) => `show [list ${items.map((item) => `[text "${hex(item)}"]`).join(' ')}]`),
    ]);
    expect(shown.slice(0, table.length).map((outcome, at) => [table[at]?.[0], outcome])).toEqual(table);
    expect(shown.slice(table.length)).toEqual(samples.map(makeList));
  });
});
