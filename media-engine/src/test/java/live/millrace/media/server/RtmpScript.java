// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.server;

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
import live.millrace.media.protocol.rtmp.chunk.OutboundMessage;
import live.millrace.media.protocol.rtmp.chunk.RawMessage;

/** A raw RTMP client on a blocking socket: says what the test tells it, in the order of OBS or any other. */
final class RtmpScript implements AutoCloseable {
    private static final int BLOCK = 1536;

    private final Socket socket;
    private final EmbeddedChannel encoder = new EmbeddedChannel(new ChunkEncoder());
    private final EmbeddedChannel decoder = new EmbeddedChannel(new ChunkDecoder());

    RtmpScript(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(15_000);
    }

    RtmpScript handshake() throws IOException {
        socket.getOutputStream()
                .write(Unpooled.buffer().writeByte(3).writeZero(BLOCK).array(), 0, 1 + BLOCK);
        socket.getInputStream().readNBytes(1 + 2 * BLOCK);
        socket.getOutputStream().write(new byte[BLOCK]);
        return this;
    }

    RtmpScript connect(String app) throws IOException {
        command(0, "connect", 1, AmfValue.object("app", AmfValue.of(app), "flashVer", AmfValue.of("test/1.0")));
        await("_result");
        return this;
    }

    /** Everything that OBS says before it publishes; answers the code of the status that came. */
    String publish(String name) throws IOException {
        command(0, "releaseStream", 2, AmfValue.NULL, AmfValue.of(name));
        command(0, "FCPublish", 3, AmfValue.NULL, AmfValue.of(name));
        command(0, "createStream", 4, AmfValue.NULL);
        command(1, "publish", 5, AmfValue.NULL, AmfValue.of(name), AmfValue.of("live"));
        List<AmfValue> status = await("onStatus");
        return ((AmfValue.Obj) status.get(3)).text("code").orElseThrow();
    }

    void command(long stream, String name, double transaction, AmfValue... arguments) throws IOException {
        ByteBuf payload = Unpooled.buffer();
        Amf0Writer.write(payload, AmfValue.of(name));
        Amf0Writer.write(payload, AmfValue.of(transaction));
        Amf0Writer.writeAll(payload, List.of(arguments));
        send(3, 20, stream, 0, payload);
    }

    void send(int chunkStream, int type, long stream, long timestamp, ByteBuf payload) throws IOException {
        encoder.writeOutbound(new OutboundMessage(chunkStream, type, stream, timestamp, payload));
        ByteBuf bytes = encoder.readOutbound();
        raw(ByteBufUtil.getBytes(bytes));
        bytes.release();
    }

    void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** Reads until a command of that name comes; answers all its values. */
    List<AmfValue> await(String command) throws IOException {
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

    /** Reads to the end of the connection. */
    void awaitClose() throws IOException {
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
