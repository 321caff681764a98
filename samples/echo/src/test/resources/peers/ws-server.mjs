// npm's ws as a server: node ws-server.mjs. Prints its port, then what it sees, as lines of JSON. Ends with its input.
// /echo sends back; /close closes with the code and reason of the message; /drop breaks the connection off at the first
// message; /fragments answers any message with one in three fragments and a ping between.
import { createRequire } from 'node:module';

// Unlike import, require looks at NODE_PATH.
const { WebSocketServer } = createRequire(import.meta.url)('ws');
const print = value => console.log(JSON.stringify(value));
const server = new WebSocketServer({ host: '127.0.0.1', port: 0 });

const answers = {
  '/echo': (socket, data, isBinary) => socket.send(data, { binary: isBinary }),
  '/close': (socket, data) => {
    const [, code, reason] = /^(\d+) ?(.*)$/.exec(String(data)) ?? [];
    code ? socket.close(Number(code), reason) : socket.close();
  },
  '/drop': socket => socket.terminate(),
  '/fragments': socket => {
    socket.send('one ', { fin: false });
    socket.ping('between');
    socket.send('two ', { fin: false });
    socket.send('three', { fin: true });
  },
};

server.on('listening', () => print({ port: server.address().port }));
server.on('connection', (socket, request) => {
  socket.on('message', (data, isBinary) => answers[request.url](socket, data, isBinary));
  socket.on('pong', data => print({ pong: String(data) }));
  socket.on('close', (code, reason) => print({ code, reason: String(reason) }));
});
process.stdin.on('end', () => process.exit()).resume();
