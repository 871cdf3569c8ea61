import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AnswerJudge } from './judge.ts';
import { sendBytes, withAuthorization } from './monitor-text.ts';
import { monitorTls } from './monitor-tls.ts';
import { textSetting } from '../settings.ts';
import type { ProbeRequest, ProbeResult } from './probe.ts';

/**
 * Monitors `tcp`, `tcp-half-open`, `http`, `https`. Without `recv`, a tcp monitor is content with the connection and
 * an http one with any answer, an error status included. The device's monitoring daemon appends an empty line to
 * every HTTP send string (bug ID 1026781), so that `GET /\r\n` is answered by servers that wait for one. With a
 * `username` an HTTP/1 request says who asks (Basic).
 */
export async function probeTcp(request: ProbeRequest): Promise<ProbeResult> {
  const { monitor } = request;
  const judge = new AnswerJudge(monitor);
  const isHttp = monitor.type === 'http' || monitor.type === 'https';
  const send = monitor.type === 'tcp-half-open' ? '' : (monitor.send ?? (isHttp ? 'GET /\\r\\n' : ''));
  const text = isHttp ? `${authorized(send, request)}\\r\\n\\r\\n` : send;
  const bytes = send === 'none' ? Buffer.alloc(0) : sendBytes(text);
  return await onSocket(request, (socket, done) => {
    socket.once(monitor.type === 'https' ? 'secureConnect' : 'connect', () => {
      if (bytes.length > 0) socket.write(bytes);
      if (monitor.type === 'tcp-half-open' || (!isHttp && !judge.wantsAnswer)) done('success');
    });
    socket.on('data', (chunk: Buffer) => {
      const result = judge.add(chunk);
      if (result !== undefined) done(result);
    });
    socket.on('end', () => done(judge.end()));
    socket.on('error', () => done('failure'));
  });
}

function authorized(send: string, { monitor }: ProbeRequest): string {
  const name = textSetting(monitor.settings, 'username');
  return name === undefined ? send : withAuthorization(send, name, monitor.password ?? '');
}

/** ICMP monitors: a connection that is accepted or refused shows that the address answers. */
export async function probeReachable(request: ProbeRequest): Promise<ProbeResult> {
  const reachable = { ...request, monitor: { ...request.monitor, type: 'tcp' } };
  return await onSocket(reachable, (socket, done) => {
    socket.once('connect', () => done('success'));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      done(error.code === 'ECONNREFUSED' || error.code === 'ECONNRESET' ? 'success' : 'failure');
    });
  });
}

/** What is said on a connection; `done` ends it with a result. */
type Conversation = (socket: Socket, done: (result: ProbeResult) => void) => void;

/** Runs a conversation on a fresh socket; as on the device, `tcp-half-open` ends it by a reset. */
async function onSocket({ monitor, at, signal }: ProbeRequest, talk: Conversation): Promise<ProbeResult> {
  if (signal.aborted) return 'failure';
  const target = { host: at.address, port: at.port };
  const socket = monitor.type === 'https' ? connectTls({ ...target, ...monitorTls(monitor) }) : connect(target);
  return await new Promise<ProbeResult>((resolve) => {
    const abort = (): void => done('failure');
    const done = (result: ProbeResult): void => {
      signal.removeEventListener('abort', abort);
      socket.removeAllListeners('data');
      if (monitor.type === 'tcp-half-open' && !socket.connecting) socket.resetAndDestroy();
      else socket.destroy();
      resolve(result);
    };
    socket.on('error', () => {});
    signal.addEventListener('abort', abort, { once: true });
    talk(socket, done);
  });
}
