// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.endpoint.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** A client that publishes by HTTP/1.1, byte by byte as a test wants it. */
final class Upload implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final OutputStream out;
    private final InputStream in;

    Upload(int port) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        out = socket.getOutputStream();
        in = socket.getInputStream();
    }

    /** Sends the head of a request whose body comes in chunks. */
    Upload begin(String method, String target, String... headers) throws IOException {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: x\r\n");
        for (String header : headers) {
            head.append(header).append("\r\n");
        }
        if (!head.toString().contains("Content-Length")) {
            head.append("Transfer-Encoding: chunked\r\n");
        }
        raw(head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    void raw(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void chunk(byte[] bytes, int from, int length) throws IOException {
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        chunk.write(bytes, from, length);
        chunk.writeBytes(new byte[] {'\r', '\n'});
        raw(chunk.toByteArray());
    }

    /** Sends bytes in chunks of any sizes. */
    Upload body(byte[] bytes, Random cuts) throws IOException {
        int at = 0;
        while (at < bytes.length) {
            int length = Math.min(bytes.length - at, 1 + cuts.nextInt(3_000));
            chunk(bytes, at, length);
            at += length;
        }
        return this;
    }

    /** The end of the body. */
    Upload end() throws IOException {
        raw("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return this;
    }

    /** Everything that is answered until the server closes. */
    String answer() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** The next line that is answered. */
    String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
