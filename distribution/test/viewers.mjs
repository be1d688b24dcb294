// SPDX-License-Identifier: Apache-2.0
// Watches one stream in four ways at once until it is told to end, and says whether anything was missing: sockets that were dropped, media that
// came twice, late, changed or not at all. Node 20, nothing else.
//
//   node viewers.mjs HOST HTTPS_PORT RTMPS_PORT CHANNEL VIEWERS COOKIE      so many of each kind; COOKIE of whoever writes in the room
//
// Prints "watching" once all are there, a table at SIGTERM, and ends with 1 where something was missing.
import { randomBytes, randomUUID } from 'node:crypto';
import https from 'node:https';
import tls from 'node:tls';

const [host, httpsPort, rtmpsPort, channel, viewers, cookie] = process.argv.slice(2);
const COUNT = Number(viewers);
const AT_ONCE = 20;
const ADDRESS = '127.0.0.1';
/** Who issued what is served is not the question here. */
const TRUSTING = { rejectUnauthorized: false, servername: host };
/** Of 10 pictures a second, and of 1,024 samples of 16 kHz, in milliseconds: what renewal.sh publishes. */
const STEP = { video: 100, audio: 64 };
/** What one viewer has got is compared with what another gets so much later, at most. */
const KEPT = 4_000;
const WRITE_MILLIS = 2_000;
const PING_MILLIS = 20_000;

let ending = false;

class Kind {
  ready = 0;
  dropped = 0;
  refused = 0;
  units = 0;
  bytes = 0;
  late = 0;
  gaps = 0;
  different = 0;
  notes = [];
  known = new Map();

  constructor(name) {
    this.name = name;
  }

  note(text) {
    if (this.notes.length < 5) {
      this.notes.push(text);
    }
  }

  drop(why) {
    if (!ending) {
      this.dropped++;
      this.note(`dropped: ${why}`);
    }
  }

  /** Whoever gets something gets what everybody gets. */
  same(name, content) {
    this.units++;
    this.bytes += content.length;
    const before = this.known.get(name);
    if (before === undefined) {
      this.known.set(name, Buffer.from(content));
      if (this.known.size > KEPT) {
        this.known.delete(this.known.keys().next().value);
      }
    } else if (!before.equals(content)) {
      this.different++;
      this.note(`${name} differs`);
    }
  }
}

const kinds = { hls: new Kind('LL-HLS'), flv: new Kind('HTTP-FLV'), chat: new Kind('WebSocket of a page'), rtmp: new Kind('RTMPS') };

// ---- frames with times: FLV and RTMP ---------------------------------------------------------------------------------

/** One viewer's frames: each track goes on by its own step. */
class Timeline {
  last = {};
  begun = false;

  constructor(kind) {
    this.kind = kind;
  }

  frame(type, time, body) {
    const track = type === 9 ? 'video' : type === 8 ? 'audio' : undefined;
    // Configurations (AVCPacketType and AACPacketType 0) come when somebody joins, at a time of their own.
    if (track === undefined || body[1] === 0) {
      return;
    }
    const before = this.last[track];
    this.last[track] = time;
    // What is sent first is what a player begins with, which is another for each.
    if (before !== undefined && time - before !== STEP[track]) {
      this.kind.gaps++;
      this.kind.note(`${track} goes from ${before} to ${time} ms`);
    }
    this.kind.same(`${track} ${time}`, body);
  }
}

function watchFlv() {
  const kind = kinds.flv;
  const line = new Timeline(kind);
  return new Promise((ready) => {
    const request = https.get(
      { ...TRUSTING, host: ADDRESS, port: httpsPort, path: `/live/${channel}.flv`, agent: false, headers: { host } },
      (response) => {
        if (response.statusCode !== 200) {
          kind.refused++;
          kind.note(`answers ${response.statusCode}`);
        }
        let rest = Buffer.alloc(0);
        let at = 13;
        response.on('data', (data) => {
          rest = rest.length ? Buffer.concat([rest, data]) : data;
          while (rest.length >= at + 11) {
            const size = rest.readUIntBE(at + 1, 3);
            if (rest.length < at + 11 + size + 4) {
              break;
            }
            const time = rest.readUIntBE(at + 4, 3) + rest[at + 7] * 2 ** 24;
            if (rest.readUInt32BE(at + 11 + size) !== size + 11) {
              kind.different++;
              kind.note('a tag does not say how long it is');
            }
            line.frame(rest[at], time, rest.subarray(at + 11, at + 11 + size));
            at += 11 + size + 4;
          }
          if (at >= rest.length || at > 1 << 16) {
            const cut = Math.min(at, rest.length);
            rest = rest.subarray(cut);
            at -= cut;
          }
        });
        response.on('close', () => kind.drop('the answer ended'));
        response.on('error', (error) => kind.note(error.message));
        kind.ready++;
        ready();
      },
    );
    request.on('error', (error) => {
      kind.drop(error.message);
      ready();
    });
  });
}

