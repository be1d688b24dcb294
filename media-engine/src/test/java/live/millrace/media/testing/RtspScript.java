// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HexFormat;
import java.util.Optional;

/** A raw RTSP client on a blocking socket: says what the test tells it, publishes pictures by hand, and reads what comes. */
public final class RtspScript implements AutoCloseable {
    /** H.264 whose parameter sets stand in the description. */
    public static final String VIDEO = "m=video 0 RTP/AVP 96\r\na=rtpmap:96 H264/90000\r\n"
            + "a=fmtp:96 packetization-mode=1;sprop-parameter-sets=" + sprop() + "\r\na=control:streamid=0\r\n";

    /** G.711, a packet of which is a frame. */
    public static final String SOUND = "m=audio 0 RTP/AVP 8\r\na=control:streamid=1\r\n";

    public static final String PREAMBLE = "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=test\r\nt=0 0\r\n";

    /** An answer. */
    public record Answer(int status, String text) {
        /** The first header of a name. */
        public Optional<String> header(String name) {
            return text.lines()
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst();
        }

        public String body() {
            return text.substring(text.indexOf("\r\n\r\n") + 4);
        }
    }

    /** A packet between messages. */
    public static final class Frame {
        private final int channel;
        private final byte[] packet;

        Frame(int channel, byte[] packet) {
            this.channel = channel;
            this.packet = packet;
        }

        public int channel() {
            return channel;
        }

        public byte[] packet() {
            return packet;
        }

