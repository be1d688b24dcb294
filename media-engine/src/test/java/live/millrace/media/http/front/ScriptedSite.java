// SPDX-License-Identifier: Apache-2.0
package live.millrace.media.http.front;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A site of sockets: keeps every byte that it is asked with, and answers by the path alone, in bytes that the test wrote down. */
final class ScriptedSite implements AutoCloseable {
    /** What is done with a connection once a request's head, and what Content-Length says of a body, was read. */
    interface Answer {
        /** @return whether another request may come on the connection */
        boolean to(Asked asked, Socket socket) throws IOException;
    }

    /** One request, as it came. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Asked(String head, byte[] body) {
        String line() {
            return head.substring(0, head.indexOf("\r\n"));
        }

        /** All values of a header. */
        List<String> values(String name) {
            return head.lines()
                    .skip(1)
                    .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .toList();
        }
    }

    private final ServerSocket listening;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Socket> sockets = new ArrayList<>();
    final Queue<Asked> asked = new ConcurrentLinkedQueue<>();
    final AtomicInteger connections = new AtomicInteger();

    ScriptedSite() throws IOException {
        listening = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        threads.execute(this::accept);
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listening.getLocalSocketAddress();
    }

    /** Answers a path with these bytes. */
    ScriptedSite says(String path, String bytes) {
        return does(path, (_, socket) -> {
            socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
            return true;
        });
    }

    ScriptedSite does(String path, Answer answer) {
        answers.put(path, answer);
        return this;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listening.accept();
                connections.incrementAndGet();
                synchronized (sockets) {
                    sockets.add(socket);
                }
                threads.execute(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the end of the test
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            boolean goesOn = true;
            while (goesOn) {
                String head = head(socket.getInputStream());
                if (head.isEmpty()) {
                    return;
                }
                Asked one = new Asked(head, new byte[0]);
                String length =
                        one.values("Content-Length").stream().findFirst().orElse("0");
                Asked whole = one.values("Expect").isEmpty()
                        ? new Asked(head, socket.getInputStream().readNBytes(Integer.parseInt(length)))
                        : one;
                asked.add(whole);
                String path = head.split(" ", 3)[1].split("\\?", 2)[0];
                goesOn = answers.getOrDefault(path, (_, _) -> false).to(whole, socket);
            }
        } catch (IOException gone) {
            // as clients do
        }
    }

    private static String head(InputStream in) throws IOException {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int next = in.read(); next >= 0; next = in.read()) {
            head.write(next);
            if (head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                return head.toString(StandardCharsets.ISO_8859_1);
            }
        }
        return "";
    }

    /** What comes in chunks, up to its end. */
    static byte[] chunks(InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line(in), 16);
            body.write(in.readNBytes(size));
            line(in);
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the end");
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
        return line.toString();
    }

    static void write(OutputStream out, String bytes) throws IOException {
        out.write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    /** Closes what waits for another request. */
    void closeConnections() throws IOException {
        synchronized (sockets) {
            for (Socket socket : sockets) {
                socket.close();
            }
            sockets.clear();
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        closeConnections();
        threads.shutdownNow();
    }
}
