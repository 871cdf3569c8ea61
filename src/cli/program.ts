import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { ApplyFlags } from './apply.ts';
import type { DemoFlags } from './demo/demo.ts';
import type { EmulatorFlags } from './emulator-flags.ts';
import type { GetFlags } from './get.ts';
import type { CommonFlags } from './flags.ts';
import type { PlanFlags } from './plan.ts';
import type { RunFlags } from './run.ts';
import type { Deps } from './session.ts';
import { withCommonFlags, withPlanningFlags, withScopeFlag } from './flags.ts';
import { EXIT } from './session.ts';
import { SHOW_LANGUAGES } from './plan.ts';
import { readVersion } from './version.ts';

/** Runs the command line and gives its exit code. Never rejects for what a user did. */
export async function runCli(args: readonly string[], deps: Deps): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(deps, (result) => {
    code = result;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? EXIT.ok : EXIT.error;
  }
}

/** The command line: verbs and their flags. `done` gets the exit code of the verb that ran. */
export function createProgram(deps: Deps, done: (code: number) => void): Command {
  const { io } = deps;
  const program = new Command('fairlead')
    .description('Guides configuration from Kubernetes and other sources to F5 BIG-IP, and keeps it there.')
    .version(readVersion(), '-V, --version', 'the version')
    .helpOption('-h, --help', 'this help')
    .helpCommand('help [verb]', 'the help of a verb')
    .showHelpAfterError('(--help shows what there is)')
    .configureOutput({ writeOut: (text) => io.stdout.write(text), writeErr: (text) => io.stderr.write(text) })
    .exitOverride();
  for (const addVerb of [addPlan, addApply, addRun, addGet, addCheck, addEmulator, addDemo])
    addVerb(program, deps, done);
  return program;
}

type AddVerb = (program: Command, deps: Deps, done: (code: number) => void) => void;

const addPlan: AddVerb = (program, deps, done) => {
  withPlanningFlags(withScopeFlag(withCommonFlags(program.command('plan'), ['text', 'json', 'markdown'])))
    .summary('show what apply would do')
    .description('Reads the sources and the devices and shows what apply would do. Changes nothing.')
    .option('--exit-code', 'exit with 2 if there is something to do')
    .addOption(new Option('--show <language>', 'print it as requests or commands').choices(SHOW_LANGUAGES))
    .option('--out <file>', 'write the plan to a file, as JSON, for apply --plan')
    .action(async (flags: PlanFlags) => {
      const { planVerb } = await import('./plan.ts');
      done(await planVerb(deps, flags));
    });
};

const addApply: AddVerb = (program, deps, done) => {
  withPlanningFlags(withScopeFlag(withCommonFlags(program.command('apply'), ['text', 'json'])))
    .summary('show the plan, ask, and do it')
    .description('Shows the plan, asks, and does it: that plan and no other.')
    .option('--yes', 'do not ask')
    .option(
      '--plan <fingerprint|file...>',
      'only the plan with this fingerprint, or that plan --out wrote',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), value],
    )
    .option('--no-save', 'do not save the configuration on the device: it is lost when it restarts')
    .action(async (flags: ApplyFlags) => {
      const { applyVerb } = await import('./apply.ts');
      done(await applyVerb(deps, flags));
    });
};

const addRun: AddVerb = (program, deps, done) => {
  withScopeFlag(withCommonFlags(program.command('run'), ['text', 'json']))
    .summary('follow the sources and keep the devices in step')
    .description(
      'Follows the sources and keeps the devices in step, until SIGTERM or SIGINT; a second one ends it at once.',
    )
    .option('--once', 'one pass, without asking, then exit')
    .action(async (flags: RunFlags) => {
      const { runVerb } = await import('./run.ts');
      done(await runVerb(deps, flags));
    });
};

