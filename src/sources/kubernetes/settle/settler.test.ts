import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Diagnostic } from '../../../diagnostics/diagnostic.ts';
import type { OriginOutcome, Source } from '../../source.ts';
import type { FakeObject } from '../testing/fake-objects.ts';
import { ApiBed } from '../testing/harness.ts';
import { serviceObject, sliceObject } from '../testing/objects.ts';
import { until } from '../testing/until.ts';

const { signal } = new AbortController();
const WEB = 'east:Service/default/web';
let bed: ApiBed;

beforeEach(async () => {
  bed = await new ApiBed().start();
  bed.api.put(
    serviceObject('default/web', { loadBalancerIP: '10.1.10.50' }),
    sliceObject('default/web', ['10.244.1.5']),
  );
});

afterEach(() => bed.stop());

function outcome(state: OriginOutcome['state'], diagnostics: readonly Diagnostic[] = []): OriginOutcome {
  return { origin: WEB, state, diagnostics };
}

function refusal(code = 'device-refused', detail?: string): Diagnostic {
  const base = { code, severity: 'error', summary: 'Service default/web: the device said no', origin: WEB } as const;
  return detail === undefined ? base : { ...base, detail };
}

/** Puts the Service with these ingress entries. */
function withIngress(
  ingress: readonly object[],
  spec: Readonly<Record<string, unknown>> = { loadBalancerIP: '10.1.10.50' },
): FakeObject {
  return { ...serviceObject('default/web', spec), status: { loadBalancer: { ingress } } };
}

function ingress(): unknown {
  const service = bed.api.collection('services').get('default/web') as
    | { status?: { loadBalancer?: { ingress?: unknown } } }
    | undefined;
  return service?.status?.loadBalancer?.ingress;
}

function events(): readonly (FakeObject & {
  reason?: string;
  note?: string;
  type?: string;
  series?: { count: number };
})[] {
  return bed.api.collection('events').objects;
}

async function readSource(given: Parameters<ApiBed['source']>[0] = {}): Promise<Source> {
  const source = bed.source(given);
  await source.read({ signal });
  return source;
}

async function settle(source: Source, ...outcomes: OriginOutcome[]): Promise<readonly Diagnostic[]> {
  return (await source.settle?.(outcomes)) ?? [];
}