// ---- RTMP: the client's side of what a player says (RTMP 1.0) --------------------------------------------------------

const amf = {
  number(value) {
    const out = Buffer.alloc(9);
    out.writeDoubleBE(value, 1);
    return out;
  },
  text(value) {
    const text = Buffer.from(value);
    return Buffer.concat([Buffer.from([2, text.length >> 8, text.length & 0xff]), text]);
  },
  object(map) {
    const parts = Object.entries(map).flatMap(([key, value]) => [this.text(key).subarray(1), this.text(value)]);
    return Buffer.concat([Buffer.from([3]), ...parts, Buffer.from([0, 0, 9])]);
  },
  nothing: Buffer.from([5]),
};

const CHUNK = 128;

function chunked(stream, type, body) {
  const head = Buffer.alloc(12);
  head[0] = 3;
  head.writeUIntBE(body.length, 4, 3);
  head[7] = type;
  head.writeUInt32LE(stream, 8);
  const parts = [head];
  for (let at = 0; at < body.length; at += CHUNK) {
    if (at > 0) {
      parts.push(Buffer.from([0xc3]));
    }
    parts.push(body.subarray(at, at + CHUNK));
  }
  return Buffer.concat(parts);
}

/** Takes chunks apart and hands on messages. */
class Chunks {
  size = 128;
  streams = new Map();
  rest = Buffer.alloc(0);

  constructor(message) {
    this.message = message;
  }

  take(data) {
    this.rest = this.rest.length ? Buffer.concat([this.rest, data]) : data;
    for (let used = this.one(); used > 0; used = this.one()) {
      this.rest = this.rest.subarray(used);
    }
  }

  /** Reads a chunk; answers how long it was, 0 for one that is not whole yet. */
  one() {
    const data = this.rest;
    if (data.length < 3) {
      return 0;
    }
    const format = data[0] >> 6;
    let id = data[0] & 63;
    let at = 1;
    if (id === 0) {
      id = 64 + data[at++];
    } else if (id === 1) {
      id = 64 + data[at] + data[at + 1] * 256;
      at += 2;
    }
    const length = [11, 7, 3, 0][format];
    if (data.length < at + length + 4) {
      return 0;
    }
    const state = { time: 0, delta: 0, size: 0, type: 0, parts: [], got: 0, extended: false, ...this.streams.get(id) };
    if (format < 3) {
      const stamp = data.readUIntBE(at, 3);
      state.extended = stamp === 0xffffff;
      state.stamp = stamp;
      if (format < 2) {
        state.size = data.readUIntBE(at + 3, 3);
        state.type = data[at + 6];
      }
    }
    at += length;
    let stamp = state.stamp;
    if (state.extended) {
      stamp = data.readUInt32BE(at);
      at += 4;
    }
    const take = Math.min(this.size, state.size - state.got);
    if (data.length < at + take) {
      return 0;
    }
    if (state.got === 0) {
      if (format === 0) {
        state.time = stamp;
        state.delta = 0;
      } else {
        if (format < 3) {
          state.delta = stamp;
        }
        state.time += state.delta;
      }
      state.parts = [];
    }
    state.parts = [...state.parts, Buffer.from(data.subarray(at, at + take))];
    state.got += take;
    if (state.got === state.size) {
      const body = Buffer.concat(state.parts);
      state.parts = [];
      state.got = 0;
      if (state.type === 1) {
        this.size = body.readUInt32BE(0) & 0x7fffffff;
      } else {
        this.message(state.type, state.time, body);
      }
    }
    this.streams.set(id, state);
    return at + take;
  }
}

