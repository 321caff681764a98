// One page in one room. What others wrote is only ever shown as text: see `element`.

const LONGEST_WAIT = 5000;
const MOST_IN_FLIGHT = 8;
const SHOWN_AT_MOST = 500;
const $ = id => document.getElementById(id);

let socket;
let retry;
let attempts = 0;
let origins = [location.origin];
let turn = 0;
let over = false;
let myName;
let room;

let last = null; // the id of the last message that was shown: from there a new connection goes on
let shown = 0;
const pending = new Map(); // key → what was said and is not confirmed; said again, under the same key, on a new connection
const inFlight = new Set(); // the keys among them that this connection was told
const inbox = []; // what has come and is not yet shown
let pump = null;
let leftOut = 0;

// ---- the connection

function connect() {
  const origin = origins[turn % origins.length];
  const address = new URL(`/rooms/${room}`, origin.replace(/^http/, 'ws'));
  address.searchParams.set('name', myName);
  if (last) address.searchParams.set('last', last);
  show('connecting', attempts ? `connecting again, attempt ${attempts}` : 'connecting');
  const opened = socket = new WebSocket(address);
  opened.onmessage = event => opened === socket && receive(JSON.parse(event.data));
  opened.onclose = event => opened === socket && closed(event);
}

function closed(event) {
  socket = null;
  // What has come and was not shown comes again, for `last` is before it.
  inbox.length = 0;
  stopPump();
  count();
  if (event.code === 1008) {
    over = true;
    show('closed', event.reason);
    if (!last) refuse(event.reason);
    return;
  }
  const wait = Math.min(LONGEST_WAIT, 250 * 2 ** attempts) * (0.5 + Math.random() / 2);
  attempts++;
  turn++;
  show('waiting', `lost the connection (${event.code}), trying again`);
  retry = setTimeout(connect, wait);
}

function tell(event) {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(event));
}

// ---- what comes

function receive(event) {
  switch (event.type) {
    case 'welcome':
      attempts = 0;
      show('open', `on node ${event.node}`);
      inFlight.clear();
      sayPending();
      break;
    case 'said':
    case 'skipped':
      inbox.push(event);
      pumpOn();
      break;
    case 'confirmed':
      pending.get(event.key)?.line.classList.remove('pending');
      answered(event.key);
      break;
    case 'refused': {
      const line = pending.get(event.key)?.line;
      answered(event.key);
      if (line) {
        line.classList.replace('pending', 'refused');
        line.querySelector('time').textContent = `not sent: ${event.reason}`;
      }
      break;
    }
    case 'present':
      $('members').replaceChildren(...event.members.map(({ name, slow }) => element('li', name, slow ? 'slow' : '')));
      break;
    case 'typing':
      typing(event.name);
      break;
  }
}

// Shows what has come: at once, or one a second. The server is told what was shown, and sends no more than a few beyond that.
function pumpOn() {
  if (pump !== null) return count();
  const step = () => {
    pump = null;
    do {
      const event = inbox.shift();
      if (event) showNext(event);
    } while (inbox.length && !$('slow').checked);
    if (last) tell({ type: 'seen', id: last });
    count();
    if (inbox.length) pump = setTimeout(step, 1000);
  };
  pump = setTimeout(step, $('slow').checked ? 1000 : 0);
  count();
}

function stopPump() {
  clearTimeout(pump);
  pump = null;
}

// Ids are milliseconds and a number; a room's go up, so that nothing is shown twice.
function isLater(id, other) {
  const [millis, number] = id.split('-').map(Number);
  const [otherMillis, otherNumber] = other.split('-').map(Number);
  return millis > otherMillis || millis === otherMillis && number > otherNumber;
}

function showNext(event) {
  if (event.type === 'skipped') {
    leftOut += event.count ?? 0;
    const what = event.count === null || event.count === undefined ? 'some messages' : `${event.count} messages`;
    append(element('li', `${what} left out: this page was too slow, or away for too long`, 'note'));
    return;
  }
  if (last && !isLater(event.id, last)) return;
  last = event.id;
  shown++;
  const waiting = pending.get(event.key)?.line ?? mineByKey(event.key);
  waiting?.remove();
  const line = said(event.name, event.text, new Date(event.time).toLocaleTimeString([], { timeStyle: 'short' }));
  line.dataset.id = event.id;
  if (event.name === myName) line.classList.add('mine');
  append(line);
  if ($('typing').dataset.name === event.name) typing(null);
}

