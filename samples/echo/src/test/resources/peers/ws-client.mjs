// npm's ws as a client: node ws-client.mjs <ws://host:port> <sizes, with commas>. Prints what it sees as lines of JSON.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createRequire } from 'node:module';

// Unlike import, require looks at NODE_PATH.
const { WebSocket } = createRequire(import.meta.url)('ws');
const [base, sizes] = process.argv.slice(2);
const print = value => console.log(JSON.stringify(value));
const sha = data => createHash('sha256').update(data).digest('hex');
const text = bytes => '-'.repeat(bytes % 10) + 'aé€😀'.repeat(bytes / 10);

async function open(path) {
  const socket = new WebSocket(base + path);
  await once(socket, 'open');
  return socket;
}

async function echo(socket, data) {
  socket.send(data);
  const [answer, isBinary] = await once(socket, 'message');
  return isBinary === (typeof data !== 'string') && sha(answer) === sha(data);
}

let socket = await open('/watched');
print({ extensions: socket.extensions });
for (const size of sizes.split(',').map(Number)) {
  print({ size, text: await echo(socket, text(size)), binary: await echo(socket, randomBytes(size)) });
}

socket.send('Hel', { fin: false });
socket.ping('between');
socket.send('lo', { fin: true });
const [[pong], [message]] = await Promise.all([once(socket, 'pong'), once(socket, 'message')]);
print({ pong: String(pong), message: String(message) });

const answers = [];
socket.on('message', answer => answers.push(Number(answer)));
for (let i = 0; i < 1000; i++) socket.send(String(i));
while (answers.length < 1000) await once(socket, 'message');
print({ burst: answers.length, inOrder: answers.every((answer, i) => answer === i) });

socket.close(4001, 'bye');
let [code, reason] = await once(socket, 'close');
print({ sent: 4001, code, reason: String(reason) });

for (const wanted of ['1000', '4002 enough', '']) {
  socket = await open('/close');
  socket.send(wanted);
  [code, reason] = await once(socket, 'close');
  print({ wanted, code, reason: String(reason) });
}

socket = await open('/watched');
socket.terminate();
await once(socket, 'close');
print({ terminated: true });
