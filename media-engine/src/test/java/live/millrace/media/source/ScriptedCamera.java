// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.source;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import live.millrace.media.frame.MediaFrame;
import live.millrace.media.protocol.rtp.payload.PayloadFormats;
import live.millrace.media.protocol.rtp.payload.RtpTrackWriter;
import live.millrace.media.testing.SampleMedia;
import live.millrace.media.testing.SampleTracks;
import org.jspecify.annotations.Nullable;

/**
 * A camera of our own that speaks RTSP over plain sockets: it answers as it should, but for what a test makes it answer otherwise, and sends
 * a picture every 40 ms, each 25th a key frame, from PLAY on.
 */
public final class ScriptedCamera implements AutoCloseable {
    /** One request that came. */
    public record Asked(String method, String uri, Map<String, String> headers) {
        public String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    /** What it says instead of what it should; null for what it should. */
    public interface Quirk {
        String answer(Asked asked, String usual);
    }

    private static final int PAYLOAD_TYPE = 96;
    private static final byte[] PICTURE = new byte[200];

    private final ServerSocket listener;
    private final Thread accepting;
    private final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger reports = new AtomicInteger();
    private volatile Quirk quirk = (_, usual) -> usual;
    private volatile String sdp = sdp("a=fmtp:96 packetization-mode=1;sprop-parameter-sets=" + base64(SampleMedia.SPS)
            + "," + base64(SampleMedia.PPS) + "\r\n");
    private volatile boolean media = true;
    private volatile boolean setsInBand;
    private volatile boolean early;
    private volatile Duration pace = Duration.ofMillis(40);
    private volatile Function<Long, Long> stamps = time -> time;

    public ScriptedCamera() throws IOException {
        this(0);
    }

    /** @param port 0 for a free one */
    public ScriptedCamera(int port) throws IOException {
        this(new ServerSocket(), port);
    }

    /**
     * @param unbound listens in its own way
     * @param port 0 for a free one
     */
    public ScriptedCamera(ServerSocket unbound, int port) throws IOException {
        listener = unbound;
        listener.setReuseAddress(true);
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        accepting = Thread.ofPlatform().daemon().name("camera").start(this::accept);
    }

    public static String base64(String hex) {
        return Base64.getEncoder().encodeToString(ByteBufUtil.decodeHexDump(hex));
    }

    /** A description of one picture track. */
    public static String sdp(String more) {
        return "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
                + more + "a=control:track1\r\n";
    }

    public URI uri() {
        return uri("/live");
    }

    public URI uri(String path) {
        return URI.create("rtsp://127.0.0.1:" + listener.getLocalPort() + path);
    }

    public int port() {
        return listener.getLocalPort();
    }

    public ScriptedCamera describing(String description) {
        sdp = description;
        return this;
    }

    public ScriptedCamera answering(Quirk otherwise) {
        quirk = otherwise;
        return this;
    }

    /** Whether pictures come. */
    public ScriptedCamera sending(boolean on) {
        media = on;
        return this;
    }

    /** Parameter sets come before each key frame. */
    public ScriptedCamera withSetsInBand() {
        setsInBand = true;
        return this;
    }

    /** Pictures come before the answer to PLAY. */
    public ScriptedCamera overtaking() {
        early = true;
        return this;
    }

    public ScriptedCamera every(Duration time) {
        pace = time;
        return this;
    }

    /** @param of the stamps that go out, by what they should be */
    public ScriptedCamera stamping(Function<Long, Long> of) {
        stamps = of;
        return this;
    }

    public List<Asked> asked() {
        return asked;
    }

    public List<String> methods() {
        return asked.stream().map(Asked::method).toList();
    }

    public int connections() {
        return connections.get();
    }

    /** Those that are open now. */
    public int open() {
        return sockets.size();
    }

    /** As when somebody pulls its plug. */
    public void cut() {
        sockets.forEach(ScriptedCamera::close);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                if (listener.isClosed()) {
                    socket.close();
                    return;
                }
                connections.incrementAndGet();
                sockets.add(socket);
                Thread.ofPlatform().daemon().name("camera-connection").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            InputStream in = new BufferedInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            while (true) {
                Asked next = read(in);
                if (next == null) {
                    return;
                }
                asked.add(next);
                answer(socket, out, next);
            }
        } catch (IOException gone) {
            // that is how cameras leave
        } finally {
            sockets.remove(socket);
        }
    }

    /** Reports that came between requests. */
    public int reports() {
        return reports.get();
    }