describe('the status of a Service', () => {
  it('gets its address once the device has it, and no second write', async () => {
    const source = await readSource();
    expect(ingress()).toBeUndefined();
    expect(await settle(source, outcome('applied'))).toEqual([]);
    expect(ingress()).toEqual([{ ip: '10.1.10.50' }]);
    await source.read({ signal });
    const requests = bed.api.requests.length;
    await settle(source, outcome('applied'));
    expect(bed.api.requests.length).toBe(requests);
  });

  it('costs no request after a restart, when it says what it must', async () => {
    bed.api.put(withIngress([{ ip: '10.1.10.50', ipMode: 'VIP' }]));
    const source = await readSource();
    const requests = bed.api.requests.length;
    await settle(source, outcome('applied'));
    expect(bed.api.requests.length).toBe(requests);
  });

  it('keeps the entries of others as they are', async () => {
    bed.api.put(withIngress([{ hostname: 'other.example' }, { ip: '192.0.2.1', ipMode: 'VIP' }]));
    await settle(await readSource(), outcome('applied'));
    expect(ingress()).toEqual([
      { hostname: 'other.example' },
      { ip: '192.0.2.1', ipMode: 'VIP' },
      { ip: '10.1.10.50' },
    ]);
  });

  it('changes with the address, also when the old one was written before a restart', async () => {
    bed.api.put(withIngress([{ ip: '10.1.10.40' }, { ip: '192.0.2.1' }]));
    const source = bed.source();
    await source.read({ signal, known: new Map([[WEB, [{ ip: '10.1.10.40' }]]]) });
    await settle(source, outcome('applied'));
    expect(ingress()).toEqual([{ ip: '192.0.2.1' }, { ip: '10.1.10.50' }]);
  });

  it('loses our entry when the Service is no longer ours', async () => {
    bed.api.put(withIngress([{ ip: '192.0.2.1' }]));
    const source = await readSource();
    await settle(source, outcome('applied'));
    bed.api.put(withIngress([{ ip: '192.0.2.1' }, { ip: '10.1.10.50' }], { loadBalancerClass: 'other/class' }));
    await source.read({ signal });
    await settle(source, outcome('gone'));
    expect(ingress()).toEqual([{ ip: '192.0.2.1' }]);
  });

  it('is not written for a refused Service, and stays for one that was applied before', async () => {
    const source = await readSource();
    await settle(source, outcome('refused', [refusal()]));
    expect(ingress()).toBeUndefined();
    await settle(source, outcome('applied'));
    await source.read({ signal });
    await settle(source, outcome('refused', [refusal()]));
    expect(ingress()).toEqual([{ ip: '10.1.10.50' }]);
  });

  it('is not written for a Service that is no LoadBalancer, nor for one that is gone', async () => {
    const source = await readSource();
    bed.api.remove('Service', 'default/web');
    expect(await settle(source, outcome('applied'))).toEqual([]);
    expect(bed.api.count('PATCH', /status/)).toBe(0);
  });

  it('is written again when somebody else wrote in between', async () => {
    const source = await readSource();
    bed.api.faults.push({ status: 409, verb: 'patch', resource: 'services/status', times: 2 });
    expect(await settle(source, outcome('applied'))).toEqual([]);
    expect(ingress()).toEqual([{ ip: '10.1.10.50' }]);
  });

  it('is left alone if the options say so', async () => {
    await settle(await readSource({ writeStatus: false }), outcome('applied'));
    expect(bed.api.count('PATCH', /./)).toBe(0);
  });

  it('that could not be written is tried again, though nothing new happens', async () => {
    const source = await readSource();
    bed.api.faults.push({ status: 503, verb: 'patch', resource: 'services/status', times: 3 });
    const [problem] = await settle(source, outcome('applied'));
    expect(problem).toMatchObject({ code: 'kubernetes-write-failed', severity: 'warning' });
    await until('it is written', () => ingress() !== undefined);
    expect(ingress()).toEqual([{ ip: '10.1.10.50' }]);
  });

  it('that another controller keeps undoing is left to it after a few times, and the owner is told', async () => {
    const source = await readSource();
    for (let round = 0; round < 20; round += 1) {
      await settle(source, outcome('applied'));
      bed.api.put(withIngress([{ ip: '192.0.2.1' }]));
      await source.read({ signal });
    }
    expect(bed.api.count('PATCH', /status/)).toBe(3);
    await until('the Event is there', () => events().some(({ reason }) => reason === 'StatusContested'));
    const contested = events().find(({ reason }) => reason === 'StatusContested');
    expect(contested?.note).toMatch(/^another controller keeps changing .* expected 10\.1\.10\.50 to stay/);
  });

  it('that is forbidden is one diagnostic with the missing rule, and the rest goes on', async () => {
    bed.api.put(serviceObject('default/api'));
    const source = await readSource();
    bed.api.faults.push({ status: 403, verb: 'patch', resource: 'services/status' });
    const problems = await settle(source, outcome('applied'), {
      ...outcome('applied'),
      origin: 'east:Service/default/api',
    });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ code: 'kubernetes-forbidden', severity: 'warning' });
    expect(problems[0]?.detail).toContain('{apiGroups: [""], resources: ["services/status"], verbs: ["patch"]}');
    const patches = bed.api.count('PATCH', /status/);
    expect(patches).toBeLessThanOrEqual(2);
    expect(await settle(source, outcome('applied'))).toEqual([]);
    expect(bed.api.count('PATCH', /status/)).toBe(patches);
    bed.api.faults.splice(0);
    // Both are written later, though nothing new is said of them.
    const written = () => bed.api.collection('services').objects.filter((one) => JSON.stringify(one).includes('"ip":'));
    await until('both are written', () => written().length === 2);
    expect(ingress()).toEqual([{ ip: '10.1.10.50' }]);
  });
});