// ---- what is said here

function mineByKey(key) {
  return [...$('log').querySelectorAll('li[data-key]')].find(line => line.dataset.key === key);
}

function say(text) {
  const key = crypto.getRandomValues(new Uint32Array(4)).join('-');
  const line = said(myName, text, 'sending');
  line.classList.add('mine', 'pending');
  line.dataset.key = key;
  pending.set(key, { text, line });
  append(line);
  sayPending();
}

// A few are on their way at a time; the others wait here.
function sayPending() {
  if (socket?.readyState !== WebSocket.OPEN) return;
  for (const [key, { text }] of pending) {
    if (inFlight.size >= MOST_IN_FLIGHT) return;
    if (!inFlight.has(key)) {
      inFlight.add(key);
      tell({ type: 'say', key, text });
    }
  }
}

function answered(key) {
  pending.delete(key);
  inFlight.delete(key);
  sayPending();
}

$('say').onsubmit = event => {
  event.preventDefault();
  const text = $('text').value.trim();
  if (!text || over) return;
  $('text').value = '';
  say(text);
};

let toldTyping = 0;
$('text').oninput = () => {
  if (Date.now() - toldTyping > 2000) {
    toldTyping = Date.now();
    tell({ type: 'typing' });
  }
};

$('burst').onclick = async () => {
  for (let i = 1; i <= 100 && !over; i++) {
    say(`${i} of 100`);
    await new Promise(resolve => setTimeout(resolve, 25));
  }
};

// From slow to fast: what waits is shown now.
$('slow').onchange = () => {
  if (!$('slow').checked && pump !== null) {
    stopPump();
    pumpOn();
  }
};

// ---- what is seen

function element(tag, text, className = '') {
  const made = document.createElement(tag);
  made.textContent = text;
  made.className = className;
  return made;
}

function said(name, text, when) {
  const line = document.createElement('li');
  const by = element('span', '', 'by');
  by.append(element('b', name), element('time', when));
  line.append(by, element('span', text, 'text'));
  return line;
}

function append(line) {
  const log = $('log');
  const atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < 60;
  log.append(line);
  while (log.children.length > SHOWN_AT_MOST) log.firstChild.remove();
  if (atEnd) log.scrollTop = log.scrollHeight;
}

let typingEnds;
function typing(name) {
  clearTimeout(typingEnds);
  $('typing').textContent = name ? `${name} is typing …` : '';
  $('typing').dataset.name = name ?? '';
  if (name) typingEnds = setTimeout(() => typing(null), 3000);
}

function count() {
  $('shown').textContent = shown;
  $('waiting').textContent = inbox.length;
  $('left-out').textContent = leftOut;
}

function show(state, text) {
  $('state').dataset.state = state;
  $('state-text').textContent = text;
}

// ---- the door

function refuse(reason) {
  $('refusal').textContent = reason;
  $('chat').hidden = true;
  $('door').hidden = false;
}

async function enter() {
  over = false;
  myName = $('name').value.trim();
  room = $('room').value.trim();
  $('title').textContent = room;
  $('door').hidden = true;
  $('chat').hidden = false;
  $('text').focus();
  try {
    const nodes = await (await fetch('/nodes')).json();
    // This node first; a page goes on to the next when it is gone.
    origins = [location.origin, ...nodes.filter(node => node !== location.origin)];
  } catch {
    // Then there is this node alone.
  }
  connect();
}

$('door').onsubmit = event => {
  event.preventDefault();
  enter();
};

const asked = new URLSearchParams(location.search);
if (asked.has('room')) $('room').value = asked.get('room');
if (asked.has('name')) {
  $('name').value = asked.get('name');
  enter();
}
window.addEventListener('online', () => {
  if (retry && !socket && !over) {
    clearTimeout(retry);
    connect();
  }
});
