// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import live.millrace.media.amf.Amf0Reader;
import live.millrace.media.amf.Amf0Writer;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.protocol.rtmp.chunk.ChunkDecoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkEncoder;
import live.millrace.media.protocol.rtmp.chunk.ChunkLimits;
import live.millrace.media.protocol.rtmp.chunk.OutboundMessage;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;

/** A raw RTMP client on a blocking socket: says what the test tells it, in the order of OBS or any other. */
public final class RtmpScript implements AutoCloseable {
    private static final int BLOCK = 1536;
    private static final int CHUNK = 128;

    private final Socket socket;
    private final EmbeddedChannel encoder = new EmbeddedChannel(new ChunkEncoder());
    private final EmbeddedChannel decoder = new EmbeddedChannel(decoder());

    /** What a server sends may be as large as what it was sent. */
    private static ChunkDecoder decoder() {
        ChunkDecoder decoder = new ChunkDecoder();
        decoder.limits(ChunkLimits.PUBLISHER);
        return decoder;
    }

    public RtmpScript(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    /** Over a socket that is connected, encrypted perhaps. */
    public RtmpScript(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(15_000);
    }

    public RtmpScript handshake() throws IOException {
        socket.getOutputStream()
                .write(Unpooled.buffer().writeByte(3).writeZero(BLOCK).array(), 0, 1 + BLOCK);
        socket.getInputStream().readNBytes(1 + 2 * BLOCK);
        socket.getOutputStream().write(new byte[BLOCK]);
        return this;
    }

    public RtmpScript connect(String app) throws IOException {
        command(0, "connect", 1, AmfValue.object("app", AmfValue.of(app), "flashVer", AmfValue.of("test/1.0")));
        await("_result");
        return this;
    }

    /** Everything that OBS says before it publishes; answers the code of the status that came. */
    public String publish(String name) throws IOException {
        command(0, "releaseStream", 2, AmfValue.NULL, AmfValue.of(name));
        command(0, "FCPublish", 3, AmfValue.NULL, AmfValue.of(name));
        command(0, "createStream", 4, AmfValue.NULL);
        command(1, "publish", 5, AmfValue.NULL, AmfValue.of(name), AmfValue.of("live"));
        List<AmfValue> status = await("onStatus");
        return ((AmfValue.Obj) status.get(3)).text("code").orElseThrow();
    }

    public void command(long stream, String name, double transaction, AmfValue... arguments) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        Amf0Writer.write(payload, AmfValue.of(name));
        Amf0Writer.write(payload, AmfValue.of(transaction));
        Amf0Writer.writeAll(payload, List.of(arguments));
        send(3, 20, stream, 0, payload);
    }

    public void send(int chunkStream, int type, long stream, long timestamp, ByteBuf payload) throws IOException {
        encoder.writeOutbound(new OutboundMessage(chunkStream, type, stream, timestamp, payload));
        ByteBuf bytes = encoder.readOutbound();
        byte[] copy = ByteBufUtil.getBytes(bytes);
        bytes.release();
        raw(copy);
    }

    /**
     * Sends a message in chunks of 128 bytes, by any habit.
     *
     * @param repeatExtended whether type 3 chunks repeat an extended time stamp, as RTMP 1.0 says and librtmp does not
     */
    public void chunked(int chunkStream, int type, long stream, long timestamp, ByteBuf payload, boolean repeatExtended)
            throws IOException {
        ByteBuf out = Unpooled.buffer();
        boolean extended = timestamp >= 0xFFFFFF;
        out.writeByte(chunkStream).writeMedium(extended ? 0xFFFFFF : (int) timestamp);
        out.writeMedium(payload.readableBytes()).writeByte(type).writeIntLE((int) stream);
        if (extended) {
            out.writeInt((int) timestamp);
        }
        out.writeBytes(payload, Math.min(CHUNK, payload.readableBytes()));
        while (payload.isReadable()) {
            out.writeByte(0xC0 | chunkStream);
            if (extended && repeatExtended) {
                out.writeInt((int) timestamp);
            }
            out.writeBytes(payload, Math.min(CHUNK, payload.readableBytes()));
        }
        payload.release();
        raw(ByteBufUtil.getBytes(out));
    }

    /** Sends a message of at most 128 bytes behind another of its chunk stream, with a time delta (type 1). */
    public void delta(int chunkStream, int type, long delta, ByteBuf payload) throws IOException {
        ByteBuf out = Unpooled.buffer();
        boolean extended = delta >= 0xFFFFFF;
        out.writeByte(1 << 6 | chunkStream).writeMedium(extended ? 0xFFFFFF : (int) delta);
        out.writeMedium(payload.readableBytes()).writeByte(type);
        if (extended) {
            out.writeInt((int) delta);
        }
        out.writeBytes(payload);
        payload.release();
        raw(ByteBufUtil.getBytes(out));
    }

    /** The socket, for whoever wants to treat it badly. */
    public Socket socket() {
        return socket;
    }

    public void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Reads until a command of that name comes; answers all its values. */
    public List<AmfValue> await(String command) throws IOException {
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[4096];
        while (true) {
            for (RawMessage message = decoder.readInbound(); message != null; message = decoder.readInbound()) {
                try {
                    if (message.typeId() == 20) {
                        List<AmfValue> values = new Amf0Reader(message.payload()).readAll();
                        if (values.getFirst().equals(AmfValue.of(command))) {
                            return values;
                        }
                    }
                } finally {
                    message.payload().release();
                }
            }
            int count = in.read(buffer);
            if (count < 0) {
                throw new IOException("closed while waiting for " + command);
            }
            decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
        }
    }

    /** Reads until a message of that type comes. */
    public void awaitMessage(int typeId) throws IOException {
        byte[] buffer = new byte[4096];
        while (true) {
            for (RawMessage message = decoder.readInbound(); message != null; message = decoder.readInbound()) {
                message.payload().release();
                if (message.typeId() == typeId) {
                    return;
                }
            }
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                throw new IOException("closed while waiting for a message of type " + typeId);
            }
            decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
        }
    }

    /** Reads until a ping request comes (RTMP 1.0 §7.1.7). */
    public void awaitPing() throws IOException {
        awaitUserControl(6);
    }

    /** Waits until the server has taken everything that was sent: messages are handled in order. */
    public void sync() throws IOException {
        send(2, 4, 0, 0, Unpooled.buffer().writeShort(6).writeInt(0));
        awaitUserControl(7);
    }

    private void awaitUserControl(int event) throws IOException {
        byte[] buffer = new byte[4096];
        while (true) {
            for (RawMessage message = decoder.readInbound(); message != null; message = decoder.readInbound()) {
                try {
                    if (message.typeId() == 4 && message.payload().readUnsignedShort() == event) {
                        return;
                    }
                } finally {
                    message.payload().release();
                }
            }
            int count = socket.getInputStream().read(buffer);
            if (count < 0) {
                throw new IOException("closed while waiting for user control event " + event);
            }
            decoder.writeInbound(Unpooled.copiedBuffer(buffer, 0, count));
        }
    }

    /** Reads to the end of the connection. */
    public void awaitClose() throws IOException {
        try {
            socket.getInputStream().readAllBytes();
        } catch (java.net.SocketException reset) {
            // closed all the same
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
        encoder.finishAndReleaseAll();
        decoder.finishAndReleaseAll();
    }
}
