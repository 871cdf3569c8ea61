import { createHash, createHmac, randomBytes, randomInt } from 'node:crypto';
import { isIPv4 } from 'node:net';
import { textSetting } from '../../settings.ts';
import { askByDatagram } from '../datagram.ts';
import type { Probe, ProbeRequest, ProbeResult } from '../probe.ts';

/** Codes and attributes (RFC 2865, 2866, 2869). */
const ACCESS_REQUEST = 1;
const ACCESS_ACCEPT = 2;
const ACCOUNTING_REQUEST = 4;
const ACCOUNTING_RESPONSE = 5;
const USER_NAME = 1;
const USER_PASSWORD = 2;
const NAS_IP = 4;
const STATUS_TYPE = 40;
const SESSION_ID = 44;
const MESSAGE_AUTHENTICATOR = 80;
const START = 1;

function md5(...parts: readonly (Buffer | string)[]): Buffer {
  const hash = createHash('md5');
  for (const part of parts) hash.update(part);
  return hash.digest();
}

function attribute(type: number, value: Buffer | string): Buffer {
  const content = Buffer.from(value);
  return Buffer.concat([Buffer.from([type, content.length + 2]), content]);
}

/** The password, hidden by the secret (RFC 2865 5.2). */
function hidden(password: string, secret: string, authenticator: Buffer): Buffer {
  const plain = Buffer.alloc(Math.max(16, Math.ceil(Buffer.byteLength(password) / 16) * 16));
  plain.write(password);
  const blocks: Buffer[] = [];
  let before = authenticator;
  for (let at = 0; at < plain.length; at += 16) {
    const mask = md5(secret, before);
    before = Buffer.from(plain.subarray(at, at + 16).map((byte, index) => byte ^ (mask[index] ?? 0)));
    blocks.push(before);
  }
  return Buffer.concat(blocks);
}

function packet(code: number, authenticator: Buffer, attributes: Buffer): Buffer {
  const head = Buffer.from([code, randomInt(256), 0, 0]);
  head.writeUInt16BE(20 + attributes.length, 2);
  return Buffer.concat([head, authenticator, attributes]);
}

/** What the box calls itself; a server may ask for it. */
function nas({ monitor }: ProbeRequest): Buffer {
  const address = textSetting(monitor.settings, 'nasIpAddress');
  const isGiven = address !== undefined && isIPv4(address);
  return isGiven ? attribute(NAS_IP, Buffer.from(address.split('.').map(Number))) : Buffer.alloc(0);
}

/** Whether an answer is to this question and of somebody who knows the secret. */
function isGenuine(answer: Buffer, question: Buffer, secret: string): boolean {
  if (answer.length < 20 || answer[1] !== question[1]) return false;
  const whole = answer.subarray(0, answer.readUInt16BE(2));
  const proof = md5(whole.subarray(0, 4), question.subarray(4, 20), whole.subarray(20), secret);
  return proof.equals(whole.subarray(4, 20));
}

async function ask(request: ProbeRequest, question: Buffer, wanted: number): Promise<ProbeResult> {
  const secret = request.monitor.secret ?? '';
  return await askByDatagram(request, question, (answer) =>
    isGenuine(answer, question, secret) ? (answer[0] === wanted ? 'success' : 'failure') : undefined,
  );
}

/** `radius`: a login with `username` and `password` that the server accepts. */
export const probeRadius: Probe = async (request) => {
  const { settings, password = '', secret = '' } = request.monitor;
  const authenticator = randomBytes(16);
  const attributes = Buffer.concat([
    attribute(MESSAGE_AUTHENTICATOR, Buffer.alloc(16)),
    attribute(USER_NAME, textSetting(settings, 'username') ?? ''),
    attribute(USER_PASSWORD, hidden(password, secret, authenticator)),
    nas(request),
  ]);
  const question = packet(ACCESS_REQUEST, authenticator, attributes);
  createHmac('md5', secret).update(question).digest().copy(question, 22);
  return await ask(request, question, ACCESS_ACCEPT);
};

/** `radius-accounting`: the server takes the start of a session. */
export const probeRadiusAccounting: Probe = async (request) => {
  const { settings, secret = '' } = request.monitor;
  const attributes = Buffer.concat([
    attribute(STATUS_TYPE, Buffer.from([0, 0, 0, START])),
    attribute(SESSION_ID, randomBytes(4).toString('hex')),
    attribute(USER_NAME, textSetting(settings, 'username') ?? ''),
    nas(request),
  ]);
  const question = packet(ACCOUNTING_REQUEST, Buffer.alloc(16), attributes);
  md5(question, secret).copy(question, 4);
  return await ask(request, question, ACCOUNTING_RESPONSE);
};