function watchRtmp() {
  const kind = kinds.rtmp;
  const line = new Timeline(kind);
  return new Promise((ready) => {
    const socket = tls.connect({ ...TRUSTING, host: ADDRESS, port: Number(rtmpsPort) });
    let shaken = Buffer.alloc(0);
    let step = 'hello';
    const chunks = new Chunks((type, time, body) => {
      if (type !== 20) {
        line.frame(type, time, body);
        return;
      }
      const said = body.toString('latin1');
      if (said.includes('_result') && step === 'connect') {
        step = 'create';
        socket.write(chunked(0, 20, Buffer.concat([amf.text('createStream'), amf.number(2), amf.nothing])));
      } else if (said.includes('_result') && step === 'create') {
        step = 'play';
        socket.write(chunked(1, 20, Buffer.concat([amf.text('play'), amf.number(3), amf.nothing, amf.text(channel)])));
      } else if (said.includes('NetStream.Play.Start')) {
        kind.ready++;
        ready();
      } else if (said.includes('error') || said.includes('NotFound')) {
        kind.refused++;
        kind.note(said.replace(/[^ -~]+/g, ' '));
      }
    });
    socket.on('secureConnect', () => socket.write(Buffer.concat([Buffer.from([3]), Buffer.alloc(8), randomBytes(1528)])));
    socket.on('data', (data) => {
      if (step !== 'hello') {
        chunks.take(data);
        return;
      }
      shaken = Buffer.concat([shaken, data]);
      if (shaken.length >= 3073) {
        step = 'connect';
        socket.write(shaken.subarray(1, 1537));
        const words = { app: 'live', tcUrl: `rtmps://${host}:${rtmpsPort}/live`, flashVer: 'LNX 9,0,124,2' };
        socket.write(chunked(0, 20, Buffer.concat([amf.text('connect'), amf.number(1), amf.object(words)])));
        chunks.take(shaken.subarray(3073));
      }
    });
    socket.on('error', (error) => kind.note(error.message));
    socket.on('close', () => {
      kind.drop('the socket was closed');
      ready();
    });
  });
}

// ---- LL-HLS ----------------------------------------------------------------------------------------------------------

/** One viewer's only connection; a second one was dropped. */
class Connection {
  opened = 0;

  constructor(kind, index) {
    // A viewer is an address and a browser.
    this.headers = { host, 'user-agent': `viewer ${index}` };
    this.agent = new https.Agent({ keepAlive: true, maxSockets: 1, ...TRUSTING });
    const create = this.agent.createConnection;
    this.agent.createConnection = (...words) => {
      if (++this.opened > 1) {
        kind.drop('another connection was needed');
      }
      return create.apply(this.agent, words);
    };
  }

  get(path) {
    return new Promise((answer, failed) => {
      const request = https.get({ host: ADDRESS, port: httpsPort, path, agent: this.agent, headers: this.headers }, (response) => {
        const parts = [];
        response.on('data', (part) => parts.push(part));
        response.on('end', () => answer({ status: response.statusCode, body: Buffer.concat(parts) }));
        response.on('error', failed);
      });
      request.on('error', failed);
    });
  }
}