    private @Nullable Asked read(InputStream in) throws IOException {
        int first = in.read();
        while (first == '$') {
            reports.incrementAndGet();
            in.skipNBytes(1);
            int length = (in.read() << 8) | in.read();
            in.skipNBytes(length);
            first = in.read();
        }
        StringBuilder head = new StringBuilder();
        for (int each = first; each >= 0; each = in.read()) {
            head.append((char) each);
            if (head.length() >= 4 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                String[] lines = head.toString().split("\r\n", -1);
                String[] words = lines[0].split(" ", -1);
                Map<String, String> headers = new LinkedHashMap<>();
                for (String line : lines) {
                    int colon = line.indexOf(": ");
                    if (colon > 0 && line.indexOf(' ') > colon) {
                        headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
                    }
                }
                return new Asked(words[0], words[1], headers);
            }
        }
        return null;
    }

    private void answer(Socket socket, OutputStream out, Asked next) throws IOException {
        String head = "RTSP/1.0 200 OK\r\nCSeq: " + next.header("CSeq") + "\r\n";
        String usual = switch (next.method()) {
            case "OPTIONS" -> head + "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\nServer: Scripted\r\n\r\n";
            case "DESCRIBE" ->
                head + "Content-Base: " + uri() + "/\r\nContent-Type: application/sdp\r\nContent-Length: "
                        + sdp.length() + "\r\n\r\n" + sdp;
            case "SETUP" -> head + "Transport: " + next.header("Transport") + "\r\nSession: 12345678;timeout=6\r\n\r\n";
            default -> head + "Session: 12345678\r\n\r\n";
        };
        String said = quirk.answer(next, usual);
        boolean plays = next.method().equals("PLAY") && said.startsWith("RTSP/1.0 200");
        if (plays && early) {
            send(socket, out);
        }
        if (!said.isEmpty()) {
            synchronized (socket) {
                out.write(said.getBytes(StandardCharsets.ISO_8859_1));
                out.flush();
            }
        }
        if (plays && !early) {
            send(socket, out);
        }
    }

    // ---- pictures -----------------------------------------------------------------------------------------------

    private void send(Socket socket, OutputStream out) {
        Thread.ofPlatform().daemon().name("camera-pictures").start(() -> {
            RtpTrackWriter writer = new RtpTrackWriter(
                    PayloadFormats.packetizer(SampleTracks.VIDEO.format()).orElseThrow(),
                    PAYLOAD_TYPE,
                    0x1234,
                    65_000,
                    0xFFFF_0000L,
                    RtpTrackWriter.USUAL_PAYLOAD,
                    Unpooled.buffer().alloc());
            try {
                for (long number = 0; !socket.isClosed(); number++) {
                    if (media) {
                        synchronized (socket) {
                            picture(writer, number, out);
                        }
                    }
                    LockSupport.parkNanos(pace.toNanos());
                }
            } catch (IOException gone) {
                // nobody takes them any more
            }
        });
    }

    private void picture(RtpTrackWriter writer, long number, OutputStream out) throws IOException {
        boolean key = number % 25 == 0;
        ByteBuf payload = Unpooled.buffer();
        if (key && setsInBand) {
            nal(payload, ByteBufUtil.decodeHexDump(SampleMedia.SPS));
            nal(payload, ByteBufUtil.decodeHexDump(SampleMedia.PPS));
        }
        byte[] slice = PICTURE.clone();
        slice[0] = (byte) (key ? 0x65 : 0x41);
        slice[1] = (byte) 0x88; // the first of its picture
        nal(payload, slice);
        List<byte[]> packets = new ArrayList<>();
        long time = stamps.apply(number * pace.toMillis() * 90);
        writer.write(new MediaFrame(SampleTracks.VIDEO, time, 0, key, payload), packet -> {
            byte[] bytes = ByteBufUtil.getBytes(packet);
            packet.release();
            packets.add(bytes);
        });
        for (byte[] packet : packets) {
            out.write(new byte[] {'$', 0, (byte) (packet.length >> 8), (byte) packet.length});
            out.write(packet);
        }
        out.flush();
    }

    private static void nal(ByteBuf into, byte[] unit) {
        into.writeInt(unit.length).writeBytes(unit);
    }

    @Override
    public void close() throws IOException {
        listener.close();
        try {
            // A thread that is in accept() keeps the port open, and takes who comes, until it has seen that it was
            // closed.
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        cut();
    }
}
