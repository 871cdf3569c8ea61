import { describe, expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const GOOD = `instance: east
sources:
  - name: east
    kubernetes: { kubeconfig: ~/.kube/config, context: prod }
targets:
  - name: bigip1
    bigip:
      url: https://10.1.1.245
      username: fairlead
      password: { env: BIGIP_PASSWORD }
`;

function problems(text: string): readonly string[] {
  return parseConfig(text, 'fairlead.yaml').diagnostics.map(({ origin, summary }) => `${origin} ${summary}`);
}

describe('a config file', () => {
  it('is read and completed with defaults', () => {
    const { config, diagnostics } = parseConfig(GOOD, 'fairlead.yaml');
    expect(diagnostics).toEqual([]);
    expect(config).toMatchObject({
      instance: 'east',
      sources: [{ loadBalancerClass: 'fairlead.io/bigip', claimUnclassed: false, members: 'auto' }],
      targets: [{ bigip: { partition: 'kubernetes', batchSize: 200 } }],
      safety: { deletes: { objects: 10, share: 0.3 }, adopt: 'none', keepMemberState: false },
      run: { driftInterval: 300_000, settle: 50 },
      log: { level: 'info', format: 'json' },
    });
  });

  it('gives every problem at once, each with file, line, column, field, found and expected', () => {
    const text = GOOD.replace('instance:', 'instanse:')
      .replace('url: https://10.1.1.245', 'url: 10.1.1.245')
      .replace('username: fairlead', 'username: 5')
      .concat('run: { driftInterval: 5 }\nlog:\n  level: loud\n');
    expect(problems(text)).toEqual([
      'fairlead.yaml:1:1 `instance`: is missing; expected lower-case letters, digits and dashes (at most 63), as in east-1',
      'fairlead.yaml:1:1 `instanse`: is no known name; did you mean instance?',
      'fairlead.yaml:8:12 `targets[0].bigip.url`: found "10.1.1.245", expected the URL of the device, https://ADDRESS[:PORT], without user, password and path',
      'fairlead.yaml:9:17 `targets[0].bigip.username`: found 5, expected a text',
      'fairlead.yaml:11:23 `run.driftInterval`: found 5, expected a duration such as 500ms, 30s, 5m or 1h',
      'fairlead.yaml:13:10 `log.level`: found "loud", expected one of trace, debug, info, warn, error',
    ]);
  });

  it('points at the thing around a field that is missing', () => {
    expect(problems(GOOD.replace('      username: fairlead\n', ''))).toEqual([
      'fairlead.yaml:7:5 `targets[0].bigip.username`: is missing; expected a text',
    ]);
  });

  it('names the choices where exactly one is wanted', () => {
    const both = GOOD.replace('context: prod', 'manifests: ./m');
    expect(problems(both)).toEqual([
      'fairlead.yaml:4:17 `sources[0].kubernetes`: found a mapping with kubeconfig, manifests, expected exactly one of kubeconfig, inCluster, manifests',
    ]);
    expect(problems(GOOD.replace('kubeconfig: ~/.kube/config,', 'inCluster: true,'))[0]).toContain(
      'expected a kubeconfig beside context',
    );
  });

  it('refuses two things of one name, and two targets in one partition', () => {
    const text = GOOD.replace('targets:', '  - { name: east, kubernetes: { inCluster: true } }\ntargets:').concat(
      '  - name: other\n    bigip: { url: https://10.1.1.245/, username: a, password: { env: A } }\n',
    );
    expect(problems(text)).toEqual([
      'fairlead.yaml:5:13 `sources[1].name`: found "east" again, expected a name of its own (sources[0] has it)',
      "fairlead.yaml:13:5 `targets[1].bigip`: writes the partition kubernetes of the same device as targets[0]; expected another partition or device, or `only` that lets in nothing of that one's",
    ]);
  });

  it('takes two targets in one partition whose lines have nothing in common', () => {
    const two = (only: string): readonly string[] =>
      problems(
        GOOD.concat(
          `  - name: other\n    only: ${only}\n    bigip: { url: https://10.1.1.245, username: a, password: { env: A } }\n`,
        ),
      );
    expect(two('pool-members of /Common/team')).toEqual([]);
    expect(two('pool-members of /kubernetes/web')).toEqual([
      "fairlead.yaml:13:5 `targets[1].bigip`: writes pool-members of /kubernetes/web of the same device as targets[0]; expected another partition or device, or `only` that lets in nothing of that one's",
    ]);
    expect(two('[oops]').join()).not.toContain('same device');
  });

  it('refuses a secret that is to be read through a source without an API server', () => {
    const secret = '{ secret: { namespace: a, name: b, key: c } }';
    const withSecret = GOOD.replace('{ env: BIGIP_PASSWORD }', secret);
    expect(problems(withSecret)).toEqual([]);
    expect(problems(withSecret.replace('kubeconfig: ~/.kube/config, context: prod', 'manifests: ./m'))).toEqual([
      'fairlead.yaml:10:19 `targets[0].bigip.password.secret`: names no source; expected `source`, one of the sources with an API server: there is none',
    ]);
    expect(problems(withSecret.replace('namespace: a', 'source: west, namespace: a'))[0]).toContain(
      '`targets[0].bigip.password.secret.source`: is no source that can read Secrets',
    );
  });

  it('takes a list of objects to adopt, and refuses what is none', () => {
    expect(problems(`${GOOD}safety: { adopt: [pool:/kubernetes/web] }\n`)).toEqual([]);
    expect(problems(`${GOOD}safety: { adopt: [pol:/kubernetes/web] }\n`)).toEqual([
      'fairlead.yaml:11:19 `safety.adopt[0]`: found "pol:/kubernetes/web", expected KIND:/PARTITION/NAME, such as pool:/kubernetes/web',
    ]);
  });

  it('tells broken YAML with its line', () => {
    expect(problems('instance: [a\nsources:\n')[0]).toMatch(/^fairlead\.yaml:\d+:\d+ not valid YAML: /);
    expect(problems('# nothing yet\n')).toEqual([
      'fairlead.yaml:1:1 the file is empty, expected at least instance, sources and targets (docs/configuration.md)',
    ]);
    expect(problems('instance: a\ninstance: b\n')).toEqual([
      'fairlead.yaml:2:1 not valid YAML: this name stands twice in one mapping, expected once; join the two, or remove one',
    ]);
    expect(problems('instance: a\n---\ninstance: b\n')[0]).toContain(':2:1 not valid YAML: a second document begins');
    expect(problems('instance: a\n\tsources: []\n')[0]).toContain(':2:1 not valid YAML: Tabs are not allowed');
    expect(problems('just text')).toEqual(['fairlead.yaml:1:1 found "just text", expected a mapping']);
  });
});

describe('a secret in the config file', () => {
  it.each([
    'hunter2',
    '"hunter2"',
    '{ hunter2 }',
    '{ value: hunter2 }',
    '{ env: hunter2- }',
    '{ env: { hunter2: 1 } }',
    '[hunter2]',
    '!hunter2 x',
    '*hunter2',
    '{ secret: hunter2 }',
    '{ secret: { namespace: a, name: b, key: c, hunter2: d } }',
    '&hunter2',
    '"hunter2',
    '@hunter2',
    '{ env: A, file: [hunter2] }',
  ])('is an error that does not repeat it: password: %s', (value) => {
    const { config, diagnostics } = parseConfig(GOOD.replace('{ env: BIGIP_PASSWORD }', value), 'fairlead.yaml');
    expect(config).toBeUndefined();
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  it('is not repeated from a URL', () => {
    const { diagnostics } = parseConfig(GOOD.replace('https://', 'https://admin:hunter2@'), 'fairlead.yaml');
    expect(diagnostics[0]?.summary).toContain('found a URL with credentials in it');
    expect(JSON.stringify(diagnostics)).not.toContain('hunter2');
  });

  it('says what belongs there instead', () => {
    expect(problems(GOOD.replace('{ env: BIGIP_PASSWORD }', 'hunter2'))).toEqual([
      'fairlead.yaml:10:17 `targets[0].bigip.password`: found a plain string, expected a reference to a secret: {env: NAME}, {file: PATH} or {secret: {namespace, name, key}}',
    ]);
  });
});
