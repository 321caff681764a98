// npm's ws as a client of a fuzzing server: node ws-echo-client.mjs <ws://host:port>. Ends when all cases are played.
import { createRequire } from 'node:module';

// Unlike import, require looks at NODE_PATH.
const { WebSocket } = createRequire(import.meta.url)('ws');
const base = process.argv[2];

function run(path, onMessage) {
  return new Promise(resolve => {
    const socket = new WebSocket(base + path, {
      maxFragments: 65536,
      perMessageDeflate: { threshold: 0, clientNoContextTakeover: true },
    });
    socket.on('message', (data, isBinary) => onMessage(socket, data, isBinary));
    socket.on('error', () => {});
    socket.on('close', resolve);
  });
}

let count = 0;
await run('/getCaseCount', (socket, data) => (count = Number(data)));
for (let i = 1; i <= count; i++) {
  await run(`/runCase?case=${i}&agent=ws`, (socket, data, isBinary) => socket.send(data, { binary: isBinary }));
}
await run('/updateReports?agent=ws', () => {});