/** A playlist's parts, each with its number and place, and its whole segments. */
function read(playlist) {
  let number = Number(/#EXT-X-MEDIA-SEQUENCE:(\d+)/.exec(playlist)?.[1] ?? 0);
  let part = 0;
  const parts = [];
  const segments = [];
  for (const line of playlist.split('\n')) {
    const found = /^#EXT-X-PART:.*URI="([^"]+)"/.exec(line);
    if (found) {
      parts.push({ number, part: part++, uri: found[1] });
    } else if (line && !line.startsWith('#')) {
      segments.push({ number, uri: line });
      number++;
      part = 0;
    }
  }
  return { parts, segments, next: { number, part } };
}

async function watchHls(index) {
  const kind = kinds.hls;
  const connection = new Connection(kind, index);
  const get = async (path) => {
    const { status, body } = await connection.get(path);
    if (status !== 200) {
      throw new Error(`${path.replace(/\?.*/, '')} answers ${status}`);
    }
    return body;
  };
  let list;
  try {
    const master = (await get(`/live/${channel}.m3u8`)).toString();
    list = new URL(master.split('\n').find((line) => line && !line.startsWith('#')), `https://${host}/live/`);
  } catch (error) {
    kind.refused++;
    kind.note(error.message);
    return;
  }
  kind.ready++;
  // Every fourth takes parts.
  (index % 4 === 0 ? followParts() : followSegments()).catch((error) => kind.drop(error.message));

  async function followSegments() {
    let seen;
    let wanted = '';
    while (!ending) {
      const { segments, next } = read((await get(`${list.pathname}${wanted}`)).toString());
      wanted = `?_HLS_msn=${next.number}`;
      for (const each of seen === undefined ? segments.slice(-1) : segments.filter((one) => one.number > seen)) {
        if (ending) {
          return;
        }
        if (seen !== undefined && each.number !== seen + 1) {
          kind.gaps++;
          kind.note(`segments go from ${seen} to ${each.number}`);
        }
        kind.same(each.uri, await get(new URL(each.uri, list).pathname));
        seen = each.number;
      }
    }
  }

  async function followParts() {
    let seen;
    let wanted = '';
    let whole = [];
    while (!ending) {
      const { parts, segments, next } = read((await get(`${list.pathname}${wanted}`)).toString());
      wanted = `?_HLS_msn=${next.number}&_HLS_part=${next.part}`;
      const fresh = seen === undefined ? parts.slice(-1) : parts.filter((each) => later(each, seen));
      for (const each of fresh) {
        if (ending) {
          return;
        }
        if (seen && each.number > seen.number && (each.part > 0 || each.number > seen.number + 1)) {
          // Whoever is late takes segments, which are listed for longer than parts.
          await catchUp(segments, seen.number, each);
          whole = [];
          seen = { number: each.number - 1, part: 0 };
        } else if (seen && each.number === seen.number && each.part !== seen.part + 1) {
          kind.gaps++;
          kind.note(`parts go from ${seen.number}.${seen.part} to ${each.number}.${each.part}`);
          whole = [];
        }
        const body = await get(new URL(each.uri, list).pathname);
        kind.same(each.uri, body);
        if (seen && each.number !== seen.number) {
          await compare(segments, seen.number, whole);
          whole = [];
        }
        // A segment is whole for whoever saw its first part.
        if (each.part === 0 || whole.length > 0) {
          whole.push(body);
        }
        seen = each;
      }
    }
  }

  async function catchUp(segments, from, to) {
    kind.late++;
    for (let number = from; number < to.number; number++) {
      const segment = segments.find((each) => each.number === number);
      if (segment === undefined || to.part > 0) {
        kind.gaps++;
        kind.note(`segment ${number} is no longer there, before part ${to.number}.${to.part}`);
      } else {
        kind.same(segment.uri, await get(new URL(segment.uri, list).pathname));
      }
    }
  }

  const later = (one, other) => one.number > other.number || (one.number === other.number && one.part > other.part);

  /** A segment is its parts, one behind the other. */
  async function compare(segments, number, parts) {
    const segment = segments.find((each) => each.number === number);
    if (parts.length === 0 || !segment) {
      return;
    }
    const body = await get(new URL(segment.uri, list).pathname);
    kind.same(segment.uri, body);
    if (!Buffer.concat(parts).equals(body)) {
      kind.different++;
      kind.note(`${segment.uri} is not its parts`);
    }
  }
}

// ---- the page's socket -----------------------------------------------------------------------------------------------

/** A WebSocket (RFC 6455) that hands on texts. */
function openSocket(headers, opened, text, closed) {
  const key = randomBytes(16).toString('base64');
  const socket = tls.connect({ ...TRUSTING, host: ADDRESS, port: Number(httpsPort), ALPNProtocols: ['http/1.1'] });
  const send = (opcode, content) => {
    const mask = randomBytes(4);
    const body = Buffer.from(content);
    const head = body.length < 126 ? [0x80 | opcode, 0x80 | body.length] : [0x80 | opcode, 0xfe, body.length >> 8, body.length & 0xff];
    socket.write(Buffer.concat([Buffer.from(head), mask, body.map((byte, i) => byte ^ mask[i & 3])]));
  };
  let rest = Buffer.alloc(0);
  let upgraded = false;
  let pieces = [];
  socket.on('secureConnect', () => {
    const lines = {
      Host: `${host}:${httpsPort}`,
      Upgrade: 'websocket',
      Connection: 'Upgrade',
      Origin: `https://${host}:${httpsPort}`.replace(/:443$/, ''),
      'Sec-WebSocket-Key': key,
      'Sec-WebSocket-Version': '13',
      ...headers,
    };
    const head = Object.entries(lines).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET /api/v1/socket HTTP/1.1\r\n${head.join('')}\r\n`);
  });
  socket.on('data', (data) => {
    rest = Buffer.concat([rest, data]);
    if (!upgraded) {
      const end = rest.indexOf('\r\n\r\n');
      if (end < 0) {
        return;
      }
      const status = rest.subarray(0, rest.indexOf('\r\n')).toString();
      if (!/ 101( |$)/.test(status)) {
        socket.destroy(new Error(`the site answers ${status}`));
        return;
      }
      upgraded = true;
      rest = rest.subarray(end + 4);
      opened((said) => send(1, JSON.stringify(said)));
    }
    while (rest.length >= 2) {
      let length = rest[1] & 127;
      let at = 2;
      if (length === 126) {
        length = rest.length >= 4 ? rest.readUInt16BE(2) : Infinity;
        at = 4;
      } else if (length === 127) {
        length = rest.length >= 10 ? Number(rest.readBigUInt64BE(2)) : Infinity;
        at = 10;
      }
      if (rest.length < at + length) {
        return;
      }
      const body = rest.subarray(at, at + length);
      const opcode = rest[0] & 15;
      if (opcode === 9) {
        send(10, body);
      } else if (opcode < 3) {
        pieces.push(Buffer.from(body));
        if (rest[0] & 0x80) {
          text(Buffer.concat(pieces).toString());
          pieces = [];
        }
      }
      rest = rest.subarray(at + length);
    }
  });
  socket.on('error', (error) => closed(error.message));
  socket.on('close', () => closed('the socket was closed'));
}

const written = new Set();

function watchChat() {
  const kind = kinds.chat;
  return new Promise((ready) => {
    let told = false;
    let last;
    openSocket(
      {},
      (say) => {
        say({ type: 'join', topics: [`chat:${channel}`] });
        setInterval(() => say({ type: 'ping' }), PING_MILLIS).unref();
      },
      (text) => {
        const event = JSON.parse(text);
        if (event.type === 'history') {
          kind.ready++;
          ready();
        } else if (event.type === 'reconnect-after') {
          kind.drop('it is asked to come back');
        } else if (event.type === 'messages') {
          for (const message of event.messages) {
            if (last !== undefined && message.seq !== last + 1) {
              kind.gaps++;
              kind.note(`messages go from ${last} to ${message.seq}`);
            }
            last = message.seq;
            kind.same(`message ${message.seq}`, Buffer.from(JSON.stringify(message.id ?? message.seq)));
          }
        } else if (event.type === 'refused') {
          kind.refused++;
        }
      },
      (why) => {
        if (!told) {
          told = true;
          kind.drop(why);
          ready();
        }
      },
    );
  });
}

function write() {
  return new Promise((ready) => {
    openSocket(
      { Cookie: cookie },
      (say) => {
        say({ type: 'join', topics: [`chat:${channel}`] });
        let number = 0;
        setInterval(() => {
          const id = randomUUID();
          say({ type: 'say', topic: `chat:${channel}`, id, text: `line ${++number}` });
        }, WRITE_MILLIS).unref();
        ready();
      },
      (text) => {
        const event = JSON.parse(text);
        if (event.type === 'said') {
          written.add(event.id);
        } else if (event.type === 'not-said' || event.type === 'refused') {
          kinds.chat.note(text);
        }
      },
      (why) => kinds.chat.drop(`whoever writes: ${why}`),
    );
  });
}

// ---- all of it -------------------------------------------------------------------------------------------------------

function end() {
  ending = true;
  console.log('| kind | viewers | dropped | refused | received | MB | late | gaps | different |\n|---|---|---|---|---|---|---|---|---|');
  let well = true;
  for (const kind of Object.values(kinds)) {
    well &&= kind.ready === COUNT && kind.dropped + kind.refused + kind.gaps + kind.different === 0 && kind.units > 0;
    const figures = [kind.ready, kind.dropped, kind.refused, kind.units, Math.round(kind.bytes / 1e6), kind.late, kind.gaps, kind.different];
    console.log(`| ${kind.name} | ${figures.map((figure) => figure.toLocaleString('en')).join(' | ')} |`);
  }
  for (const kind of Object.values(kinds)) {
    for (const note of kind.notes) {
      console.log(`${kind.name}: ${note}`);
    }
  }
  console.log(`${written.size} messages were written.`);
  process.exit(well ? 0 : 1);
}

process.on('SIGTERM', end);
await write();
for (const watch of [watchHls, watchFlv, watchChat, watchRtmp]) {
  for (let i = 0; i < COUNT; i += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, COUNT - i) }, (_, j) => watch(i + j)));
  }
}
console.log('watching');
