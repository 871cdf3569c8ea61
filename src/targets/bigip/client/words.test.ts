import { expect, test } from 'vitest';
import { headline, isPage, readAnswer } from './words.ts';

test('an error of icrd or restjavad: its message, whole', () => {
  const message = 'one of the following must be specified:\nadd, delete, modify, replace-all-with';
  const answer = readAnswer({
    status: 400,
    text: JSON.stringify({ code: 400, message, errorStack: [], apiError: 26214401 }),
  });
  expect(answer).toMatchObject({ status: 400, message });
  expect(isPage(answer)).toBe(false);
  expect(headline(message)).toBe('one of the following must be specified:');
});

test('a page of Apache or Jetty: its title', () => {
  const jetty =
    '<html><head><title>Error 500 AsyncContext timeout</title></head><body><h2>HTTP ERROR 500</h2></body></html>';
  expect(readAnswer({ status: 500, text: jetty }).message).toBe('Error 500 AsyncContext timeout');
  const apache = readAnswer({
    status: 503,
    text: '<title>BIG-IP&reg; - Configuration Utility &lt;restarting&gt;...</title>',
  });
  expect(apache.message).toBe('BIG-IP® - Configuration Utility <restarting>...');
  expect(isPage(apache)).toBe(true);
});

test('a page without a title: its text; other text as it is', () => {
  expect(readAnswer({ status: 502, text: '<h1>Bad</h1>\n<p>Gateway</p>' }).message).toBe('Bad Gateway');
  expect(readAnswer({ status: 502, text: 'upstream  is\ngone' }).message).toBe('upstream is gone');
  expect(readAnswer({ status: 400, text: '{"code":400, cut' }).message).toBe('{"code":400, cut');
});

test('no words at all: the status', () => {
  for (const text of ['', '{"code":404,"message":"","errorStack":[]}', '{"code":404}']) {
    const answer = readAnswer({ status: 404, text });
    expect(answer.message).toBe('(no message, HTTP 404)');
    expect(isPage(answer)).toBe(false);
  }
});

test('a success: the body, and no words; DELETE answers with nothing', () => {
  expect(readAnswer({ status: 200, text: ' {"message":"hello","name":"web"}' })).toEqual({
    status: 200,
    body: { message: 'hello', name: 'web' },
    message: '',
  });
  expect(readAnswer({ status: 200, text: '\n' })).toEqual({ status: 200, body: undefined, message: '' });
});

test('a long line is cut for the log', () => {
  expect(headline('x'.repeat(1000))).toHaveLength(300);
});
