import { restjavadError } from '../errors/restjavad.ts';
import { header, type Reply, type Request } from '../http/exchange.ts';
import { jsonObject } from '../http/json-body.ts';
import type { Device } from '../session/device.ts';
import { trustHeader } from './links.ts';
import { readMessage } from './messages.ts';

/** `POST /emulator/pair`: what another device of the trust domain says. No device has this path. */
export function pairPage(request: Request, device: Device): Reply | Promise<Reply> {
  const { pair } = device;
  const message = request.method === 'POST' ? readMessage(jsonObject(request.body)) : undefined;
  if (pair === undefined || message === undefined) {
    throw restjavadError(400, `${request.path}: found another thing, expected a message of an emulator`);
  }
  // Who joins shows the password of an administrator instead.
  if (message.type !== 'join' && !pair.knows(header(request, trustHeader) ?? '')) {
    throw restjavadError(401, 'the sender is not in the trust domain');
  }
  const answer = pair.receive(message);
  return answer instanceof Promise ? answer.then((body) => ({ status: 200, body })) : { status: 200, body: answer };
}
