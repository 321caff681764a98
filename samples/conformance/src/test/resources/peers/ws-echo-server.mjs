// npm's ws as an echo: node ws-echo-server.mjs. Prints its port. Ends with its input.
import { createRequire } from 'node:module';

// Unlike import, require looks at NODE_PATH.
const { WebSocketServer } = createRequire(import.meta.url)('ws');
// By default it takes 16,384 fragments; cases 9.3.1 and 9.4.1 have 65,536.
const server = new WebSocketServer({
  host: '127.0.0.1', port: 0, maxFragments: 65536, perMessageDeflate: { threshold: 0 },
});

server.on('listening', () => console.log(server.address().port));
server.on('connection', socket => {
  socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
  socket.on('error', () => {});
});
process.stdin.on('end', () => process.exit()).resume();
