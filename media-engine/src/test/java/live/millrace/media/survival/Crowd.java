// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.survival;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import live.millrace.media.amf.AmfValue;
import live.millrace.media.testing.HlsReader;
import live.millrace.media.testing.MediaScript;
import live.millrace.media.testing.ParsedPlaylist;
import live.millrace.media.testing.RtmpScript;

/**
 * Viewers of every kind of one channel, and its publisher, which leaves for a moment every two minutes. Who gets nothing for half a
 * minute is a fault.
 */
final class Crowd {
    private static final int PATIENCE_MILLIS = 30_000;
    private static final int TICKS_OF_A_SESSION = 120 * 25;

    private static final String UPGRADE = String.join(
            "\r\n",
            "Connection: Upgrade",
            "Upgrade: websocket",
            "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
            "");

    private final int rtmpPort;
    private final int httpPort;
    private final String channel;
    private final BooleanSupplier goesOn;
    private final Collection<String> faults;
    private final Map<String, LongAdder> received = new LinkedHashMap<>();

    Crowd(int rtmpPort, int httpPort, String channel, BooleanSupplier goesOn, Collection<String> faults) {
        this.rtmpPort = rtmpPort;
        this.httpPort = httpPort;
        this.channel = channel;
        this.goesOn = goesOn;
        this.faults = faults;
    }

    /** One try to watch; counts what came. Returns or throws when the stream breaks off. */
    @FunctionalInterface
    private interface Kind {
        void watch(LongAdder bytes) throws Exception;
    }

    /** Starts the publisher, and so many viewers of each kind, on threads of their own that end with the time. */
    void start(int ofEach) {
        Thread.ofVirtual().start(this::publish);
        start("rtmp", ofEach, this::rtmp);
        for (String format : new String[] {"flv", "ts", "mp4"}) {
            start("http " + format, ofEach, bytes -> http("/live/" + channel + "." + format, "", bytes));
            start("websocket " + format, ofEach, bytes -> http("/live/" + channel + "." + format, UPGRADE, bytes));
        }
        start("ll-hls", ofEach, this::lowLatency);
        start("hls ts", ofEach, bytes -> polling("/live/" + channel + ".ts.m3u8", bytes));
        start("dash", ofEach, this::dash);
    }

    /** Bytes of media by kind. */
    Map<String, LongAdder> received() {
        return received;
    }

    private void start(String name, int ofEach, Kind kind) {
        LongAdder bytes = new LongAdder();
        received.put(name, bytes);
        for (int i = 0; i < ofEach; i++) {
            Thread.ofVirtual().start(() -> {
                while (goesOn.getAsBoolean()) {
                    try {
                        kind.watch(bytes);
                    } catch (SocketTimeoutException e) {
                        faults.add(name + " got nothing for half a minute");
                    } catch (Exception | AssertionError e) {
                        if (!(e instanceof IOException)) {
                            faults.add(name + ": " + e);
                        }
                    }
                    pause(1_000);
                }
            });
        }
    }

    private static void pause(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }

    private void publish() {
        while (goesOn.getAsBoolean()) {
            try (RtmpScript script = new RtmpScript(rtmpPort).handshake().connect("live")) {
                script.publish(channel);
                MediaScript media = new MediaScript(script).headers();
                long start = System.nanoTime();
                for (int i = 0; i < TICKS_OF_A_SESSION && goesOn.getAsBoolean(); i++) {
                    media.run(40, true, true);
                    LockSupport.parkNanos(start + i * 40_000_000L - System.nanoTime());
                }
            } catch (IOException e) {
                faults.add("the crowd's publisher was cut off: " + e);
            }
            pause(2_000);
        }
    }

    private void drain(Socket socket, LongAdder bytes) throws IOException {
        socket.setSoTimeout(PATIENCE_MILLIS);
        InputStream in = socket.getInputStream();
        byte[] buffer = new byte[16_384];
        for (int count = in.read(buffer); count >= 0 && goesOn.getAsBoolean(); count = in.read(buffer)) {
            bytes.add(count);
        }
    }

    private void rtmp(LongAdder bytes) throws IOException {
        try (RtmpScript script = new RtmpScript(rtmpPort).handshake().connect("live")) {
            script.command(0, "createStream", 2, AmfValue.NULL);
            script.command(1, "play", 3, AmfValue.NULL, AmfValue.of(channel));
            drain(script.socket(), bytes);
        }
    }

    private void http(String path, String headers, LongAdder bytes) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), httpPort)) {
            socket.getOutputStream()
                    .write(("GET " + path + " HTTP/1.1\r\nHost: engine\r\n" + headers + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            drain(socket, bytes);
        }
    }

    private static byte[] need(HlsReader reader, String path) throws Exception {
        var answer = reader.get(path);
        if (answer.statusCode() != 200) {
            throw new IOException(path + " answered " + answer.statusCode());
        }
        return answer.body();
    }

    private ParsedPlaylist playlist(HlsReader reader, String address) throws Exception {
        byte[] text = need(reader, address);
        return ParsedPlaylist.parse(URI.create("http://engine" + address), new String(text, StandardCharsets.UTF_8));
    }

    /** Both tracks part by part, with blocking reload. */
    private void lowLatency(LongAdder bytes) throws Exception {
        try (HlsReader reader = new HlsReader(httpPort)) {
            need(reader, "/live/" + channel + ".m3u8");
            long silentSince = System.nanoTime();
            String directives = "";
            String last = "";
            while (goesOn.getAsBoolean()) {
                ParsedPlaylist playlist = playlist(reader, "/live/" + channel + "/v0.m3u8" + directives);
                ParsedPlaylist.Entry newest = playlist.entries().getLast();
                if (!newest.parts().isEmpty() && !newest.parts().getLast().uri().equals(last)) {
                    last = newest.parts().getLast().uri();
                    bytes.add(need(reader, playlist.path(last)).length);
                    silentSince = System.nanoTime();
                }
                directives = newest.open()
                        ? "?_HLS_msn=" + newest.number() + "&_HLS_part="
                                + newest.parts().size()
                        : "?_HLS_msn=" + (newest.number() + 1) + "&_HLS_part=0";
                if (System.nanoTime() - silentSince > PATIENCE_MILLIS * 1_000_000L) {
                    throw new SocketTimeoutException();
                }
            }
        }
    }

    private void polling(String address, LongAdder bytes) throws Exception {
        try (HlsReader reader = new HlsReader(httpPort)) {
            long last = -1;
            long silentSince = System.nanoTime();
            while (goesOn.getAsBoolean()) {
                ParsedPlaylist playlist = playlist(reader, address);
                for (ParsedPlaylist.Entry segment : playlist.segments()) {
                    if (segment.number() > last) {
                        last = segment.number();
                        bytes.add(need(reader, playlist.path(segment.uri())).length);
                        silentSince = System.nanoTime();
                    }
                }
                if (System.nanoTime() - silentSince > PATIENCE_MILLIS * 1_000_000L) {
                    throw new SocketTimeoutException();
                }
                pause(1_000);
            }
        }
    }

    /** The manifest alone: its segments are those of HLS. */
    private void dash(LongAdder bytes) throws Exception {
        try (HlsReader reader = new HlsReader(httpPort)) {
            while (goesOn.getAsBoolean()) {
                bytes.add(need(reader, "/live/" + channel + ".mpd").length);
                pause(1_000);
            }
        }
    }
}