const addGet: AddVerb = (program, deps, done) => {
  withScopeFlag(withCommonFlags(program.command('get'), ['text', 'json', 'yaml', 'state']))
    .summary('show what the sources say')
    .description('Shows the objects that the sources ask for, and who asks. Reads no device.')
    .argument('[words...]', 'kinds (pool, virtual, virtual-address, monitor) and parts of names or origins')
    .option('--provenance', 'field by field: who says it, where, and who says something else')
    .action(async (words: readonly string[], flags: GetFlags) => {
      const { getVerb } = await import('./get.ts');
      done(await getVerb(deps, words, flags));
    });
};

const addCheck: AddVerb = (program, deps, done) => {
  withCommonFlags(program.command('check'), ['text', 'json'])
    .summary('check config, connections, rights and versions')
    .description(
      'Checks config, connections, rights and versions. Each line is ok, or says what to do. Changes nothing.',
    )
    .action(async (flags: CommonFlags) => {
      const { checkVerb } = await import('./check.ts');
      done(await checkVerb(deps, flags));
    });
};

const addEmulator: AddVerb = (program, deps, done) => {
  program
    .command('emulator')
    .summary('a BIG-IP to try things on')
    .description('Runs an emulated BIG-IP (iControl REST, and traffic through virtual servers) until a signal.')
    .option('-c, --config <file>', 'a file that describes one device or several, instead of the flags below')
    .option('--listen <address:port>', 'where the management interface listens; port 0: any', '127.0.0.1:8443')
    .option('--hostname <name>', 'its host name', 'bigip1.example.com')
    .option('--user <name>', 'the administrator', 'admin')
    .option('--password-file <file>', 'a file with the password of the administrator; needed without --config')
    .option('--tmos <version>', 'the TMOS release to be', '17.1')
    .option('--module <name...>', 'modules provisioned besides ltm, such as gtm')
    .option('--conf <file>', 'a bigip.conf to start from')
    .option('--state <folder>', 'keep the state in this folder; default: in memory only')
    .option('--tls-cert <file>', 'certificate, PEM; default: self-signed')
    .option('--tls-key <file>', 'key of the certificate, PEM')
    .option('--ca-out <file>', 'write the certificate to trust (tls.caFile)')
    .option('--no-dataplane', 'no traffic: virtual servers do not listen')
    .option('--kernel [pairs]', 'apply the network to this namespace; 1.1=eth1: what interfaces and VLANs stand for')
    .option('--kernel-any-namespace', "allow --kernel in the machine's own network namespace")
    .option('--time-scale <factor>', 'factor on the times of monitors: 0.01 is 100 times faster', parseFactor, 1)
    .option('--open-page', 'the page at / asks for no password')
    .option('--faults <file>', 'faults to start with, a list in YAML or JSON')
    .addOption(
      new Option('-o, --output <format>', 'how the addresses are printed').choices(['text', 'json']).default('text'),
    )
    .action(async (flags: EmulatorFlags, command: Command) => {
      const { emulatorVerb } = await import('./emulator.ts');
      const given = command.options.filter((option) => command.getOptionValueSource(option.attributeName()) === 'cli');
      done(
        await emulatorVerb(
          deps,
          flags,
          given.map(({ long }) => long ?? ''),
        ),
      );
    });
};

function parseFactor(text: string): number {
  const factor = Number(text);
  if (Number.isFinite(factor) && factor > 0) return factor;
  throw new InvalidArgumentError('Expected a number above 0.');
}

const addDemo: AddVerb = (program, deps, done) => {
  program
    .command('demo')
    .summary('see it work: sample cluster, emulated BIG-IP, real requests')
    .description('Shows the main job on a sample cluster, an emulated BIG-IP and small backends. Needs nothing else.')
    .option('--keep', 'leave it running, to explore, until a signal')
    .option('--no-color', 'no colours')
    .addOption(
      new Option('-o, --output <format>', 'text, or one JSON object a step').choices(['text', 'json']).default('text'),
    )
    .action(async (flags: DemoFlags) => {
      const { demoVerb } = await import('./demo/demo.ts');
      done(await demoVerb(deps, flags));
    });
};
