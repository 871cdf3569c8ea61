// Works f5-conx-core: login, requests, discovery, files. The certificate is trusted through NODE_EXTRA_CA_CERTS.
'use strict';
const assert = require('node:assert');
const fs = require('node:fs');
const path = require('node:path');
const { createRequire } = require('node:module');

const { DEVICE_HOST, DEVICE_PORT, DEVICE_USER, DEVICE_PASSWORD, DEVICE_RELEASE, DEVICE_SCRATCH, CLIENTS_NPM } =
  process.env;
const { F5Client } = createRequire(path.join(CLIENTS_NPM, 'package.json'))('f5-conx-core');

function client(password = DEVICE_PASSWORD) {
  return new F5Client(DEVICE_HOST, DEVICE_USER, password, { port: Number(DEVICE_PORT) });
}

const device = client();
const pools = '/mgmt/tm/ltm/pool';
const own = `${pools}/~Common~conx1`;
const upload = path.join(DEVICE_SCRATCH, 'conx.txt');
fs.writeFileSync(upload, '"a" := "b",\n'.repeat(200_000));

/** @type {readonly (readonly [group: string, resource: string, steps: Record<string, () => Promise<unknown>>])[]} */
const subjects = [
  [
    'session',
    'F5Client',
    {
      login: async () => {
        await device.mgmtClient.getToken();
        assert.ok(device.mgmtClient.token.token);
      },
      'wrong password': async () => {
        await assert.rejects(client('wrong').mgmtClient.getToken(), (error) => error.response.status === 401);
      },
      discover: async () => {
        await device.discover('BIG-IP');
        assert.ok(device.host.version.startsWith(DEVICE_RELEASE), device.host.version);
        assert.strictEqual(device.host.product, 'BIG-IP');
      },
      clearLogin: async () => {
        await device.clearLogin();
        assert.strictEqual(device.mgmtClient.token, undefined);
      },
    },
  ],
  [
    'ltm',
    'https ltm/pool',
    {
      create: async () => {
        const made = await device.https(pools, { method: 'POST', data: { name: 'conx1' } });
        assert.strictEqual(made.data.fullPath, '/Common/conx1');
      },
      'create again': async () => {
        const twice = device.https(pools, { method: 'POST', data: { name: 'conx1' } });
        await assert.rejects(twice, (error) => error.response.status === 409);
      },
      read: async () => assert.strictEqual((await device.https(own)).data.name, 'conx1'),
      list: async () => {
        const { data } = await device.https(pools);
        assert.ok(data.items.some((each) => each.name === 'conx1'));
      },
      change: async () => {
        const { data } = await device.https(own, { method: 'PATCH', data: { description: 'changed' } });
        assert.strictEqual(data.description, 'changed');
      },
      bash: async () => {
        const data = { command: 'run', utilCmdArgs: `-c 'tmsh show sys version'` };
        const answer = await device.https('/mgmt/tm/util/bash', { method: 'POST', data });
        assert.ok(answer.data.commandResult.includes(DEVICE_RELEASE));
      },
      delete: async () => {
        await device.https(own, { method: 'DELETE' });
        await assert.rejects(device.https(own), (error) => error.response.status === 404);
      },
    },
  ],
  [
    'shared',
    'files',
    {
      upload: async () => {
        const { data } = await device.upload(upload, 'FILE');
        assert.strictEqual(data.bytes, fs.statSync(upload).size);
      },
      'use of an upload': async () => {
        const data = { name: 'conx', type: 'string', sourcePath: 'file:/var/config/rest/downloads/conx.txt' };
        const made = await device.https('/mgmt/tm/sys/file/data-group', { method: 'POST', data });
        assert.strictEqual(made.data.size, fs.statSync(upload).size);
        await device.https('/mgmt/tm/sys/file/data-group/~Common~conx', { method: 'DELETE' });
      },
      'upload ISO': () => device.upload(upload, 'ISO'),
      'upload UCS': () => device.upload(upload, 'UCS'),
      'ucs list': () => device.ucs.list(),
    },
  ],
  [
    'extensions',
    'atc',
    {
      'as3 not installed': async () => assert.strictEqual(device.as3, undefined),
      'installed packages': () => device.atc.showInstalled(),
    },
  ],
];

function tell(line) {
  process.stdout.write(`${JSON.stringify({ client: 'f5-conx-core', ...line })}\n`);
}

async function attempt(resource, operation, action) {
  try {
    await action();
    tell({ resource, operation, outcome: 'passed' });
  } catch (error) {
    const told =
      error.response === undefined ? error.message : `${error.response.status} ${error.response.data?.message}`;
    const outcome = error instanceof assert.AssertionError ? 'failed' : 'refused';
    tell({ resource, operation, outcome, reason: String(told) });
  }
}

async function main() {
  for (const [group, resource, steps] of subjects) tell({ group, resource, operations: Object.keys(steps) });
  for (const [, resource, steps] of subjects) {
    for (const [operation, action] of Object.entries(steps)) await attempt(resource, operation, action);
  }
  await device.clearLogin();
}

main().then(
  () => process.exit(0),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