        public int sequence() {
            return (packet[2] & 0xFF) << 8 | (packet[3] & 0xFF);
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final Deque<Frame> frames = new ArrayDeque<>();
    private String session;
    private int sequence;
    private final int[] numbers = new int[128];

    public RtspScript(int port) throws IOException {
        this(new Socket(InetAddress.getLoopbackAddress(), port));
    }

    public RtspScript(Socket connected) throws IOException {
        socket = connected;
        socket.setSoTimeout(20_000);
        in = new BufferedInputStream(socket.getInputStream());
    }

    private static String sprop() {
        return base64(SampleMedia.SPS) + "," + base64(SampleMedia.PPS);
    }

    private static String base64(String hex) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex));
    }

    /** An address of this server. */
    public String uri(String path) {
        return "rtsp://127.0.0.1:" + socket.getPort() + path;
    }

    /** The port that this client speaks from; that of the server would be another. */
    public Socket socket() {
        return socket;
    }

    public void raw(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    /** A request as it stands on the wire. */
    public String text(String method, String uri, String body, String... headers) {
        StringBuilder out = new StringBuilder(method + " " + uri + " RTSP/1.0\r\nCSeq: " + ++sequence + "\r\n");
        if (session != null) {
            out.append("Session: ").append(session).append("\r\n");
        }
        for (String header : headers) {
            out.append(header).append("\r\n");
        }
        if (!body.isEmpty()) {
            out.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        return out.append("\r\n").append(body).toString();
    }

    /** Says a request, and hears its answer. */
    public Answer ask(String method, String uri, String body, String... headers) throws IOException {
        raw(text(method, uri, body, headers).getBytes(StandardCharsets.UTF_8));
        return hear();
    }

    /** Hears the next answer; packets before it are kept. */
    public Answer hear() throws IOException {
        while (true) {
            in.mark(1);
            int first = in.read();
            if (first < 0) {
                throw new EOFException("closed instead of an answer");
            }
            if (first == '$') {
                frames.add(frame());
                continue;
            }
            in.reset();
            return answer();
        }
    }

    private Answer answer() throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("closed within an answer: " + head.toString(StandardCharsets.UTF_8));
            }
            head.write(next);
        }
        Answer bare = new Answer(0, head.toString(StandardCharsets.UTF_8));
        int length = bare.header("Content-Length").map(Integer::parseInt).orElse(0);
        head.write(in.readNBytes(length));
        bare.header("Session").ifPresent(said -> session = said.split(";", 2)[0]);
        String text = head.toString(StandardCharsets.UTF_8);
        return new Answer(Integer.parseInt(text.split(" ", 3)[1]), text);
    }

    private Frame frame() throws IOException {
        int channel = in.read();
        int length = in.read() << 8 | in.read();
        return new Frame(channel, in.readNBytes(length));
    }

    /** The next packet between messages. */
    public Frame nextFrame() throws IOException {
        while (frames.isEmpty()) {
            int first = in.read();
            if (first < 0) {
                throw new EOFException("closed instead of a packet");
            }
            if (first != '$') {
                throw new IOException("neither a packet nor asked for: " + (char) first);
            }
            frames.add(frame());
        }
        return frames.remove();
    }

    /** The next packet of a channel. */
    public Frame nextFrame(int channel) throws IOException {
        while (true) {
            Frame frame = nextFrame();
            if (frame.channel() == channel) {
                return frame;
            }
        }
    }

    /** ANNOUNCE of these media. */
    public Answer announce(String path, String media, String... headers) throws IOException {
        String[] all = new String[headers.length + 1];
        all[0] = "Content-Type: application/sdp";
        System.arraycopy(headers, 0, all, 1, headers.length);
        return ask("ANNOUNCE", uri(path), PREAMBLE + media, all);
    }

    public Answer setUp(String path, String transport) throws IOException {
        return ask("SETUP", uri(path), "", "Transport: " + transport);
    }

    /** All that a publisher of pictures and sound says before its media; answers what RECORD was answered. */
    public Answer publish(String path) throws IOException {
        Answer announced = announce(path, VIDEO + SOUND);
        if (announced.status() != 200) {
            return announced;
        }
        setUp(path + "/streamid=0", "RTP/AVP/TCP;unicast;interleaved=0-1;mode=record");
        setUp(path + "/streamid=1", "RTP/AVP/TCP;unicast;interleaved=2-3;mode=record");
        return ask("RECORD", uri(path), "", "Range: npt=0.000-");
    }

    /** The packet of a picture of one NAL unit, in its order. */
    public byte[] picture(boolean key, long millis) throws IOException {
        return rtp(96, true, millis * 90, picture(key));
    }

    private static byte[] picture(boolean key) {
        byte[] slice = new byte[40];
        slice[0] = (byte) (key ? 0x65 : 0x41);
        slice[1] = (byte) 0x88; // the first of its picture
        return slice;
    }

    /** The packet of 100 ms of sound. */
    public byte[] sound(long millis) throws IOException {
        return rtp(8, false, millis * 8, new byte[800]);
    }

    /** A packet with the next number. */
    public byte[] rtp(int payloadType, boolean marker, long timestamp, byte[] payload) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeByte(0x80);
        out.writeByte((marker ? 0x80 : 0) | payloadType);
        out.writeShort(numbers[payloadType]++);
        out.writeInt((int) timestamp);
        out.writeInt(0x1234);
        out.write(payload);
        return bytes.toByteArray();
    }

    /** A packet as it stands between messages. */
    public static byte[] framed(int channel, byte[] packet) {
        byte[] all = new byte[packet.length + 4];
        all[0] = '$';
        all[1] = (byte) channel;
        all[2] = (byte) (packet.length >> 8);
        all[3] = (byte) packet.length;
        System.arraycopy(packet, 0, all, 4, packet.length);
        return all;
    }

    public void send(int channel, byte[] packet) throws IOException {
        raw(framed(channel, packet));
    }

    /** Pictures, ten a second, the first of all a key frame with a little sound; from and to count them. */
    public void pictures(int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            send(0, picture(i == 0, 100L * i));
            if (i == 0) {
                send(2, sound(0)); // with both kinds it is known at once what the stream is of
            }
        }
    }

    /** Reads to the end of the connection. */
    public void awaitClose() throws IOException {
        try {
            in.readAllBytes();
        } catch (SocketException reset) {
            // closed all the same
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