describe('Events', () => {
  it('tell the owner what the device said', async () => {
    await settle(await readSource(), outcome('refused', [refusal('device-refused', '01020036:3: not found')]));
    await until('the Event is there', () => events().length === 1);
    expect(events()[0]).toMatchObject({
      type: 'Warning',
      reason: 'DeviceRefused',
      note: 'Service default/web: the device said no\n01020036:3: not found',
      action: 'Sync',
      reportingController: 'fairlead.io/fairlead',
      reportingInstance: 'east',
      regarding: { kind: 'Service', namespace: 'default', name: 'web', uid: 'uid-default/web' },
    });
  });

  it('are counted, not repeated, also after a restart', async () => {
    const one = await readSource();
    await settle(one, outcome('refused', [refusal()]));
    for (let n = 0; n < 5; n += 1) await settle(one, outcome('refused', [refusal()]));
    await until('the Event is there', () => events().length === 1);
    expect(bed.api.count('PATCH', /events/)).toBe(0);
    const two = await readSource();
    await settle(two, outcome('refused', [refusal()]));
    await until('it is counted', () => events()[0]?.series?.count === 2);
    expect(events()).toHaveLength(1);
  });

  it('say when it is applied, and again when it recovers', async () => {
    const source = await readSource();
    await settle(source, outcome('applied'));
    await until('the Event is there', () => events().length === 1);
    expect(events()[0]).toMatchObject({
      type: 'Normal',
      reason: 'Applied',
      note: 'the BIG-IP serves it at 10.1.10.50',
    });
    await source.read({ signal });
    await settle(source, outcome('applied'));
    await source.close?.();
    expect(bed.api.count('POST', /events/)).toBe(1);
  });

  it('are at most 1024 bytes long, cut between characters', async () => {
    await settle(await readSource(), outcome('refused', [refusal('x', 'ü'.repeat(2000))]));
    await until('the Event is there', () => events().length === 1);
    const note = events()[0]?.note ?? '';
    expect(Buffer.byteLength(note)).toBeLessThanOrEqual(1024);
    expect(note.endsWith('ü...')).toBe(true);
  });

  it('never hold up the caller, and are written before the source is closed', async () => {
    const source = await readSource();
    const many = Array.from({ length: 30 }, (_, n) => refusal(`code-${n}`));
    await settle(source, outcome('refused', many));
    await source.close?.();
    expect(events()).toHaveLength(30);
  });

  it('that could not be written are tried again, though nothing new happens', async () => {
    const source = await readSource();
    bed.api.faults.push({ status: 503, verb: 'create', resource: 'events', times: 2 });
    await settle(source, outcome('refused', [refusal()]));
    await until('the Event is there', () => events().length === 1);
    expect(bed.api.count('POST', /events/)).toBe(3);
  });

  it('in a namespace that is going away are dropped without a word about rights', async () => {
    const source = await readSource();
    bed.api.quote = 'unable to create new content in namespace default because it is being terminated';
    bed.api.faults.push({ status: 403, verb: 'create', resource: 'events', times: 1 });
    await settle(source, outcome('refused', [refusal('a')]));
    await until('it was tried', () => bed.api.count('POST', /events/) === 1);
    await settle(source, outcome('refused', [refusal('b')]));
    await until('the next one is there', () => events().length === 1);
    expect(await settle(source)).toEqual([]);
  });

  it('that are forbidden are one diagnostic with the missing rule', async () => {
    bed.api.faults.push({ status: 403, verb: 'create', resource: 'events' });
    const source = await readSource();
    await settle(source, outcome('refused', [refusal('a'), refusal('b')]));
    await until('both were tried', () => bed.api.count('POST', /events/) === 2);
    const problems: Diagnostic[] = [];
    await until('it is told', async () => problems.push(...(await settle(source))) > 0);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.detail).toContain('resources: ["events"], verbs: ["create", "get", "patch"]');
  });
});
